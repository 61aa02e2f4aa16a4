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
 * Says how far a portrait has gone from the photo look to each artist's: 0 is the photo, 1 the
 * artist's own rendering, learned from blends of the two. Differentiable.
 */
public final class StyleNet implements AutoCloseable {
    private final NDManager manager;
    private final Network network;
    private final List<String> artists;
    private JsonObject card = new JsonObject();

    StyleNet(List<String> layers, List<String> artists, NDManager parent, long seed) {
        manager = parent.newSubManager();
        int side = Augmentation.SIDE;
        network = new Network(new Architecture(3, side, side, layers), manager, seed);
        this.artists = List.copyOf(artists);
        if (network.architecture().outputs() != artists.size()) {
            throw new IllegalArgumentException("A style network has one output for each artist.");
        }
    }

    /**
     * Reads a trained network.
     *
     * @param file the .safetensors file; its .json lies beside it
     * @param parent what its arrays live under
     * @throws IOException if a file is missing or does not hold a style network
     */
    public static StyleNet open(Path file, NDManager parent) throws IOException {
        JsonObject card = NetFiles.card(file, "style");
        List<String> artists =
                List.of(NetFiles.gson().fromJson(card.get("artists"), String[].class));
        StyleNet net = new StyleNet(NetFiles.layers(card), artists, parent, 0);
        net.card = card;
        NetFiles.load(file, net.networks(), net.manager);
        return net;
    }

    void save(Path file, JsonObject figures) throws IOException {
        card = figures.deepCopy();
        card.add("artists", NetFiles.gson().toJsonTree(artists));
        card.add("layers", NetFiles.gson().toJsonTree(network.architecture().layers()));
        NetFiles.save(file, "style", networks(), card);
    }

    /** What was said about the network when it was made. */
    public JsonObject card() {
        return card.deepCopy();
    }

    /** The artists' words, in the order of the outputs. */
    public List<String> artists() {
        return artists;
    }

    Network network() {
        return network;
    }

    Map<String, Network> networks() {
        return Map.of("style", network);
    }

    /**
     * Style level for each artist, about 0 to 1 (not clipped, so that gradients survive).
     *
     * @param pictures (b, 3, 128, 128) in [-1, 1]
     * @return (b, artists) on the manager of the pictures
     */
    public NDArray level(NDArray pictures) {
        return network.forward(pictures);
    }

    /**
     * Style levels of pictures in the portrait frame.
     *
     * @param pictures 128 x 128 each
     * @return one row for each, one value for each artist
     */
    public float[][] level(List<Picture> pictures) {
        return NetFiles.rows(manager, pictures, artists.size(), this::level);
    }

    /**
     * What the levels are read from: a description of a picture's look that also tells looks apart
     * that the network has no output for.
     *
     * @param pictures 128 x 128 each
     * @return one row for each, equally long
     */
    public float[][] features(List<Picture> pictures) {
        Architecture.LayerSpec last =
                network.architecture().parsed().get(network.architecture().parsed().size() - 1);
        return NetFiles.rows(manager, pictures, last.inSize(), network::features);
    }

    @Override
    public void close() {
        manager.close();
    }
}
