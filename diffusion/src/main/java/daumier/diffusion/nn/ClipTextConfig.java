package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The configuration of a {@link ClipTextModel} under the names of transformers and with its
 * defaults.
 *
 * @param hiddenAct quick_gelu (x sigmoid(1.702 x)) or gelu
 */
public record ClipTextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int maxPositionEmbeddings,
        String hiddenAct,
        double layerNormEps) {
    /**
     * Reads {@code config.json}, of a text tower or of a whole CLIP; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static ClipTextConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static ClipTextConfig parse(String json) {
        return of(JsonConfig.parse(json, "the text model's configuration"));
    }

    private static ClipTextConfig of(JsonConfig root) {
        JsonConfig c = root.has("text_config") ? root.at("text_config") : root;
        String act = c.text("hidden_act", "quick_gelu");
        c.demand(
                "hidden_act",
                "quick_gelu and gelu are",
                act.equals("quick_gelu") || act.equals("gelu"));
        return new ClipTextConfig(
                c.integer("vocab_size", 49408),
                c.integer("hidden_size", 512),
                c.integer("intermediate_size", 2048),
                c.integer("num_hidden_layers", 12),
                c.integer("num_attention_heads", 8),
                c.integer("max_position_embeddings", 77),
                act,
                c.number("layer_norm_eps", 1e-5));
    }
}
