package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A task for a policy, with the semantics of Gymnasium's {@code Env}.
 *
 * <ul>
 *   <li>{@link #reset} starts an episode. A seed restarts the environment's random stream; without
 *       one the stream goes on, so seed once and then reset without.
 *   <li>{@link #step} takes one action. When it reports {@code terminated} or {@code truncated} the
 *       episode is over and {@link #reset} must come next: there is no silent reset.
 *   <li>Every observation is a fresh array, never written again.
 *   <li>{@link #close} may be called twice.
 * </ul>
 *
 * @param <A> type of an action: {@code double[]} for a {@link Box}, {@code Integer} for {@link
 *     Discrete}
 */
public interface Environment<A> extends AutoCloseable {
    /** Where observations lie. */
    Box observationSpace();

    /** Where actions lie. */
    Space<A> actionSpace();

    /**
     * Starts an episode.
     *
     * @param seed restarts the random stream; empty lets it go on
     * @param options what the environment itself documents; unknown keys are ignored
     */
    ResetResult reset(OptionalLong seed, Map<String, Object> options);

    /** Starts an episode, the random stream going on. */
    default ResetResult reset() {
        return reset(OptionalLong.empty(), Map.of());
    }

    /** Takes one action. */
    StepResult step(A action);

    @Override
    void close();
}
