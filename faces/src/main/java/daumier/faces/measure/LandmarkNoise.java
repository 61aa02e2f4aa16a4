package daumier.faces.measure;

import daumier.faces.Landmarks;
import java.util.Arrays;

/**
 * How uncertain landmarks are: the covariance of their 136 coordinates in square pixels of the
 * portrait frame.
 */
public final class LandmarkNoise {
    private static final int N = 2 * Landmarks.COUNT;

    /** Inverse covariance; one row of variances' inverses where points are independent. */
    private final double[][] precision;

    private LandmarkNoise(double[][] precision) {
        this.precision = precision;
    }

    /**
     * The same independent noise everywhere.
     *
     * @param sd standard deviation of each coordinate in pixels, above 0
     * @return the noise
     */
    public static LandmarkNoise isotropic(double sd) {
        double[] all = new double[Landmarks.COUNT];
        Arrays.fill(all, sd);
        return independent(all);
    }

    /**
     * Independent noise, different from point to point.
     *
     * @param sd standard deviation of both coordinates of each of the 68 points, above 0
     * @return the noise
     */
    public static LandmarkNoise independent(double[] sd) {
        double[] p = new double[N];
        for (int i = 0; i < N; i++) {
            p[i] = 1 / (sd[i / 2] * sd[i / 2]);
        }
        return new LandmarkNoise(new double[][] {p});
    }

    /**
     * Noise that is correlated between points, as landmark networks' errors are.
     *
     * @param covariance 136 x 136, positive definite, in the order x0, y0, x1, ...
     * @return the noise
     * @throws IllegalArgumentException if the matrix has another size or is not positive definite
     */
    public static LandmarkNoise correlated(double[][] covariance) {
        if (covariance.length != N) {
            throw new IllegalArgumentException(
                    "A covariance of 68 landmarks is 136 x 136, not " + covariance.length + ".");
        }
        try {
            return new LandmarkNoise(Dense.inverse(covariance));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "The covariance of the landmarks is not positive definite.", e);
        }
    }

    /** An inverse covariance as a linear map. */
    @FunctionalInterface
    interface Precision {
        double[] times(double[] v);
    }

    /** Inverse covariance with the share {@code weight[i]} of point i's information kept. */
    Precision precision(double[] weight) {
        double[] root = new double[N];
        for (int i = 0; i < N; i++) {
            root[i] = Math.sqrt(weight[i / 2]);
        }
        return precision.length == 1 ? v -> diagonal(root, v) : v -> full(root, v);
    }

    private double[] diagonal(double[] root, double[] v) {
        double[] out = new double[N];
        for (int i = 0; i < N; i++) {
            out[i] = precision[0][i] * root[i] * root[i] * v[i];
        }
        return out;
    }

    private double[] full(double[] root, double[] v) {
        double[] scaled = new double[N];
        for (int i = 0; i < N; i++) {
            scaled[i] = root[i] * v[i];
        }
        double[] out = new double[N];
        for (int i = 0; i < N; i++) {
            double s = 0;
            for (int j = 0; j < N; j++) {
                s += precision[i][j] * scaled[j];
            }
            out[i] = root[i] * s;
        }
        return out;
    }
}
