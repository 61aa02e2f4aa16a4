package daumier.faces;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final int STEPS = 8;
    private static final double[] STARTS = {0, 0.8, -0.3};
    private static final double LARGEST_STEP = 0.6;
    private static final double SMALLEST_STEP = 1e-3;

    /** Prior widths: how far regions move at all, and the nuisances in MeterTarget's order. */
    private static final double MOVED_SD = 3;

    private static final double[] NUISANCE_SD = {2, 2, 0.04, 0.04, 0.06, 0.05};
    private static final double EXPRESSION_SD = 0.15;

    private final double[][] covariance;
    private final double[][] precision;
    private final double[][] calibration;
    private final double[][] uncalibrate;
    private final double[] medianLength;
    private final double[] noise;
    private final boolean[] trusted;

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
        this(covariance, calibration, medianLength, noise, all());
    }

    private ExaggerationMeter(
            double[][] covariance,
            double[][] calibration,
            double[] medianLength,
            double[] noise,
            boolean[] trusted) {
        this.covariance = covariance;
        precision = LinearAlgebra.inverse(covariance);
        this.calibration = calibration;
        uncalibrate = LinearAlgebra.inverse(calibration);
        this.medianLength = medianLength.clone();
        this.noise = noise.clone();
        this.trusted = trusted.clone();
    }

    private static boolean[] all() {
        boolean[] all = new boolean[REGIONS];
        Arrays.fill(all, true);
        return all;
    }

    /** What a file holds: float precision is enough. */
    private record Stored(
            float[][] covariance,
            double[][] calibration,
            double[] medianLength,
            double[] noise,
            boolean[] trusted) {}

    /**
     * Reads a meter.
     *
     * @param file a .json file of {@link #save}
     * @throws IOException if the file is missing or holds no meter
     */
    public static ExaggerationMeter open(Path file) throws IOException {
        try {
            Stored s = new Gson().fromJson(Files.readString(file), Stored.class);
            if (s == null || s.covariance() == null || s.covariance().length != SIZE) {
                throw new IOException(file + " is no exaggeration meter.");
            }
            double[][] covariance = new double[SIZE][SIZE];
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    covariance[i][j] = s.covariance()[i][j];
                }
            }
            return new ExaggerationMeter(
                    covariance,
                    s.calibration(),
                    s.medianLength(),
                    s.noise(),
                    s.trusted() == null ? all() : s.trusted());
        } catch (JsonParseException e) {
            throw new IOException(file + " is no exaggeration meter.", e);
        }
    }

    /** Writes the meter as JSON. */
    public void save(Path file) throws IOException {
        float[][] rounded = new float[SIZE][SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                rounded[i][j] = (float) (Math.round(covariance[i][j] * 1e5) / 1e5);
            }
        }
        Stored s = new Stored(rounded, calibration, medianLength, noise, trusted);
        Files.writeString(file, new Gson().toJson(s));
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

    /**
     * Which regions are measured well enough to be paid for, by region: all of them, unless {@link
     * #trusting} said otherwise. Readings of the others are given all the same.
     */
    public boolean[] trusted() {
        return trusted.clone();
    }

    /**
     * The same meter with a judgement of its regions.
     *
     * @param regions for each region whether it is measured well enough to be paid for
     */
    public ExaggerationMeter trusting(boolean[] regions) {
        if (regions.length != REGIONS) {
            throw new IllegalArgumentException(
                    "Judge %d regions, not %d.".formatted(REGIONS, regions.length));
        }
        return new ExaggerationMeter(covariance, calibration, medianLength, noise, regions);
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
        double[] best = null;
        double least = Double.POSITIVE_INFINITY;
        // Where a path has a sharp bend, steps from one side may not find the other.
        for (double start : STARTS) {
            double[] u = steps(target, change, start);
            double cost = cost(target, change, u);
            if (cost < least) {
                least = cost;
                best = u;
            }
        }
        System.arraycopy(best, 0, raw, 0, REGIONS);
        double[][] rows = rows(target, best);
        double[][] all =
                LinearAlgebra.inverse(normal(rows, LinearAlgebra.multiply(rows, precision)));
        double[][] posterior = new double[REGIONS][];
        for (int r = 0; r < REGIONS; r++) {
            posterior[r] = Arrays.copyOf(all[r], REGIONS);
        }
        return posterior;
    }

    /** Gauss-Newton steps with all regions starting at one place. */
    private double[] steps(MeterTarget target, double[] change, double start) {
        double[] u = new double[REGIONS + target.nuisance().length];
        Arrays.fill(u, 0, REGIONS, start);
        for (int step = 0; step < STEPS; step++) {
            double[][] rows = rows(target, u);
            double[][] weighted = LinearAlgebra.multiply(rows, precision);
            double[] residual = residual(target, change, u);
            double[] right = LinearAlgebra.multiply(weighted, residual);
            for (int k = 0; k < u.length; k++) {
                right[k] -= prior(k) * u[k];
            }
            double[] by = LinearAlgebra.solve(normal(rows, weighted), right);
            double most = 0;
            for (int k = 0; k < u.length; k++) {
                double limit = k < REGIONS ? LARGEST_STEP : Double.POSITIVE_INFINITY;
                double d = Math.max(-limit, Math.min(limit, by[k]));
                u[k] += d;
                most = k < REGIONS ? Math.max(most, Math.abs(d)) : most;
            }
            if (most < SMALLEST_STEP) {
                break;
            }
        }
        return u;
    }

    /** Directions of the regions where they are, then the nuisances: rows of 136. */
    private static double[][] rows(MeterTarget target, double[] u) {
        double[][] nuisance = target.nuisance();
        double[][] rows = new double[u.length][];
        System.arraycopy(nuisance, 0, rows, REGIONS, nuisance.length);
        for (int r = 0; r < REGIONS; r++) {
            rows[r] = target.direction(r, u[r]);
        }
        return rows;
    }

    private static double[][] normal(double[][] rows, double[][] weighted) {
        double[][] normal = new double[rows.length][rows.length];
        for (int k = 0; k < rows.length; k++) {
            for (int j = 0; j <= k; j++) {
                normal[k][j] = LinearAlgebra.dot(weighted[k], rows[j]);
                normal[j][k] = normal[k][j];
            }
            normal[k][k] += prior(k);
        }
        return normal;
    }

    private static double[] residual(MeterTarget target, double[] change, double[] u) {
        double[] residual = change.clone();
        double[][] nuisance = target.nuisance();
        for (int k = 0; k < u.length; k++) {
            double[] there = k < REGIONS ? target.displacement(k, u[k]) : nuisance[k - REGIONS];
            double times = k < REGIONS ? 1 : u[k];
            for (int i = 0; i < SIZE; i++) {
                residual[i] -= times * there[i];
            }
        }
        return residual;
    }

    private double cost(MeterTarget target, double[] change, double[] u) {
        double[] residual = residual(target, change, u);
        double cost = LinearAlgebra.dot(residual, LinearAlgebra.multiply(precision, residual));
        for (int k = 0; k < u.length; k++) {
            cost += prior(k) * u[k] * u[k];
        }
        return cost;
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
