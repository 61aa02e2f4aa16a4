package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Tells people apart: an embedding of portraits in the frame of the procedural world, trained on
 * the photo look alone, first to say the shape, then with an angular margin (ArcFace, Deng et al.
 * 2019). Differentiable with respect to the pictures, so it can serve as a loss.
 */
public final class IdentityNet implements DifferentiableIdentity, AutoCloseable {
    /** Values an embedding has. */
    public static final int SIZE = 128;

    private final NDManager manager;
    private final Network network;
    private JsonObject card = new JsonObject();

    IdentityNet(List<String> layers, NDManager parent, long seed) {
        manager = parent.newSubManager();
        int side = Augmentation.SIDE;
        network = new Network(new Architecture(3, side, side, layers), manager, seed);
        if (network.architecture().outputs() != SIZE) {
            throw new IllegalArgumentException("An identity network has " + SIZE + " outputs.");
        }
    }

    /**
     * Reads a trained network.
     *
     * @param file the .safetensors file; its .json lies beside it
     * @param parent what its arrays live under
     * @throws IOException if a file is missing or does not hold an identity network
     */
    public static IdentityNet open(Path file, NDManager parent) throws IOException {
        JsonObject card = NetFiles.card(file, "identity");
        IdentityNet net = new IdentityNet(NetFiles.layers(card), parent, 0);
        net.card = card;
        NetFiles.load(file, net.networks(), net.manager);
        return net;
    }

    void save(Path file, JsonObject figures) throws IOException {
        card = figures.deepCopy();
        card.add("layers", NetFiles.gson().toJsonTree(network.architecture().layers()));
        NetFiles.save(file, "identity", networks(), card);
    }

    /** What was said about the network when it was made. */
    public JsonObject card() {
        return card.deepCopy();
    }

    /** The cosines that mean something for this network, measured on people it never saw. */
    public IdentityCalibration calibration() {
        return NetFiles.gson().fromJson(card.get("calibration"), IdentityCalibration.class);
    }

    Network network() {
        return network;
    }

    Map<String, Network> networks() {
        return Map.of("identity", network);
    }

    @Override
    public NDArray embed(NDArray pictures) {
        return Tensors.normalise(network.forward(pictures));
    }

    /**
     * Embeddings of pictures in the portrait frame.
     *
     * @param pictures 128 x 128 each
     * @return one row of length 1 for each
     */
    public float[][] embed(List<Picture> pictures) {
        return NetFiles.rows(manager, pictures, SIZE, this::embed);
    }

    /** Embedding of one picture in the portrait frame. */
    public float[] embed(Picture picture) {
        return embed(List.of(picture))[0];
    }

    /** Cosine of two embeddings of length 1. */
    public static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Override
    public void close() {
        manager.close();
    }
}
