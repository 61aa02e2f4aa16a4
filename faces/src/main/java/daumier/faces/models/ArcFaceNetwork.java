package daumier.faces.models;

import daumier.faces.Picture;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.OpenCv;
import daumier.faces.measure.Pictures;
import daumier.faces.measure.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * An identity network of the ArcFace family (Deng et al., ArcFace, 2019) from an ONNX file: faces
 * are brought to 112 x 112 pixels by the similarity of five points, as InsightFace does, and become
 * a vector whose angle to another tells whether it is the same person. May be used from several
 * threads, one at a time.
 */
public final class ArcFaceNetwork {
    /** Side of the aligned face in pixels. */
    public static final int SIDE = 112;

    /** Where the five points lie in the aligned face. */
    public static final FivePoints TEMPLATE =
            new FivePoints(
                    new float[] {
                        38.2946f, 51.6963f, 73.5318f, 51.5014f, 56.0252f, 71.7366f, 41.5493f,
                        92.3655f, 70.7299f, 92.2041f
                    });

    /**
     * Larger pictures are first scaled down, by area: sampling alone would lose detail to chance.
     */
    private static final int LARGEST = 1024;

    private final OnnxNetwork network;
    private final ModelCard card;

    private ArcFaceNetwork(OnnxNetwork network, ModelCard card) {
        this.network = network;
        this.card = card;
    }

    /**
     * Opens a network.
     *
     * @param onnx (n, 3, 112, 112) to (n, d); how it wants its pixels is found out or said by a
     *     JSON file of the same name
     * @return the network
     * @throws IOException if the file is no identity network
     */
    public static ArcFaceNetwork open(Path onnx) throws IOException {
        ModelCard card =
                ModelCard.of(onnx)
                        .filter(c -> c.kind() == ModelCard.Kind.IDENTITY)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                onnx
                                                        + " is no identity network; give one of the"
                                                        + " ArcFace family, 112 x 112 pixels."));
        Preprocessing pixels = card.preprocessing();
        if (pixels.side() != SIDE) {
            throw new IOException(
                    "%s wants %d x %d pixels; networks of the ArcFace family want 112 x 112."
                            .formatted(onnx, pixels.side(), pixels.side()));
        }
        return new ArcFaceNetwork(OnnxNetwork.open(onnx, pixels), card);
    }

    /** The file's name without its ending. */
    public String name() {
        return card.name();
    }

    /** SHA-256 of the file: a calibration belongs to one network. */
    public String fingerprint() {
        return card.fingerprint();
    }

    /** How the network wants its pixels. */
    public Preprocessing preprocessing() {
        return network.pixels();
    }

    /** Where the meaning of its cosines lies unless the user says otherwise. */
    public Path scaleFile() {
        return IdentityScale.beside(file());
    }

    /** The file. */
    Path file() {
        return card.file();
    }

    /**
     * The similarity that brings a face into the aligned frame.
     *
     * @param points in the picture
     * @return from pixels of the picture to pixels of the 112 x 112 frame
     */
    public static Similarity alignment(FivePoints points) {
        return points.to(TEMPLATE);
    }

    /**
     * Cuts the aligned face out: bilinear, black outside the picture.
     *
     * @param picture any size
     * @param points five points in it
     * @return 112 x 112 pixels
     */
    public static Picture aligned(Picture picture, FivePoints points) {
        int longer = Math.max(picture.width(), picture.height());
        Picture source = picture;
        FivePoints at = points;
        if (longer > LARGEST) {
            double f = (double) LARGEST / longer;
            source =
                    Pictures.resize(
                            picture,
                            (int) Math.max(1, Math.round(picture.width() * f)),
                            (int) Math.max(1, Math.round(picture.height() * f)));
            at = points.moved(new Similarity(f, 0, (f - 1) / 2, (f - 1) / 2));
        }
        OpenCv.load();
        Similarity s = alignment(at);
        Mat matrix = new Mat(2, 3, CvType.CV_64F);
        matrix.put(0, 0, s.a(), -s.b(), s.tx(), s.b(), s.a(), s.ty());
        Mat bgr = OpenCv.toBgr(source);
        Mat out = new Mat();
        Imgproc.warpAffine(
                bgr,
                out,
                matrix,
                new Size(SIDE, SIDE),
                Imgproc.INTER_LINEAR,
                org.opencv.core.Core.BORDER_CONSTANT,
                new Scalar(0, 0, 0));
        Picture aligned = OpenCv.fromBgr(out);
        bgr.release();
        out.release();
        matrix.release();
        return aligned;
    }

    /**
     * Embeds an aligned face.
     *
     * @param aligned 112 x 112 pixels
     * @return a vector of length 1
     */
    public float[] embed(Picture aligned) {
        float[] v = network.run(aligned);
        double square = 0;
        for (float x : v) {
            square += (double) x * x;
        }
        double length = Math.max(1e-12, Math.sqrt(square));
        for (int i = 0; i < v.length; i++) {
            v[i] = (float) (v[i] / length);
        }
        return v;
    }

    /**
     * Embeds a face in a picture.
     *
     * @param picture any size
     * @param points five points of the face
     * @return a vector of length 1
     */
    public float[] embed(Picture picture, FivePoints points) {
        return embed(aligned(picture, points));
    }

    /**
     * Cosine of the angle between two vectors of length 1.
     *
     * @param a of length 1
     * @param b as many values
     * @return -1 to 1
     */
    public static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "Vectors of %d and %d values come from different networks."
                            .formatted(a.length, b.length));
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
