package daumier.faces.measure;

import daumier.faces.Picture;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.opencv.core.Core;
import org.opencv.core.Mat;
import org.opencv.core.MatOfInt;
import org.opencv.core.MatOfRect;
import org.opencv.core.Rect;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.opencv.objdetect.CascadeClassifier;

/**
 * Viola and Jones's cascades of Haar features (Rapid Object Detection using a Boosted Cascade of
 * Simple Features, 2001), trained by Lienhart and Castrillón, out of the OpenCV jar: nothing to
 * download. Upright faces within about 15 degrees of frontal; tilted ones are found by turning the
 * picture.
 */
public final class HaarDetector implements FaceDetector {
    /** The picture is searched at this size: finer only finds more false faces. */
    private static final int LONGER_SIDE = 480;

    /** A lone, weak answer of a cascade has fewer neighbours than this. */
    private static final int FIRM = 4;

    private final CascadeClassifier alt2;
    private final CascadeClassifier standard;

    /**
     * Opens the cascades.
     *
     * @throws IOException if the OpenCV jar for this platform does not hold them
     */
    public HaarDetector() throws IOException {
        OpenCv.load();
        alt2 = open("haarcascade_frontalface_alt2.xml");
        standard = open("haarcascade_frontalface_default.xml");
    }

    private static CascadeClassifier open(String name) throws IOException {
        String resource =
                "/org/bytedeco/opencv/%s/share/opencv4/haarcascades/%s"
                        .formatted(Loader.getPlatform(), name);
        File file = Loader.cacheResource(resource);
        if (file == null) {
            throw new IOException(
                    "The OpenCV jar holds no " + name + " for " + Loader.getPlatform() + ".");
        }
        return new CascadeClassifier(file.getPath());
    }

    @Override
    public synchronized List<Detection> detect(Picture picture) {
        double scale =
                Math.max(1.0, Math.max(picture.width(), picture.height()) / (double) LONGER_SIDE);
        Mat grey = grey(picture, scale);
        try {
            List<Detection> found = search(alt2, Shape.ALT2, grey, 1.1, 3);
            if (found.stream().noneMatch(d -> d.score() >= firm())) {
                merge(found, search(standard, Shape.STANDARD, grey, 1.1, 4));
            }
            if (found.isEmpty()) {
                merge(found, search(alt2, Shape.ALT2, grey, 1.05, 1));
            }
            if (found.isEmpty()) {
                merge(found, tight(grey));
            }
            return ranked(found).stream().map(d -> d.scaled(scale)).toList();
        } finally {
            grey.release();
        }
    }

    private static Mat grey(Picture picture, double scale) {
        Mat bgr = OpenCv.toBgr(picture);
        Mat grey = new Mat();
        Imgproc.cvtColor(bgr, grey, Imgproc.COLOR_BGR2GRAY);
        bgr.release();
        if (scale > 1) {
            Size size =
                    new Size(
                            Math.max(1, Math.round(picture.width() / scale)),
                            Math.max(1, Math.round(picture.height() / scale)));
            Imgproc.resize(grey, grey, size, 0, 0, Imgproc.INTER_AREA);
        }
        Imgproc.equalizeHist(grey, grey);
        return grey;
    }

    /** A picture that is all face: the cascades need some room round it. */
    private List<Detection> tight(Mat grey) {
        int pad = Math.max(grey.rows(), grey.cols()) / 4;
        Mat wide = new Mat();
        Core.copyMakeBorder(grey, wide, pad, pad, pad, pad, Core.BORDER_REPLICATE);
        List<Detection> found = search(alt2, Shape.ALT2, wide, 1.05, 2);
        wide.release();
        List<Detection> back = new ArrayList<>();
        for (Detection d : found) {
            back.add(new Detection(d.x() - pad, d.y() - pad, d.width(), d.height(), d.score()));
        }
        return back;
    }

    private static List<Detection> search(
            CascadeClassifier cascade, Shape shape, Mat grey, double step, int neighbours) {
        MatOfRect boxes = new MatOfRect();
        MatOfInt counts = new MatOfInt();
        int smallest = Math.max(20, Math.min(grey.rows(), grey.cols()) / 12);
        cascade.detectMultiScale2(
                grey, boxes, counts, step, neighbours, 0, new Size(smallest, smallest), new Size());
        List<Detection> found = new ArrayList<>();
        if (!boxes.empty()) {
            Rect[] rects = boxes.toArray();
            int[] count = counts.toArray();
            for (int i = 0; i < rects.length; i++) {
                found.add(shape.landmarkBox(rects[i], score(count[i])));
            }
        }
        boxes.release();
        counts.release();
        return found;
    }

    /** Agreement of neighbouring windows as a confidence. */
    private static double score(int neighbours) {
        return neighbours / (neighbours + 8.0);
    }

    private static double firm() {
        return score(FIRM);
    }

    private static void merge(List<Detection> found, List<Detection> more) {
        for (Detection d : more) {
            if (found.stream().noneMatch(f -> f.overlap(d) > 0.3)) {
                found.add(d);
            }
        }
    }

    /** Largest first, but what is weak beside a firm face goes. */
    private static List<Detection> ranked(List<Detection> found) {
        double best = found.stream().mapToDouble(Detection::score).max().orElse(0);
        return found.stream()
                .filter(d -> d.score() >= 0.6 * best)
                .sorted(Comparator.comparingDouble(Detection::area).reversed())
                .toList();
    }

    /**
     * How a cascade's square lies round the 68 landmarks, as shares of its side; medians over
     * portraits of known landmarks.
     */
    private enum Shape {
        ALT2(0.11, 0.26, 0.86, 0.85),
        STANDARD(0.14, 0.28, 0.78, 0.79);

        private final double left;
        private final double top;
        private final double width;
        private final double height;

        Shape(double left, double top, double width, double height) {
            this.left = left;
            this.top = top;
            this.width = width;
            this.height = height;
        }

        Detection landmarkBox(Rect r, double score) {
            return new Detection(
                    r.x + left * r.width,
                    r.y + top * r.height,
                    width * r.width,
                    height * r.height,
                    score);
        }
    }
}
