package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Picture;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StyleAxisTest {
    private static final int PEOPLE = 6;
    private static final int FEATURES = 10;

    /** Two features change with the style, one of them noisily; all vary among people. */
    private static float[][] drawings(double weight, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] rows = new float[PEOPLE][FEATURES];
        for (float[] row : rows) {
            for (int k = 0; k < FEATURES; k++) {
                row[k] = (float) (0.2 * random.nextGaussian());
            }
            row[3] += (float) (2 * weight);
            row[7] += (float) (weight + random.nextGaussian());
        }
        return rows;
    }

    private static double mean(StyleAxis axis, float[][] rows) {
        double sum = 0;
        for (float[] row : rows) {
            sum += axis.level(row) / rows.length;
        }
        return sum;
    }

    @Test
    void readsNoneAndFullWeightAsZeroAndOneAndOthersBetween() {
        StyleAxis axis = StyleAxis.fit("mine", drawings(0, 1), drawings(1, 2));
        assertEquals(0, mean(axis, drawings(0, 1)), 1e-5);
        assertEquals(1, mean(axis, drawings(1, 2)), 1e-5);
        // Others than it was fitted to.
        assertEquals(0, mean(axis, drawings(0, 3)), 0.2);
        assertEquals(0.5, mean(axis, drawings(0.5, 4)), 0.2);
        assertEquals(1.3, mean(axis, drawings(1.3, 5)), 0.2);
    }

    @Test
    void trustsWhatIsSteadyMoreThanWhatIsNoisy() {
        StyleAxis axis = StyleAxis.fit("mine", drawings(0, 1), drawings(1, 2));
        assertTrue(Math.abs(axis.direction()[3]) > 5 * Math.abs(axis.direction()[7]));
    }

    @Test
    void loraThatDoesNothingIsRefused() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> StyleAxis.fit("mine", drawings(0, 1), drawings(0, 1)))
                        .getMessage();
        assertTrue(message.contains("mine"), message);
    }

    @Test
    void otherLorasStandBehindTheArtists() {
        FaceNets.Style base =
                new FaceNets.Style() {
                    @Override
                    public List<String> artists() {
                        return List.of("noir");
                    }

                    @Override
                    public float[][] level(List<Picture> portraits) {
                        return new float[][] {{0.25f}};
                    }

                    @Override
                    public float[][] features(List<Picture> portraits) {
                        return new float[][] {{3, 1}};
                    }
                };
        StyleGauge gauge =
                new StyleGauge(
                        base,
                        List.of(
                                new StyleAxis(
                                        "mine", new double[] {1, 1}, new double[] {0.5, 0.5})));
        assertEquals(List.of("noir", "mine"), gauge.artists());
        Picture any = new Picture(1, 1, new byte[3]);
        assertArrayEquals(new float[] {0.25f, 1}, gauge.level(List.of(any))[0], 1e-6f);
    }
}
