package daumier.cli.pack.card;

import daumier.faces.Picture;
import java.util.Arrays;

/** Mean colours of the parts that a geometry map marks. */
final class Colours {
    private static final float INSIDE = 0.9f;
    private static final int FEWEST = 20;

    private Colours() {}

    /** Mean red, green and blue where a channel is nearly 1; null where hardly any pixel is. */
    static double[] mean(Picture picture, float[] map, int channel) {
        int pixels = picture.width() * picture.height();
        double[] sum = new double[3];
        int count = 0;
        for (int i = 0; i < pixels; i++) {
            if (map[channel * pixels + i] > INSIDE) {
                for (int c = 0; c < 3; c++) {
                    sum[c] += picture.rgb()[3 * i + c] & 0xff;
                }
                count++;
            }
        }
        int n = count;
        return count < FEWEST ? null : Arrays.stream(sum).map(v -> v / n).toArray();
    }

    /** Distance of two mean colours; not a number where one is unknown. */
    static double distance(double[] a, double[] b) {
        if (a == null || b == null) {
            return Double.NaN;
        }
        double squares = 0;
        for (int c = 0; c < 3; c++) {
            squares += (a[c] - b[c]) * (a[c] - b[c]);
        }
        return Math.sqrt(squares);
    }

    /** The values that are numbers. */
    static double[] known(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).toArray();
    }
}
