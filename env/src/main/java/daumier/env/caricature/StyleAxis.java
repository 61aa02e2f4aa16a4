package daumier.env.caricature;

import java.util.Arrays;
import java.util.Objects;

/**
 * How far a look has gone from drawings without a LoRA to drawings at its full weight, measured
 * along one direction of a style network's features: Fisher's discriminant with a diagonal
 * covariance, which a dozen pictures suffice for.
 *
 * @param name of the LoRA
 * @param origin features of drawings without it, on average
 * @param direction from there; the level is {@code (features - origin) . direction}, 0 without the
 *     LoRA and 1 at its full weight, on average
 */
record StyleAxis(String name, double[] origin, double[] direction) {
    /** Features that hardly vary among people must not decide everything. */
    private static final double LEAST_SHARE = 0.05;

    /** An axis that reads 0 everywhere, until there are drawings to fit one to. */
    static StyleAxis none(String name) {
        return new StyleAxis(name, new double[0], new double[0]);
    }

    /**
     * Fits an axis.
     *
     * @param without (pictures, features) of drawings without the LoRA, at least 2
     * @param with the same people and seeds at weight 1
     * @throws IllegalArgumentException if both look the same, in one sentence
     */
    static StyleAxis fit(String name, float[][] without, float[][] with) {
        double[] from = mean(without);
        double[] to = mean(with);
        double[] spread = new double[from.length];
        double total = 0;
        for (int k = 0; k < spread.length; k++) {
            for (int i = 0; i < without.length; i++) {
                spread[k] += square(without[i][k] - from[k]) + square(with[i][k] - to[k]);
            }
            spread[k] /= 2 * (without.length - 1);
            total += spread[k];
        }
        double least = Math.max(1e-12, LEAST_SHARE * total / spread.length);
        double[] direction = new double[spread.length];
        double length = 0;
        for (int k = 0; k < direction.length; k++) {
            direction[k] = (to[k] - from[k]) / (spread[k] + least);
            length += direction[k] * (to[k] - from[k]);
        }
        if (!(length > 1e-9)) {
            throw new IllegalArgumentException(
                    "The LoRA '%s' changes nothing that can be seen at weight 1: it may be one for another model."
                            .formatted(name));
        }
        for (int k = 0; k < direction.length; k++) {
            direction[k] /= length;
        }
        return new StyleAxis(name, from, direction);
    }

    /** The level of one picture. */
    float level(float[] features) {
        double level = 0;
        for (int k = 0; k < direction.length; k++) {
            level += (features[k] - origin[k]) * direction[k];
        }
        return (float) level;
    }

    private static double[] mean(float[][] rows) {
        double[] mean = new double[rows[0].length];
        for (float[] row : rows) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += row[k] / rows.length;
            }
        }
        return mean;
    }

    private static double square(double v) {
        return v * v;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof StyleAxis other
                && name.equals(other.name)
                && Arrays.equals(origin, other.origin)
                && Arrays.equals(direction, other.direction);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(direction));
    }
}
