package daumier.faces.nets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AugmentationTest {
    private static final int SIDE = Augmentation.SIDE;

    /** A dark picture with a bright disc at each of a few landmarks; the others are in a corner. */
    @Test
    void landmarksMoveWithTheirPixels() {
        byte[] picture = new byte[3 * SIDE * SIDE];
        float[] points = new float[136];
        int[][] discs = {{40, 50}, {90, 60}, {64, 100}};
        int[] landmarks = {36, 45, 8};
        for (int k = 0; k < discs.length; k++) {
            points[2 * landmarks[k]] = discs[k][0];
            points[2 * landmarks[k] + 1] = discs[k][1];
            for (int dy = -3; dy <= 3; dy++) {
                for (int dx = -3; dx <= 3; dx++) {
                    for (int ch = 0; ch < 3; ch++) {
                        int at = (discs[k][1] + dy) * SIDE + discs[k][0] + dx;
                        picture[3 * at + ch] = (byte) 255;
                    }
                }
            }
        }
        Augmentation frame = new Augmentation(4, 0.1, 0.1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0);
        Augmentation.Source source = new Augmentation.Source(picture, null, 0, null);
        for (int seed = 0; seed < 20; seed++) {
            float[] out = new float[3 * SIDE * SIDE];
            float[] moved = new float[136];
            frame.apply(source, points, new SplittableRandom(seed), out, 0, moved, 0);
            for (int k : landmarks) {
                double x = 0;
                double y = 0;
                double sum = 0;
                for (int py = 0; py < SIDE; py++) {
                    for (int px = 0; px < SIDE; px++) {
                        double far = Math.hypot(px - moved[2 * k], py - moved[2 * k + 1]);
                        double v = far < 9 ? out[py * SIDE + px] + 1 : 0;
                        x += v * px;
                        y += v * py;
                        sum += v;
                    }
                }
                assertTrue(sum > 10);
                assertEquals(moved[2 * k], x / sum, 0.15);
                assertEquals(moved[2 * k + 1], y / sum, 0.15);
            }
        }
    }

    @Test
    void chanceComesFromTheGeneratorAlone() {
        byte[] picture = new byte[3 * SIDE * SIDE];
        new SplittableRandom(1).nextBytes(picture);
        byte[] mask = new byte[SIDE * SIDE];
        Augmentation.Source source = new Augmentation.Source(picture, picture, 0.5f, mask);
        float[] a = new float[3 * SIDE * SIDE];
        float[] b = new float[3 * SIDE * SIDE];
        Augmentation.WILD.apply(source, null, new SplittableRandom(9), a, 0, null, 0);
        Augmentation.WILD.apply(source, null, new SplittableRandom(9), b, 0, null, 0);
        assertArrayEquals(a, b);
    }

    @Test
    void mirroringTwiceChangesNothing() {
        float[] xy = new float[136];
        for (int i = 0; i < xy.length; i++) {
            xy[i] = i;
        }
        assertArrayEquals(xy, Mirror.mirrored(Mirror.mirrored(xy, 128), 128));
        assertEquals(45, Mirror.of(36));
        assertEquals(16, Mirror.of(0));
    }

    @Test
    void windowsSayBackWhatTheyWereTold() {
        LandmarkDesign.Patch patch = LandmarkDesign.meter().patches().get(0);
        PatchWindow window = new PatchWindow(patch);
        float[] points = new float[136];
        SplittableRandom rng = new SplittableRandom(3);
        for (int i = 0; i < points.length; i++) {
            points[i] = 40 + 40 * (float) rng.nextDouble();
        }
        float[] told = new float[2 * window.outputs()];
        float[] back = new float[136];
        for (int side = 0; side < 2; side++) {
            int[] corner = window.corner(points, side);
            window.targets(points, 0, corner, side, told, side);
            window.add(told, side, corner, side, back);
        }
        for (int k : patch.points()) {
            assertEquals(points[2 * k], back[2 * k], 1e-4);
            assertEquals(points[2 * Mirror.of(k) + 1], back[2 * Mirror.of(k) + 1], 1e-4);
        }
    }
}
