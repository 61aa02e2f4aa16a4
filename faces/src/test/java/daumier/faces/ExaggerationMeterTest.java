package daumier.faces;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExaggerationMeterTest {
    private static final int SIZE = 2 * Landmarks.COUNT;
    private static final double[] UNIT = {10, 6, 6, 5, 4, 6};

    /** A face whose regions move its own landmarks in fixed random directions, bending a little. */
    private static MeterTarget.Geometry face(long seed) {
        Random rng = new Random(seed);
        float[] mean = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            mean[i] = 64 + 25 * (float) rng.nextGaussian();
        }
        int[][] parts = {{0, 17}, {6, 11}, {36, 48}, {17, 27}, {27, 36}, {48, 68}};
        double[][] way = new double[parts.length][SIZE];
        for (int r = 0; r < parts.length; r++) {
            for (int i = 2 * parts[r][0]; i < 2 * parts[r][1]; i++) {
                way[r][i] = 2 * rng.nextGaussian();
            }
        }
        return (gain, yaw, pitch, expression) -> {
            float[] xy = mean.clone();
            for (int r = 0; r < parts.length; r++) {
                double g = gain[MeterTarget.slot(MeterTarget.REGIONS.get(r))];
                double clipped = g < 0.5 ? g : 0.5 + Math.tanh(g - 0.5);
                for (int i = 0; i < SIZE; i++) {
                    xy[i] += (float) (way[r][i] * clipped);
                }
            }
            for (int i = 0; i < Landmarks.COUNT; i++) {
                xy[2 * i] += (float) (yaw * 20 * Math.sin(i));
                xy[2 * i + 1] += (float) (pitch * 20 * Math.cos(i) + expression[0] * (i % 3));
            }
            return new Landmarks(xy);
        };
    }

    private static double[][] diagonal(int n, double v) {
        double[][] d = new double[n][n];
        for (int i = 0; i < n; i++) {
            d[i][i] = v;
        }
        return d;
    }

    private static ExaggerationMeter meter(double variance) {
        return new ExaggerationMeter(diagonal(SIZE, variance), diagonal(6, 1), UNIT, new double[6]);
    }

    /** All regions of one face pushed together, shifted and turned, with noise. */
    private static Landmarks picture(
            MeterTarget.Geometry face, double[] gains, double noise, Random rng) {
        double[] none = new double[FaceRegion.values().length];
        float[] start = face.at(none, 0.02, -0.02, new double[] {0.2}).xy();
        float[] xy = start.clone();
        for (int r = 0; r < gains.length; r++) {
            double[] one = none.clone();
            one[MeterTarget.slot(MeterTarget.REGIONS.get(r))] = gains[r];
            float[] end = face.at(one, 0.02, -0.02, new double[] {0.2}).xy();
            for (int i = 0; i < SIZE; i++) {
                xy[i] += end[i] - start[i];
            }
        }
        for (int i = 0; i < SIZE; i++) {
            xy[i] += (float) ((i % 2 == 0 ? 1.5 : -1) + noise * rng.nextGaussian());
        }
        return new Landmarks(xy);
    }

    @Test
    void knownPushesAreReadBack() {
        double[] gains = {0.4, -0.3, 1.2, 0, 0.8, 1.6};
        MeterTarget.Geometry face = face(4);
        MeterTarget target = new MeterTarget(face, 1, UNIT);
        Landmarks seen = picture(face, gains, 0, new Random(1));
        ExaggerationMeter.Reading reading = meter(0.01).read(target, seen);
        assertArrayEquals(target.moved(gains), reading.moved(), 0.03);
        assertArrayEquals(gains, reading.gain(), 0.1);
    }

    @Test
    void errorBarsHoldWhatTheyPromise() {
        double noise = 1.0;
        MeterTarget.Geometry face = face(5);
        MeterTarget target = new MeterTarget(face, 1, UNIT);
        ExaggerationMeter meter = meter(noise * noise);
        double[] gains = {0.2, 0.2, 0.3, 0.4, 0.1, 0.3};
        double[] truth = target.moved(gains);
        Random rng = new Random(8);
        double[] square = new double[6];
        double[] sigma = new double[6];
        int n = 200;
        for (int k = 0; k < n; k++) {
            ExaggerationMeter.Reading r = meter.read(target, picture(face, gains, noise, rng));
            for (int i = 0; i < 6; i++) {
                square[i] += Math.pow((r.moved()[i] - truth[i]) / r.sigma()[i], 2) / n;
                sigma[i] = r.sigma()[i];
            }
        }
        for (int i = 0; i < 6; i++) {
            assertTrue(square[i] > 0.7 && square[i] < 1.35, "region " + i + ": " + square[i]);
            assertTrue(sigma[i] < 1);
        }
    }

    @Test
    void aFaceThatIsMovedAlongItsWayIsReadWhereItWasToGo() {
        MeterTarget target = new MeterTarget(face(8), 1, UNIT);
        double[] from = target.moved(new double[] {0.2, 2.4, 0, -0.4, 2.3, 0.9});
        double[] to = from.clone();
        double[] by = {1, 1.2, 0, -0.5, 0.7, -1.4};
        Arrays.setAll(to, r -> from[r] + by[r]);
        float[] xy = picture(face(8), target.gain(from), 0, new Random(1)).xy();
        double[] way = target.way(from, to);
        for (int i = 0; i < SIZE; i++) {
            xy[i] += (float) way[i];
        }
        // Some goals lie beyond the largest gain, where shapes would have clipped.
        assertTrue(to[1] > target.moved(new double[] {0, 2.5, 0, 0, 0, 0})[1] + 1);
        assertArrayEquals(to, meter(0.01).read(target, new Landmarks(xy)).moved(), 0.02);
        assertArrayEquals(new double[SIZE], target.way(from, from));
    }

    @Test
    void gainsAndMovesTranslate() {
        MeterTarget target = new MeterTarget(face(6), 1, UNIT);
        double[] gains = {-0.5, 0, 0.25, 0.7, 1.3, 2};
        assertArrayEquals(gains, target.gain(target.moved(gains)), 1e-6);
        assertEquals(0, target.moved(new double[6])[2], 1e-12);
        double[] lengths = MeterTarget.lengths(face(6), 1);
        assertTrue(Arrays.stream(lengths).allMatch(l -> l > 1));
    }

    @Test
    void aFileKeepsWhichRegionsAreTrusted(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("meter.json");
        boolean[] some = {true, false, true, false, true, true};
        meter(0.5).save(file);
        assertArrayEquals(
                new boolean[] {true, true, true, true, true, true},
                ExaggerationMeter.open(file).trusted());
        meter(0.5).trusting(some).save(file);
        assertArrayEquals(some, ExaggerationMeter.open(file).trusted());
        assertThrows(
                IllegalArgumentException.class, () -> meter(0.5).trusting(new boolean[] {true}));
    }
}
