package daumier.faces.measure;

import daumier.faces.Picture;

/** Samples pictures between pixels; outside, the edge repeats. */
final class Resampler {
    private Resampler() {}

    /** Adds the bilinear sample at (x, y) to {@code sum} (three values of 0 to 255). */
    static void add(Picture p, double x, double y, double[] sum) {
        double cx = Math.max(0, Math.min(p.width() - 1.0, x));
        double cy = Math.max(0, Math.min(p.height() - 1.0, y));
        int x0 = (int) cx;
        int y0 = (int) cy;
        int x1 = Math.min(x0 + 1, p.width() - 1);
        int y1 = Math.min(y0 + 1, p.height() - 1);
        double fx = cx - x0;
        double fy = cy - y0;
        byte[] b = p.rgb();
        int i00 = 3 * (y0 * p.width() + x0);
        int i10 = 3 * (y0 * p.width() + x1);
        int i01 = 3 * (y1 * p.width() + x0);
        int i11 = 3 * (y1 * p.width() + x1);
        for (int c = 0; c < 3; c++) {
            double top = (b[i00 + c] & 0xff) * (1 - fx) + (b[i10 + c] & 0xff) * fx;
            double low = (b[i01 + c] & 0xff) * (1 - fx) + (b[i11 + c] & 0xff) * fx;
            sum[c] += top * (1 - fy) + low * fy;
        }
    }

    /**
     * A picture whose pixel q shows what {@code toSource} says, averaged over the area of the pixel
     * where the source is finer.
     */
    static Picture transform(Picture source, Similarity toSource, int width, int height) {
        int n = (int) Math.max(1, Math.min(16, Math.ceil(toSource.scale())));
        byte[] out = new byte[3 * width * height];
        double[] sum = new double[3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                sum[0] = 0;
                sum[1] = 0;
                sum[2] = 0;
                for (int k = 0; k < n * n; k++) {
                    double u = x + (k % n + 0.5) / n - 0.5;
                    double v = y + (k / n + 0.5) / n - 0.5;
                    add(source, toSource.x(u, v), toSource.y(u, v), sum);
                }
                for (int c = 0; c < 3; c++) {
                    out[3 * (y * width + x) + c] = (byte) Math.round(sum[c] / (n * n));
                }
            }
        }
        return new Picture(width, height, out);
    }
}
