package daumier.faces.measure;

import daumier.faces.Picture;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

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
        OpenCv.load();
        int n = (int) Math.max(1, Math.min(16, Math.ceil(toSource.scale())));
        // Sub-pixel k of a pixel lies (k + 0.5) / n - 0.5 from its centre.
        double f = 1.0 / n;
        double first = 0.5 * f - 0.5;
        Mat matrix = new Mat(2, 3, CvType.CV_64F);
        matrix.put(0, 0, f * toSource.a(), -f * toSource.b(), toSource.x(first, first));
        matrix.put(1, 0, f * toSource.b(), f * toSource.a(), toSource.y(first, first));
        Mat rgb = new Mat(source.height(), source.width(), CvType.CV_8UC3);
        rgb.put(0, 0, source.rgb());
        Mat fine = new Mat();
        Imgproc.warpAffine(
                rgb,
                fine,
                matrix,
                new Size((double) n * width, (double) n * height),
                Imgproc.INTER_LINEAR | Imgproc.WARP_INVERSE_MAP,
                Core.BORDER_REPLICATE,
                new Scalar(0, 0, 0));
        if (n > 1) {
            Imgproc.resize(fine, fine, new Size(width, height), 0, 0, Imgproc.INTER_AREA);
        }
        byte[] out = new byte[3 * width * height];
        fine.get(0, 0, out);
        matrix.release();
        rgb.release();
        fine.release();
        return new Picture(width, height, out);
    }
}
