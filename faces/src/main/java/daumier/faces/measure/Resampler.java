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
        byte[] b = source.rgb();
        int across = source.width();
        double right = source.width() - 1.0;
        double bottom = source.height() - 1.0;
        double share = 1.0 / (n * n);
        double[] byX = new double[n * n];
        double[] byY = new double[n * n];
        for (int k = 0; k < n * n; k++) {
            double u = (k % n + 0.5) / n - 0.5;
            double v = (k / n + 0.5) / n - 0.5;
            byX[k] = toSource.a() * u - toSource.b() * v;
            byY[k] = toSource.b() * u + toSource.a() * v;
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double red = 0;
                double green = 0;
                double blue = 0;
                double left = toSource.x(x, y);
                double top = toSource.y(x, y);
                for (int k = 0; k < n * n; k++) {
                    double px = Math.max(0, Math.min(right, left + byX[k]));
                    double py = Math.max(0, Math.min(bottom, top + byY[k]));
                    int x0 = (int) px;
                    int y0 = (int) py;
                    double fx = px - x0;
                    double fy = py - y0;
                    // The last column and row have no neighbour, and no share of it.
                    int i00 = 3 * (y0 * across + x0);
                    int i10 = x0 < right ? i00 + 3 : i00;
                    int down = y0 < bottom ? 3 * across : 0;
                    double w11 = fx * fy;
                    double w10 = fx - w11;
                    double w01 = fy - w11;
                    double w00 = 1 - fx - w01;
                    red +=
                            w00 * (b[i00] & 0xff)
                                    + w10 * (b[i10] & 0xff)
                                    + w01 * (b[i00 + down] & 0xff)
                                    + w11 * (b[i10 + down] & 0xff);
                    green +=
                            w00 * (b[i00 + 1] & 0xff)
                                    + w10 * (b[i10 + 1] & 0xff)
                                    + w01 * (b[i00 + down + 1] & 0xff)
                                    + w11 * (b[i10 + down + 1] & 0xff);
                    blue +=
                            w00 * (b[i00 + 2] & 0xff)
                                    + w10 * (b[i10 + 2] & 0xff)
                                    + w01 * (b[i00 + down + 2] & 0xff)
                                    + w11 * (b[i10 + down + 2] & 0xff);
                }
                int to = 3 * (y * width + x);
                out[to] = (byte) Math.round(red * share);
                out[to + 1] = (byte) Math.round(green * share);
                out[to + 2] = (byte) Math.round(blue * share);
            }
        }
        return new Picture(width, height, out);
    }
}
