package daumier.faces.models;

import daumier.faces.Picture;
import daumier.faces.measure.OpenCv;
import java.io.IOException;
import java.nio.file.Path;
import org.opencv.core.CvException;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.dnn.Dnn;
import org.opencv.dnn.Net;

/** A network of one picture in and one tensor out, run by OpenCV. One caller at a time. */
final class OnnxNetwork {
    private final Net net;
    private final Preprocessing pixels;

    private OnnxNetwork(Net net, Preprocessing pixels) {
        this.net = net;
        this.pixels = pixels;
    }

    /**
     * Opens a network.
     *
     * @param onnx the file
     * @param pixels how it wants its input
     * @throws IOException if OpenCV cannot run it
     */
    static OnnxNetwork open(Path onnx, Preprocessing pixels) throws IOException {
        OpenCv.load();
        try {
            OnnxNetwork network = new OnnxNetwork(Dnn.readNetFromONNX(onnx.toString()), pixels);
            int side = pixels.side();
            // A layer that OpenCV lacks shows itself now and not in the middle of the work.
            network.run(new Picture(side, side, new byte[3 * side * side]));
            return network;
        } catch (CvException e) {
            throw new IOException(
                    "OpenCV cannot run %s; export it again for a fixed picture size and opset 13."
                            .formatted(onnx),
                    e);
        }
    }

    /** How it wants its input. */
    Preprocessing pixels() {
        return pixels;
    }

    /**
     * Runs the network.
     *
     * @param picture of the network's size
     * @return its first output, flattened
     */
    synchronized float[] run(Picture picture) {
        int side = pixels.side();
        if (picture.width() != side || picture.height() != side) {
            throw new IllegalArgumentException(
                    "The network reads %d x %d pixels, not %d x %d."
                            .formatted(side, side, picture.width(), picture.height()));
        }
        int plane = side * side;
        float[] planes = new float[3 * plane];
        for (int c = 0; c < 3; c++) {
            int from = pixels.rgb() ? c : 2 - c;
            double mean = pixels.mean()[c];
            double std = pixels.std()[c];
            for (int i = 0; i < plane; i++) {
                planes[c * plane + i] =
                        (float) (((picture.rgb()[3 * i + from] & 0xff) - mean) / std);
            }
        }
        Mat blob = new Mat(new int[] {1, 3, side, side}, CvType.CV_32F);
        blob.put(new int[4], planes);
        net.setInput(blob);
        Mat out = net.forward();
        float[] values = new float[(int) out.total()];
        out.get(new int[out.dims()], values);
        out.release();
        blob.release();
        return values;
    }
}
