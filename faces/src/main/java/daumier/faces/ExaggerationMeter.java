package daumier.faces;

import java.util.Arrays;

/**
 * How far each region of a picture has moved along the subject's own exaggeration path, with an
 * error bar. Measured landmarks are explained by generalised least squares as the subject's own
 * landmarks, moved along the path of each region, shifted, scaled, tilted, turned and with another
 * expression (all with prior widths), plus errors of the landmark network with a known covariance;
 * the paths bend, so the solution is found by Gauss-Newton steps. What the network shrinks or mixes
 * is undone by a calibration matrix.
 *
 * <p>All regions are {@link MeterTarget#REGIONS}; units are {@link MeterTarget}'s {@code moved}
 * units, where the median subject's own displacement is 1.
 */
public final class ExaggerationMeter {
    private static final int SIZE = 2 * Landmarks.COUNT;
    private static final int REGIONS = MeterTarget.REGIONS.size();
    private static final int STEPS = 5;

    /** Prior widths: how far regions move at all, and the nuisances in MeterTarget's order. */
    private static final double MOVED_SD = 3;

    private static final double[] NUISANCE_SD = {2, 2, 0.04, 0.04, 0.06, 0.05};
    private static final double EXPRESSION_SD = 0.35;

    private final double[][] covariance;
    private final double[][] precision;
    private final double[][] uncalibrate;
    private final double[] medianLength;
    private final double[] noise;

    /**
     * One reading.
     *
     * @param moved how far each region has moved
     * @param sigma standard deviation of {@code moved}: the larger of what the calibration renders
     *     showed for the region and what the landmark covariance says of this face
     * @param gain {@code moved} as the gain that would move this subject so far, -1 to 2.5
     */
    public record Reading(double[] moved, double[] sigma, double[] gain) {}

    /**
     * A calibrated meter.
     *
     * @param covariance 136 x 136: errors of measured landmark displacements in pixels
     * @param calibration 6 x 6: what an uncalibrated meter reads = calibration x truth
     * @param medianLength pixels that are 1 {@code moved} unit, by region
     * @param noise standard deviation of calibrated readings on known renders, by region
     */
    public ExaggerationMeter(
            double[][] covariance, double[][] calibration, double[] medianLength, double[] noise) {
        this.covariance = covariance;
        precision = LinearAlgebra.inverse(covariance);
        uncalibrate = LinearAlgebra.inverse(calibration);
        this.medianLength = medianLength.clone();
        this.noise = noise.clone();
    }

    /**
     * The same meter without its calibration matrix: what it reads from landmarks that are exactly
     * right is the definition of how far a region has moved.
     */
    public ExaggerationMeter exact() {
        double[][] unit = new double[REGIONS][REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            unit[r][r] = 1;
        }
        return new ExaggerationMeter(covariance, unit, medianLength, new double[REGIONS]);
    }

    /** Pixels that are 1 {@code moved} unit, by region: what {@link MeterTarget} is made with. */
    public double[] medianLength() {
        return medianLength.clone();
    }

    /** Standard deviation of readings on the renders the meter was calibrated with, by region. */
    public double[] noise() {
        return noise.clone();
    }

    /** 136 x 136: errors of measured landmark displacements in pixels. */
    public double[][] covariance() {
        return covariance;
    }

    /**
     * Reads one picture.
     *
     * @param target the face, in the pose and expression the picture should have
     * @param measured what the landmark network sees in the picture
     */
    public Reading read(MeterTarget target, Landmarks measured) {
        return read(target, measured, null);
    }

    /**
     * Reads one picture against a reference picture of the same face, whose landmark errors are
     * believed to be the same and are taken away.
     *
     * @param target the face, in the pose and expression the picture should have
     * @param measured what the landmark network sees in the picture
     * @param offset 136 values: landmarks measured less landmarks known, in the reference; or null
     */
    public Reading read(MeterTarget target, Landmarks measured, float[] offset) {
        double[] change = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            change[i] = measured.xy()[i] - target.reference()[i] - (offset == null ? 0 : offset[i]);
        }
        double[] raw = new double[REGIONS];
        double[][] posterior = solve(target, change, raw);
        double[] moved = LinearAlgebra.multiply(uncalibrate, raw);
        double[] sigma = new double[REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            double variance = 0;
            for (int i = 0; i < REGIONS; i++) {
                for (int j = 0; j < REGIONS; j++) {
                    variance += uncalibrate[r][i] * posterior[i][j] * uncalibrate[r][j];
                }
            }
            sigma[r] = Math.max(noise[r], Math.sqrt(Math.max(0, variance)));
        }
        return new Reading(moved, sigma, target.gain(moved));
    }

    /**
     * Solves a small regular system.
     *
     * @param matrix n x n
     * @param right n values
     * @return n values
     */
    public static double[] solve(double[][] matrix, double[] right) {
        return LinearAlgebra.solve(matrix, right);
    }

    /** Uncalibrated positions into {@code raw}; the posterior covariance comes back. */
    private double[][] solve(MeterTarget target, double[] change, double[] raw) {
        double[][] nuisance = target.nuisance();
        int n = REGIONS + nuisance.length;
        double[] u = new double[n];
        double[][] rows = new double[n][];
        System.arraycopy(nuisance, 0, rows, REGIONS, nuisance.length);
        double[][] normal = new double[n][n];
        for (int step = 0; step < STEPS; step++) {
            double[] residual = change.clone();
            for (int r = 0; r < REGIONS; r++) {
                rows[r] = target.direction(r, u[r]);
                double[] there = target.displacement(r, u[r]);
                for (int i = 0; i < SIZE; i++) {
                    residual[i] -= there[i];
                }
            }
            for (int k = REGIONS; k < n; k++) {
                for (int i = 0; i < SIZE; i++) {
                    residual[i] -= u[k] * rows[k][i];
                }
            }
            double[][] weighted = LinearAlgebra.multiply(rows, precision);
            double[] right = new double[n];
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++) {
                    normal[k][j] = LinearAlgebra.dot(weighted[k], rows[j]);
                }
                double prior = prior(k);
                normal[k][k] += prior;
                right[k] = LinearAlgebra.dot(weighted[k], residual) - prior * u[k];
            }
            double[] change1 = LinearAlgebra.solve(normal, right);
            for (int k = 0; k < n; k++) {
                u[k] += change1[k];
            }
        }
        System.arraycopy(u, 0, raw, 0, REGIONS);
        double[][] all = LinearAlgebra.inverse(normal);
        double[][] posterior = new double[REGIONS][];
        for (int r = 0; r < REGIONS; r++) {
            posterior[r] = Arrays.copyOf(all[r], REGIONS);
        }
        return posterior;
    }

    private static double prior(int k) {
        if (k < REGIONS) {
            return 1 / (MOVED_SD * MOVED_SD);
        }
        int i = k - REGIONS;
        double sd = i < NUISANCE_SD.length ? NUISANCE_SD[i] : EXPRESSION_SD;
        return 1 / (sd * sd);
    }
}
