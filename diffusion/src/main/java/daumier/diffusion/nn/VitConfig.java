package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The configuration of a {@link VisionTransformer} under the names of transformers and with its
 * defaults.
 *
 * @param dinov2 whether it is a DINOv2 (Oquab et al. 2023) and not a plain ViT, as DINO has it
 *     (Caron et al. 2021)
 * @param intermediateSize width inside a layer's network
 * @param imageSize side of the pictures that the positions were learned on, in pixels
 * @param patchSize side of a patch, in pixels
 */
public record VitConfig(
        boolean dinov2,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int imageSize,
        int patchSize,
        double layerNormEps) {
    /**
     * Reads {@code config.json}; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static VitConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static VitConfig parse(String json) {
        return of(JsonConfig.parse(json, "the vision transformer's configuration"));
    }

    private static VitConfig of(JsonConfig c) {
        String type = c.text("model_type", "vit");
        c.demand(
                "model_type",
                "vit (DINO) and dinov2 are",
                type.equals("vit") || type.equals("dinov2"));
        boolean dinov2 = type.equals("dinov2");
        c.demand("hidden_act", "gelu is", c.text("hidden_act", "gelu").equals("gelu"));
        c.demand(
                "use_swiglu_ffn",
                "take the small, base or large DINOv2",
                !c.flag("use_swiglu_ffn", false));
        c.demand("qkv_bias", "true is", c.flag("qkv_bias", true));
        c.demand("num_channels", "3 are", c.integer("num_channels", 3) == 3);
        int size = c.integer("hidden_size", 768);
        return new VitConfig(
                dinov2,
                size,
                dinov2 ? c.integer("mlp_ratio", 4) * size : c.integer("intermediate_size", 3072),
                c.integer("num_hidden_layers", 12),
                c.integer("num_attention_heads", 12),
                c.integer("image_size", 224),
                c.integer("patch_size", dinov2 ? 14 : 16),
                c.number("layer_norm_eps", dinov2 ? 1e-6 : 1e-12));
    }
}
