package daumier.env;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Vectors of real numbers, each with its own bounds, made of named parts that follow one another.
 * The names let a policy file say which observation or action it was trained on.
 *
 * @param low lower bound of each value; may be negative infinity
 * @param high upper bound of each value; may be positive infinity
 * @param parts the named slices, in order, covering every value once
 */
public record Box(double[] low, double[] high, List<Part> parts) implements Space<double[]> {
    /**
     * A named slice of the vector.
     *
     * @param name unique in its box
     * @param offset index of the first value
     * @param size number of values, at least 1
     */
    public record Part(String name, int offset, int size) {
        /** Index after the last value. */
        public int end() {
            return offset + size;
        }
    }

    /** Checks that bounds are ordered and that the parts tile the vector. */
    public Box {
        if (low.length != high.length) {
            throw new IllegalArgumentException(
                    "A box needs as many lower as upper bounds, not "
                            + low.length
                            + " and "
                            + high.length
                            + ".");
        }
        for (int i = 0; i < low.length; i++) {
            if (!(low[i] <= high[i])) {
                throw new IllegalArgumentException(
                        "Value " + i + " has bounds [" + low[i] + ", " + high[i] + "].");
            }
        }
        low = low.clone();
        high = high.clone();
        parts = List.copyOf(parts);
        Set<String> names = new HashSet<>();
        int end = 0;
        for (Part part : parts) {
            if (part.offset() != end || part.size() < 1 || !names.add(part.name())) {
                throw new IllegalArgumentException(
                        "Part '" + part.name() + "' does not follow the one before it.");
            }
            end = part.end();
        }
        if (end != low.length) {
            throw new IllegalArgumentException(
                    "The parts cover " + end + " of " + low.length + " values.");
        }
    }

    /** A box of {@code size} values with the same bounds, as one part. */
    public static Box of(String name, int size, double low, double high) {
        return builder().part(name, size, low, high).build();
    }

    /** Starts a box that is made part by part. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects parts in order. */
    public static final class Builder {
        private final List<Part> parts = new ArrayList<>();
        private final List<Double> low = new ArrayList<>();
        private final List<Double> high = new ArrayList<>();

        private Builder() {}

        /** Appends {@code size} values that lie in [low, high]. */
        public Builder part(String name, int size, double lowest, double highest) {
            parts.add(new Part(name, low.size(), size));
            for (int i = 0; i < size; i++) {
                low.add(lowest);
                high.add(highest);
            }
            return this;
        }

        /** The finished box. */
        public Box build() {
            return new Box(
                    low.stream().mapToDouble(Double::doubleValue).toArray(),
                    high.stream().mapToDouble(Double::doubleValue).toArray(),
                    parts);
        }
    }

    /** Number of values in a vector. */
    public int size() {
        return low.length;
    }

    /**
     * The part called {@code name}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Part part(String name) {
        for (Part part : parts) {
            if (part.name().equals(name)) {
                return part;
            }
        }
        throw new IllegalArgumentException(
                "There is no part '" + name + "' in " + describe() + ".");
    }

    /** A copy of the values of the part called {@code name}. */
    public double[] slice(double[] vector, String name) {
        Part part = part(name);
        return Arrays.copyOfRange(vector, part.offset(), part.end());
    }

    /** A copy of {@code value} with every entry moved into its bounds. */
    public double[] clip(double[] value) {
        double[] clipped = new double[value.length];
        for (int i = 0; i < value.length; i++) {
            clipped[i] = Math.min(Math.max(value[i], low[i]), high[i]);
        }
        return clipped;
    }

    @Override
    public boolean contains(double[] value) {
        if (value.length != low.length) {
            return false;
        }
        for (int i = 0; i < value.length; i++) {
            if (!(value[i] >= low[i] && value[i] <= high[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Even between finite bounds; where a side is open, exponential from the closed side, or
     * standard normal if both are open (Gymnasium's rule).
     */
    @Override
    public double[] sample(RandomGenerator random) {
        double[] value = new double[low.length];
        for (int i = 0; i < value.length; i++) {
            boolean below = Double.isFinite(low[i]);
            boolean above = Double.isFinite(high[i]);
            if (below && above) {
                value[i] = low[i] + (high[i] - low[i]) * random.nextDouble();
            } else if (below) {
                value[i] = low[i] - Math.log1p(-random.nextDouble());
            } else if (above) {
                value[i] = high[i] + Math.log1p(-random.nextDouble());
            } else {
                value[i] = random.nextGaussian();
            }
        }
        return value;
    }

    @Override
    public String describe() {
        StringBuilder text = new StringBuilder().append(size()).append(" values (");
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            text.append(i == 0 ? "" : ", ").append(part.name());
            if (part.size() > 1) {
                text.append('[').append(part.size()).append(']');
            }
        }
        return text.append(')').toString();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Box other
                && Arrays.equals(low, other.low)
                && Arrays.equals(high, other.high)
                && parts.equals(other.parts);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(low) + Arrays.hashCode(high)) + parts.hashCode();
    }

    @Override
    public String toString() {
        return describe();
    }
}
