package daumier.env;

import java.util.random.RandomGenerator;

/**
 * The whole numbers 0 to {@code size - 1}.
 *
 * @param size how many there are, at least 1
 */
public record Discrete(int size) implements Space<Integer> {
    /** Checks the size. */
    public Discrete {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "A discrete space needs at least one value, not " + size + ".");
        }
    }

    @Override
    public boolean contains(Integer value) {
        return value >= 0 && value < size;
    }

    @Override
    public Integer sample(RandomGenerator random) {
        return random.nextInt(size);
    }

    @Override
    public String describe() {
        return size + " choices";
    }
}
