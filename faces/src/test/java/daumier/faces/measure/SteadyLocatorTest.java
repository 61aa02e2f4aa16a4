package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyLocatorTest {
    private static final int SIDE = 128;

    @Test
    void whatIsSeenInTheCopiesIsBroughtBackToThePortrait() {
        List<Picture> portraits = List.of(disc(40.3, 71.6), disc(88.1, 52.4));
        List<Landmarks> seen = SteadyLocator.of(p -> centre(p, 0)).locate(portraits);
        assertEquals(40.3, seen.get(0).x(5), 0.05);
        assertEquals(71.6, seen.get(0).y(67), 0.05);
        assertEquals(88.1, seen.get(1).x(0), 0.05);
        assertEquals(52.4, seen.get(1).y(0), 0.05);
    }

    @Test
    void anErrorThatFollowsThePixelGridIsAveraged() {
        double once = 0;
        double steady = 0;
        for (int i = 0; i < 20; i++) {
            double x = 50 + 0.37 * i;
            Picture portrait = disc(x, 60);
            once += Math.abs(centre(portrait, 1).x(0) - x);
            steady += Math.abs(SteadyLocator.of(p -> centre(p, 1)).locate(portrait).x(0) - x);
        }
        assertTrue(steady < 0.6 * once, "%.3f against %.3f".formatted(steady / 20, once / 20));
    }

    /** A soft white disc of radius 6 on black. */
    private static Picture disc(double cx, double cy) {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double inside = 6.5 - Math.hypot(x - cx, y - cy);
                byte value = (byte) Math.round(255 * Math.max(0, Math.min(1, inside)));
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * SIDE + x) + c] = value;
                }
            }
        }
        return new Picture(SIDE, SIDE, rgb);
    }

    /** All landmarks at the centre of light, which is rounded to a grid unless that is 0. */
    private static Landmarks centre(Picture p, double grid) {
        double sum = 0;
        double sx = 0;
        double sy = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            double light = p.rgb()[3 * i] & 0xff;
            sum += light;
            sx += light * (i % SIDE);
            sy += light * (i / SIDE);
        }
        List<Double> at = new ArrayList<>(List.of(sx / sum, sy / sum));
        at.replaceAll(v -> grid == 0 ? v : grid * Math.round(v / grid));
        float[] xy = new float[2 * Landmarks.COUNT];
        for (int k = 0; k < xy.length; k++) {
            xy[k] = at.get(k % 2).floatValue();
        }
        return new Landmarks(xy);
    }
}
