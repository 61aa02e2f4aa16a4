package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The configuration of a {@link ClipVisionModel} under the names of transformers and with its
 * defaults.
 *
 * @param imageSize side of the pictures it looks at, in pixels
 * @param patchSize side of a patch, in pixels
 * @param hiddenAct quick_gelu or gelu
 * @param projectionDim length of a picture's embedding
 */
public record ClipVisionConfig(
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int imageSize,
        int patchSize,
        String hiddenAct,
        double layerNormEps,
        int projectionDim) {
    /**
     * Reads {@code config.json}, of a vision tower or of a whole CLIP; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static ClipVisionConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static ClipVisionConfig parse(String json) {
        return of(JsonConfig.parse(json, "the vision model's configuration"));
    }

    private static ClipVisionConfig of(JsonConfig root) {
        String type = root.text("model_type", "clip_vision_model");
        root.demand(
                "model_type",
                "a CLIP or its vision tower is needed (clip, clip_vision_model)",
                type.equals("clip") || type.equals("clip_vision_model"));
        JsonConfig c = root.has("vision_config") ? root.at("vision_config") : root;
        String act = c.text("hidden_act", "quick_gelu");
        c.demand(
                "hidden_act",
                "quick_gelu and gelu are",
                act.equals("quick_gelu") || act.equals("gelu"));
        return new ClipVisionConfig(
                c.integer("hidden_size", 768),
                c.integer("intermediate_size", 3072),
                c.integer("num_hidden_layers", 12),
                c.integer("num_attention_heads", 12),
                c.integer("image_size", 224),
                c.integer("patch_size", 32),
                act,
                c.number("layer_norm_eps", 1e-5),
                // A whole CLIP's own number holds for both towers, whatever theirs say.
                root.integer("projection_dim", c.integer("projection_dim", 512)));
    }
}
