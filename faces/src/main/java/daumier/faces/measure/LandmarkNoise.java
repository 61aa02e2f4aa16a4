package daumier.faces.measure;

import daumier.faces.Landmarks;
import java.util.Arrays;

/**
 * How uncertain landmarks are: the covariance of their 136 coordinates in square pixels of the
 * portrait frame, and how far the depth of real faces' points strays from the model's. As the head
 * turns, an unknown depth becomes an error in the picture.
 */
public final class LandmarkNoise {
    private static final int N = 2 * Landmarks.COUNT;

    /** Inverse covariance; one row of variances' inverses where points are independent. */
    private final double[][] precision;

    private final double depth;

    private LandmarkNoise(double[][] precision, double depth) {
        this.precision = precision;
        this.depth = depth;
    }

    /**
     * What 68-point networks say of photographs, in portrait pixels; the fit widens it as needed.
     * The depth, 14 mm of a face 140 mm wide, also stands for the networks' own errors on turned
     * heads.
     *
     * @return noise of 1.2 pixels, depth 0.2
     */
    public static LandmarkNoise photograph() {
        return isotropic(1.2).withDepth(0.2);
    }

    /**
     * The same noise of faces whose depth is known less well.
     *
     * @param sd standard deviation of a point's depth, in units of model space
     * @return the noise
     */
    public LandmarkNoise withDepth(double sd) {
        return new LandmarkNoise(precision, sd);
    }

    /**
     * How many times larger a point's variance is in a turned head.
     *
     * @param point index of the landmark
     * @param shift pixels by which a unit of depth moves a point there
     * @return 1 for a frontal head, or where the depth is known
     */
    double widening(int point, double shift) {
        double[] row = precision.length == 1 ? precision[0] : precision[2 * point];
        return 1 + depth * shift * depth * shift * row[2 * point];
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
        return new LandmarkNoise(new double[][] {p}, 0);
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
            return new LandmarkNoise(Dense.inverse(covariance), 0);
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
