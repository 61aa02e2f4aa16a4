package daumier.faces.models;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.OpenCv;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * A square in the portrait frame, as the detectors that landmark networks were trained with would
 * have drawn it.
 *
 * @param x left edge in pixels of the portrait (pixel edges at whole numbers and a half)
 * @param y upper edge
 * @param side pixels
 */
record FaceWindow(double x, double y, double side) {
    /**
     * A square about the box of YuNet.
     *
     * @param reference landmarks of the mean face in the portrait frame
     * @param margin side over the longer side of the box
     */
    static FaceWindow yunet(Landmarks reference, double margin) {
        double[] b = bounds(reference);
        double width = (b[2] - b[0]) / 1.03;
        double height = (b[3] - b[1]) / 0.735;
        double x = b[0] - 0.02 * width;
        double y = b[1] - 0.275 * height;
        double side = margin * Math.max(width, height);
        return new FaceWindow(x + width / 2 - side / 2, y + height / 2 - side / 2, side);
    }

    /**
     * The square that the cascade "alt2" draws, with which LBF models are trained.
     *
     * @param reference landmarks of the mean face in the portrait frame
     */
    static FaceWindow cascade(Landmarks reference) {
        double[] b = bounds(reference);
        double side = (b[2] - b[0]) / 0.86;
        return new FaceWindow(b[0] - 0.11 * side, b[1] - 0.26 * side, side);
    }

    private static double[] bounds(Landmarks points) {
        double[] b = {points.x(0), points.y(0), points.x(0), points.y(0)};
        for (int i = 1; i < Landmarks.COUNT; i++) {
            b[0] = Math.min(b[0], points.x(i));
            b[1] = Math.min(b[1], points.y(i));
            b[2] = Math.max(b[2], points.x(i));
            b[3] = Math.max(b[3], points.y(i));
        }
        return b;
    }

    /**
     * Cuts the square out, bilinear; the edge repeats outside.
     *
     * @param portrait the portrait
     * @param pixels side of the result
     */
    Picture crop(Picture portrait, int pixels) {
        OpenCv.load();
        double f = pixels / side;
        Mat matrix = new Mat(2, 3, CvType.CV_64F);
        // Pixel centres: the crop's left edge is half a pixel before its first centre.
        matrix.put(0, 0, f, 0, -f * x - 0.5, 0, f, -f * y - 0.5);
        Mat bgr = OpenCv.toBgr(portrait);
        Mat out = new Mat();
        Imgproc.warpAffine(
                bgr,
                out,
                matrix,
                new Size(pixels, pixels),
                Imgproc.INTER_LINEAR,
                Core.BORDER_REPLICATE,
                new Scalar(0, 0, 0));
        Picture crop = OpenCv.fromBgr(out);
        bgr.release();
        out.release();
        matrix.release();
        return crop;
    }

    /**
     * Points of the square in the portrait.
     *
     * @param share 136 values, 0 at the left and upper edge, 1 at the right and lower
     */
    Landmarks toPortrait(float[] share) {
        float[] xy = new float[share.length];
        for (int i = 0; i < xy.length; i++) {
            xy[i] = (float) ((i % 2 == 0 ? x : y) + side * share[i]);
        }
        return new Landmarks(xy);
    }
}
