package daumier.env;

import java.util.Arrays;

/**
 * Brings each value of an observation to mean 0 and variance 1, as seen so far, and clips it. While
 * frozen it applies what it knows and learns nothing: an evaluation must neither change nor be
 * changed by it.
 */
public final class ObservationNormalizer {
    private static final double EPSILON = 1e-8;

    private final RunningMoments moments;
    private final double clip;
    private boolean frozen;

    /**
     * A normaliser that knows nothing yet.
     *
     * @param size values in an observation
     * @param clip results lie in [-clip, clip]; above 0
     */
    public ObservationNormalizer(int size, double clip) {
        if (!(clip > 0)) {
            throw new IllegalArgumentException("The clip must be above 0, not " + clip + ".");
        }
        moments = new RunningMoments(size);
        this.clip = clip;
    }

    /** Stops or resumes learning. */
    public void setFrozen(boolean frozen) {
        this.frozen = frozen;
    }

    /** Whether it has stopped learning. */
    public boolean isFrozen() {
        return frozen;
    }

    /** Learns from {@code rows} unless frozen. */
    public void observe(double[][] rows) {
        if (!frozen) {
            moments.update(rows);
        }
    }

    /** Normalised copies of {@code rows}; learns nothing. */
    public double[][] apply(double[][] rows) {
        double[][] result = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            result[i] = apply(rows[i]);
        }
        return result;
    }

    /** A normalised copy of {@code row}; learns nothing. */
    public double[] apply(double[] row) {
        double[] result = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            double z = (row[i] - moments.mean(i)) / Math.sqrt(moments.variance(i) + EPSILON);
            result[i] = Math.min(Math.max(z, -clip), clip);
        }
        return result;
    }

    /** The space of normalised observations, with the same named parts. */
    public Box space(Box raw) {
        double[] high = new double[raw.size()];
        double[] low = new double[raw.size()];
        Arrays.fill(high, clip);
        Arrays.fill(low, -clip);
        return new Box(low, high, raw.parts());
    }

    /** The statistics, for a file. */
    public double[] state() {
        return moments.state();
    }

    /** Puts back statistics. */
    public void restore(double[] state) {
        moments.restore(state);
    }
}
