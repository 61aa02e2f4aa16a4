package daumier.faces.models;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.OpenCv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opencv.core.CvException;
import org.opencv.core.Mat;
import org.opencv.core.MatOfPoint2f;
import org.opencv.core.MatOfRect;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.face.Face;
import org.opencv.face.Facemark;
import org.opencv.imgproc.Imgproc;

/**
 * Local binary features (Ren et al., Face Alignment at 3000 FPS via Regressing Local Binary
 * Features, 2014) as OpenCV's Facemark runs them, from a model file in OpenCV's YAML form. One
 * caller at a time.
 */
public final class LbfLandmarks implements LandmarkLocator {
    /** The trees compare single pixels: a larger portrait is smoother under them. */
    private static final int ENLARGED = 2;

    private final Facemark trees;
    private final String name;
    private final Rect face;

    private LbfLandmarks(Facemark trees, String name, FaceWindow window) {
        this.trees = trees;
        this.name = name;
        int side = (int) Math.round(ENLARGED * window.side());
        face =
                new Rect(
                        (int) Math.round(ENLARGED * (window.x() + 0.5)),
                        (int) Math.round(ENLARGED * (window.y() + 0.5)),
                        side,
                        side);
    }

    /**
     * Opens a model.
     *
     * @param yaml lbfmodel.yaml
     * @param reference landmarks of the mean face in the portrait frame
     * @return the locator
     * @throws IOException if the file is missing or no LBF model of 68 points
     */
    public static LbfLandmarks open(Path yaml, Landmarks reference) throws IOException {
        OpenCv.load();
        if (!Files.isRegularFile(yaml)) {
            throw new IOException("There is no file " + yaml + "; give an LBF model.");
        }
        try {
            Facemark trees = Face.createFacemarkLBF();
            trees.loadModel(yaml.toString());
            LbfLandmarks model =
                    new LbfLandmarks(trees, ModelCard.stem(yaml), FaceWindow.cascade(reference));
            model.locate(new Picture(128, 128, new byte[3 * 128 * 128]));
            return model;
        } catch (CvException | IllegalStateException e) {
            throw new IOException(
                    yaml + " is no LBF model of 68 points; give OpenCV's lbfmodel.yaml.", e);
        }
    }

    /** The file's name without its ending. */
    public String name() {
        return name;
    }

    @Override
    public synchronized Landmarks locate(Picture portrait) {
        Mat bgr = OpenCv.toBgr(portrait);
        Mat grey = new Mat();
        Imgproc.cvtColor(bgr, grey, Imgproc.COLOR_BGR2GRAY);
        Imgproc.resize(
                grey,
                grey,
                new org.opencv.core.Size(
                        (double) ENLARGED * portrait.width(),
                        (double) ENLARGED * portrait.height()),
                0,
                0,
                Imgproc.INTER_LINEAR);
        MatOfRect faces = new MatOfRect(face);
        List<MatOfPoint2f> found = new ArrayList<>();
        boolean fitted = trees.fit(grey, faces, found);
        bgr.release();
        grey.release();
        faces.release();
        if (!fitted || found.size() != 1 || found.get(0).total() != Landmarks.COUNT) {
            throw new IllegalStateException("The trees gave no 68 points.");
        }
        Point[] points = found.get(0).toArray();
        found.get(0).release();
        float[] xy = new float[2 * Landmarks.COUNT];
        for (int i = 0; i < points.length; i++) {
            xy[2 * i] = (float) ((points[i].x + 0.5) / ENLARGED - 0.5);
            xy[2 * i + 1] = (float) ((points[i].y + 0.5) / ENLARGED - 0.5);
        }
        return new Landmarks(xy);
    }
}
