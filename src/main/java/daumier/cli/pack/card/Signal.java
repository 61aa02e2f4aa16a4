package daumier.cli.pack.card;

import daumier.faces.Landmarks;
import daumier.faces.Picture;

/** Peak signal-to-noise ratios of 8-bit pictures, in decibels. */
final class Signal {
    private static final int FIRST_EYE = 36;
    private static final int LAST_EYE = 47;
    private static final int MARGIN = 6;

    private Signal() {}

    /** Over the whole picture. */
    static double psnr(Picture a, Picture b) {
        return psnr(a, b, 0, 0, a.width(), a.height());
    }

    /** Over the box around both eyes, six pixels wider on each side. */
    static double eyes(Picture a, Picture b, Landmarks landmarks) {
        float[] xy = landmarks.xy();
        double left = a.width();
        double right = 0;
        double top = a.height();
        double bottom = 0;
        for (int k = FIRST_EYE; k <= LAST_EYE; k++) {
            left = Math.min(left, xy[2 * k]);
            right = Math.max(right, xy[2 * k]);
            top = Math.min(top, xy[2 * k + 1]);
            bottom = Math.max(bottom, xy[2 * k + 1]);
        }
        int x = (int) Math.max(0, left - MARGIN);
        int y = (int) Math.max(0, top - MARGIN);
        int toX = (int) Math.min(a.width(), Math.ceil(right) + MARGIN);
        int toY = (int) Math.min(a.height(), Math.ceil(bottom) + MARGIN);
        return psnr(a, b, x, y, toX, toY);
    }

    private static double psnr(Picture a, Picture b, int fromX, int fromY, int toX, int toY) {
        double squares = 0;
        for (int y = fromY; y < toY; y++) {
            for (int i = 3 * (y * a.width() + fromX); i < 3 * (y * a.width() + toX); i++) {
                double d = (a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff);
                squares += d * d;
            }
        }
        double mean = Math.max(squares / (3.0 * (toX - fromX) * (toY - fromY)), 1e-6);
        return 10 * Math.log10(255 * 255 / mean);
    }
}
