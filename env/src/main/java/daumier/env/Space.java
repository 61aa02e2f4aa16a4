package daumier.env;

import java.util.random.RandomGenerator;

/**
 * The set of values that an observation or an action may take.
 *
 * @param <A> the type of one value
 */
public sealed interface Space<A> permits Box, Discrete {
    /** Whether {@code value} lies in this space. */
    boolean contains(A value);

    /** One value, drawn evenly where the space is bounded. */
    A sample(RandomGenerator random);

    /** One line for people, with the number of values and their names. */
    String describe();
}
