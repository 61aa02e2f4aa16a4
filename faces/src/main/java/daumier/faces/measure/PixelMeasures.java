package daumier.faces.measure;

import daumier.faces.Picture;

/** How alike two pictures of one size are, pixel by pixel. */
public final class PixelMeasures {
    private static final int RADIUS = 5;
    private static final double SIGMA = 1.5;
    private static final double C1 = 0.01 * 255 * 0.01 * 255;
    private static final double C2 = 0.03 * 255 * 0.03 * 255;

    private PixelMeasures() {}

    /**
     * Peak signal-to-noise ratio over all channels.
     *
     * @param a any size
     * @param b the same size
     * @return decibels; infinite for equal pictures
     */
    public static double psnr(Picture a, Picture b) {
        same(a, b);
        double square = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            double d = (a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff);
            square += d * d;
        }
        return 10 * Math.log10(255.0 * 255.0 * a.rgb().length / square);
    }

    /**
     * Mean structural similarity of the luma (Wang, Bovik, Sheikh and Simoncelli, Image Quality
     * Assessment: From Error Visibility to Structural Similarity, 2004): Gaussian windows of 11 x
     * 11 pixels and 1.5 pixels' deviation that lie wholly inside.
     *
     * @param a at least 11 x 11 pixels
     * @param b the same size
     * @return up to 1, which equal pictures have
     */
    public static double ssim(Picture a, Picture b) {
        same(a, b);
        int w = a.width();
        int h = a.height();
        if (Math.min(w, h) < 2 * RADIUS + 1) {
            throw new IllegalArgumentException(
                    "Structural similarity needs at least 11 x 11 pixels, not %d x %d."
                            .formatted(w, h));
        }
        double[] x = luma(a);
        double[] y = luma(b);
        double[] mx = blurred(x, w, h);
        double[] my = blurred(y, w, h);
        double[] xx = blurred(product(x, x), w, h);
        double[] yy = blurred(product(y, y), w, h);
        double[] xy = blurred(product(x, y), w, h);
        double sum = 0;
        for (int i = 0; i < mx.length; i++) {
            double vx = xx[i] - mx[i] * mx[i];
            double vy = yy[i] - my[i] * my[i];
            double c = xy[i] - mx[i] * my[i];
            sum +=
                    (2 * mx[i] * my[i] + C1)
                            * (2 * c + C2)
                            / ((mx[i] * mx[i] + my[i] * my[i] + C1) * (vx + vy + C2));
        }
        return sum / mx.length;
    }

    private static void same(Picture a, Picture b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException(
                    "Pixels are compared between pictures of one size, not %d x %d and %d x %d."
                            .formatted(a.width(), a.height(), b.width(), b.height()));
        }
    }

    private static double[] luma(Picture p) {
        double[] y = new double[p.width() * p.height()];
        for (int i = 0; i < y.length; i++) {
            y[i] =
                    0.299 * (p.rgb()[3 * i] & 0xff)
                            + 0.587 * (p.rgb()[3 * i + 1] & 0xff)
                            + 0.114 * (p.rgb()[3 * i + 2] & 0xff);
        }
        return y;
    }

    private static double[] product(double[] a, double[] b) {
        double[] p = new double[a.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = a[i] * b[i];
        }
        return p;
    }

    /** Gaussian means of the windows that lie inside, row by row. */
    private static double[] blurred(double[] v, int w, int h) {
        double[] kernel = new double[2 * RADIUS + 1];
        double total = 0;
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] = Math.exp(-(k - RADIUS) * (k - RADIUS) / (2 * SIGMA * SIGMA));
            total += kernel[k];
        }
        int cw = w - 2 * RADIUS;
        int ch = h - 2 * RADIUS;
        double[] rows = new double[cw * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < cw; x++) {
                double s = 0;
                for (int k = 0; k < kernel.length; k++) {
                    s += kernel[k] * v[y * w + x + k];
                }
                rows[y * cw + x] = s / total;
            }
        }
        double[] out = new double[cw * ch];
        for (int y = 0; y < ch; y++) {
            for (int x = 0; x < cw; x++) {
                double s = 0;
                for (int k = 0; k < kernel.length; k++) {
                    s += kernel[k] * rows[(y + k) * cw + x];
                }
                out[y * cw + x] = s / total;
            }
        }
        return out;
    }
}
