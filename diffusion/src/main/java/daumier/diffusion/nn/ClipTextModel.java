package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** The text tower of CLIP (transformers' CLIPTextModel) without its pooled output. */
public final class ClipTextModel {
    private final ClipTextConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final Embedding tokenEmbedding;
    private final Embedding positionEmbedding;
    private final List<EncoderLayer> layers = new ArrayList<>();
    private final Norm finalLayerNorm;
    private final LoraStack lora;

    private ClipTextModel(ClipTextConfig c, Weights weights, Kernels kernels, Packer packer) {
        this.config = c;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights, packer).at("text_model");
        tokenEmbedding =
                new Embedding(
                        w.weights().at("embeddings.token_embedding"),
                        packer,
                        c.vocabSize(),
                        c.hiddenSize());
        positionEmbedding =
                new Embedding(
                        w.weights().at("embeddings.position_embedding"),
                        c.maxPositionEmbeddings(),
                        c.hiddenSize());
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            layers.add(
                    EncoderLayer.clip(
                            w.at("encoder.layers").at(i),
                            c.hiddenSize(),
                            c.intermediateSize(),
                            c.numAttentionHeads(),
                            c.layerNormEps(),
                            c.hiddenAct(),
                            true));
        }
        finalLayerNorm = w.norm("final_layer_norm", c.hiddenSize());
        lora = new LoraStack(w.layers(), weights.manager());
    }

    /**
     * Builds the model. Keys may begin with {@code text_model.} or leave it out; layers are named
     * with it either way.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static ClipTextModel create(ClipTextConfig config, Weights weights, Kernels kernels) {
        return new ClipTextModel(config, named(weights), kernels, null);
    }

    /**
     * Builds the model for use in float32: where the device gains by it, the weights of layers are
     * kept only in the order that products read. They are no {@link #parameters} then. Results
     * differ by rounding.
     *
     * @param cache keeps packed weights, and is closed before the weights' manager is; or null
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static ClipTextModel forDrawing(
            ClipTextConfig config, Weights weights, Kernels kernels, PackedCache cache) {
        if (!kernels.isPacking()) {
            return create(config, weights, kernels);
        }
        Weights named = named(weights);
        try (Packer packer = Packer.of(kernels, Precision.FP32, named, "text", cache)) {
            ClipTextModel whole = new ClipTextModel(config, named, kernels, packer);
            packer.keep();
            return whole;
        }
    }

    private static Weights named(Weights weights) {
        boolean bare =
                !weights.has("text_model.embeddings.token_embedding.weight")
                        && weights.has("embeddings.token_embedding.weight");
        if (!bare) {
            return weights;
        }
        String prefix = weights.path().isEmpty() ? "" : weights.path() + ".";
        return weights.renamed(
                key -> prefix + key.substring(prefix.length() + "text_model.".length()));
    }

    /**
     * The states of the last layer after the final norm, in float32 and without LoRA: what Stable
     * Diffusion 1 conditions on.
     */
    public NDArray forward(NDArray ids) {
        return forward(ids, 1, Forward.in(Precision.FP32));
    }

    /**
     * Token states.
     *
     * @param ids (rows, tokens) INT64
     * @param clipSkip 1 for the last layer, 2 for the one before, and so on; the final norm is
     *     applied to any
     * @param f precision and LoRA scales; adapter residuals do not apply
     * @return (rows, tokens, hiddenSize) float32, owned by the manager of {@code ids}
     */
    public NDArray forward(NDArray ids, int clipSkip, Forward f) {
        return forward(ids, null, clipSkip, f);
    }

    /**
     * Token states where some tokens have learned vectors (textual inversion).
     *
     * @param learned (n, hiddenSize) float32, the vectors of the ids from {@code vocabSize} on; or
     *     null for none
     */
    public NDArray forward(NDArray ids, NDArray learned, int clipSkip, Forward f) {
        if (clipSkip < 1 || clipSkip > layers.size()) {
            throw new IllegalArgumentException(
                    "Clip skip must lie between 1 (last layer) and %d (first layer), not %d."
                            .formatted(layers.size(), clipSkip));
        }
        lora.check(f.scales(), ids.getShape().get(0));
        try (Pass pass = new Pass(kernels, f.precision(), f.scales(), ids)) {
            Call tables = new Call(pass).add(tokenEmbedding).add(positionEmbedding);
            NDArray x =
                    learned == null
                            ? tables.run("text_embedding", ids)
                            : tables.run("text_embedding_more", ids, learned);
            for (EncoderLayer layer : layers.subList(0, layers.size() + 1 - clipSkip)) {
                x = layer.forward(pass, x);
            }
            return pass.leave(
                    new Call(pass, config.layerNormEps()).add(finalLayerNorm).run("text_out", x));
        }
    }

    /** The configuration it was built from. */
    public ClipTextConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }

    /** The layers where a LoRA can attach. */
    public List<LoraTarget> loraTargets() {
        return lora.targets();
    }

    /** The attached LoRAs. */
    public LoraStack lora() {
        return lora;
    }
}
