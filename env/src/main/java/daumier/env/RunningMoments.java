package daumier.env;

import java.util.Arrays;

/**
 * Mean and variance of a stream of vectors, batch by batch (Chan et al.'s parallel form of
 * Welford's algorithm, as Gymnasium's and stable-baselines3's RunningMeanStd). Starts from mean 0,
 * variance 1 with a weight of 1e-4, so that the first batch decides.
 */
public final class RunningMoments {
    private final double[] mean;
    private final double[] variance;
    private double count;

    /** Moments of vectors of {@code size} values. */
    public RunningMoments(int size) {
        mean = new double[size];
        variance = new double[size];
        reset();
    }

    private void reset() {
        Arrays.fill(mean, 0);
        Arrays.fill(variance, 1);
        count = 1e-4;
    }

    /** Takes in a batch of rows, which may be empty. */
    public void update(double[][] rows) {
        if (rows.length == 0) {
            return;
        }
        double total = count + rows.length;
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (double[] row : rows) {
                sum += row[i];
            }
            double batchMean = sum / rows.length;
            double squares = 0;
            for (double[] row : rows) {
                squares += (row[i] - batchMean) * (row[i] - batchMean);
            }
            double delta = batchMean - mean[i];
            double m2 = variance[i] * count + squares + delta * delta * count * rows.length / total;
            mean[i] += delta * rows.length / total;
            variance[i] = m2 / total;
        }
        count = total;
    }

    /** Number of values in a vector. */
    public int size() {
        return mean.length;
    }

    /** Mean of value {@code i}. */
    public double mean(int i) {
        return mean[i];
    }

    /** Variance (of the population) of value {@code i}. */
    public double variance(int i) {
        return variance[i];
    }

    /** How many vectors were taken in, plus 1e-4. */
    public double count() {
        return count;
    }

    /** Everything there is to keep: the means, the variances and the count, one after another. */
    public double[] state() {
        double[] state = Arrays.copyOf(mean, 2 * mean.length + 1);
        System.arraycopy(variance, 0, state, mean.length, variance.length);
        state[2 * mean.length] = count;
        return state;
    }

    /** Puts back what {@link #state()} gave. */
    public void restore(double[] state) {
        if (state.length != 2 * mean.length + 1) {
            throw new IllegalArgumentException(
                    "These statistics are of "
                            + (state.length - 1) / 2
                            + " values, not of "
                            + mean.length
                            + ".");
        }
        System.arraycopy(state, 0, mean, 0, mean.length);
        System.arraycopy(state, mean.length, variance, 0, mean.length);
        count = state[2 * mean.length];
    }
}
