package daumier.faces.measure;

import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.opencv.core.CvException;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.opencv.objdetect.FaceDetectorYN;

/**
 * YuNet (Wu, Peng and Yu, YuNet: A Tiny Millisecond-level Face Detector, 2023) from an ONNX file of
 * the OpenCV zoo; also finds turned and tilted faces that the cascades miss.
 */
public final class YuNetDetector implements FaceDetector {
    /** Larger pictures are searched at this size, by area, as the networks' authors measure. */
    private static final int LONGER_SIDE = 1024;

    private static final float SCORE = 0.6f;
    private static final float OVERLAP = 0.3f;

    private final FaceDetectorYN network;

    private YuNetDetector(FaceDetectorYN network) {
        this.network = network;
    }

    /**
     * Opens a network file.
     *
     * @param onnx face_detection_yunet_*.onnx
     * @return the detector
     * @throws IOException if the file is missing or no YuNet
     */
    public static YuNetDetector open(Path onnx) throws IOException {
        OpenCv.load();
        if (!Files.isRegularFile(onnx)) {
            throw new IOException("There is no file " + onnx + "; give a YuNet ONNX file.");
        }
        try {
            FaceDetectorYN network =
                    FaceDetectorYN.create(
                            onnx.toString(), "", new Size(320, 320), SCORE, OVERLAP, 100);
            return new YuNetDetector(network);
        } catch (CvException e) {
            throw new IOException(onnx + " is no YuNet network; take one from the OpenCV zoo.", e);
        }
    }

    @Override
    public synchronized List<Detection> detect(Picture picture) {
        double scale =
                Math.max(1.0, Math.max(picture.width(), picture.height()) / (double) LONGER_SIDE);
        int width = (int) Math.max(1, Math.round(picture.width() / scale));
        int height = (int) Math.max(1, Math.round(picture.height() / scale));
        Mat bgr = OpenCv.toBgr(picture);
        if (scale > 1) {
            Imgproc.resize(bgr, bgr, new Size(width, height), 0, 0, Imgproc.INTER_AREA);
        }
        Mat faces = new Mat();
        network.setInputSize(new Size(width, height));
        network.detect(bgr, faces);
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < faces.rows(); i++) {
            float[] row = new float[15];
            faces.get(i, 0, row);
            found.add(landmarkBox(row).scaled(scale));
        }
        bgr.release();
        faces.release();
        found.sort(Comparator.comparingDouble(Detection::area).reversed());
        return found;
    }

    /**
     * The same face in a box of 68 landmarks: YuNet's own reaches from the hair to the chin; the
     * landmarks begin at the brows.
     */
    private static Detection landmarkBox(float[] row) {
        // Its points come in the order of ours: the eye on the picture's left first.
        FivePoints points = new FivePoints(Arrays.copyOfRange(row, 4, 14));
        return new Detection(
                row[0] + 0.02 * row[2],
                row[1] + 0.275 * row[3],
                1.03 * row[2],
                0.735 * row[3],
                Math.min(1, row[14]),
                Optional.of(new Detection.Seen(row[0], row[1], row[2], row[3], points)));
    }
}
