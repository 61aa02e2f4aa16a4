package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The two files of a face network: weights (.safetensors, F16) and its card (.json). */
final class NetFiles {
    private static final int CHUNK = 32;

    private NetFiles() {}

    static Gson gson() {
        return new GsonBuilder().setPrettyPrinting().create();
    }

    static Path cardFile(Path weights) {
        String name = weights.getFileName().toString().replaceFirst("\\.safetensors$", "");
        return weights.resolveSibling(name + ".json");
    }

    /** Reads the card and checks that it speaks of the wanted kind of network. */
    static JsonObject card(Path weights, String kind) throws IOException {
        Path file = cardFile(weights);
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "%s is missing: a face network needs its card beside its weights."
                            .formatted(file));
        }
        try {
            JsonObject card = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            if (card.has("kind") && card.get("kind").getAsString().equals(kind)) {
                return card;
            }
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(file + " is no card of a face network.", e);
        }
        throw new IOException("%s is no card of a %s network.".formatted(file, kind));
    }

    /** The layers that a card names. */
    static List<String> layers(JsonObject card) {
        return List.of(gson().fromJson(card.get("layers"), String[].class));
    }

    /** Runs a network over pictures of 128 x 128 in small batches; one row of values for each. */
    static float[][] rows(
            NDManager parent, List<Picture> pictures, int values, UnaryOperator<NDArray> network) {
        int side = Augmentation.SIDE;
        float[][] rows = new float[pictures.size()][values];
        for (int from = 0; from < rows.length; from += CHUNK) {
            int n = Math.min(CHUNK, rows.length - from);
            float[] planes = new float[n * 3 * side * side];
            for (int i = 0; i < n; i++) {
                Picture p = pictures.get(from + i);
                if (p.width() != side || p.height() != side) {
                    throw new IllegalArgumentException(
                            "Face networks read pictures of 128 x 128, not %d x %d."
                                    .formatted(p.width(), p.height()));
                }
                System.arraycopy(p.toChw(), 0, planes, i * 3 * side * side, 3 * side * side);
            }
            try (NDManager m = parent.newSubManager()) {
                NDArray x = m.create(planes, new Shape(n, 3, side, side));
                float[] out = network.apply(x).toFloatArray();
                for (int i = 0; i < n; i++) {
                    System.arraycopy(out, i * values, rows[from + i], 0, values);
                }
            }
        }
        return rows;
    }

    static void save(Path weights, String kind, Map<String, Network> networks, JsonObject card)
            throws IOException {
        Map<String, NDArray> all = new LinkedHashMap<>();
        networks.forEach((n, net) -> net.state().forEach((k, a) -> all.put(n + "." + k, a)));
        TensorFile.write(weights, all, true);
        card.addProperty("kind", kind);
        Files.writeString(cardFile(weights), gson().toJson(card));
    }

    static void load(Path weights, Map<String, Network> networks, NDManager parent)
            throws IOException {
        try (NDManager m = parent.newSubManager()) {
            Map<String, NDArray> values = TensorFile.read(weights, m);
            networks.forEach((n, net) -> net.load(Tensors.below(values, n)));
        }
    }
}
