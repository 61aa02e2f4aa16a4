package daumier.faces.measure;

import daumier.faces.Picture;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.opencv_java;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

/** Loads OpenCV's native library once and carries pictures across. */
public final class OpenCv {
    private OpenCv() {}

    /** Class initialisation runs once, whichever thread comes first. */
    private static final class Library {
        static final Library LOADED = new Library();

        private Library() {
            Loader.load(opencv_java.class);
            // One thread: the same input then gives the same output on every machine.
            Core.setNumThreads(1);
        }

        void touch() {}
    }

    /** Makes the {@code org.opencv} classes usable; cheap after the first call. */
    public static void load() {
        Library.LOADED.touch();
    }

    /**
     * Copies a picture into an OpenCV matrix.
     *
     * @param picture any size
     * @return 8-bit BGR matrix (height, width, 3); the caller releases it
     */
    public static Mat toBgr(Picture picture) {
        load();
        Mat rgb = new Mat(picture.height(), picture.width(), CvType.CV_8UC3);
        rgb.put(0, 0, picture.rgb());
        Imgproc.cvtColor(rgb, rgb, Imgproc.COLOR_RGB2BGR);
        return rgb;
    }

    /**
     * Copies an 8-bit BGR matrix into a picture.
     *
     * @param bgr 8-bit matrix of three channels; left unchanged
     * @return the picture
     */
    public static Picture fromBgr(Mat bgr) {
        Mat rgb = new Mat();
        Imgproc.cvtColor(bgr, rgb, Imgproc.COLOR_BGR2RGB);
        byte[] bytes = new byte[3 * rgb.rows() * rgb.cols()];
        rgb.get(0, 0, bytes);
        Picture picture = new Picture(rgb.cols(), rgb.rows(), bytes);
        rgb.release();
        return picture;
    }
}
