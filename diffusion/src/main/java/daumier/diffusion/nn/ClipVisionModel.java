package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The vision tower of CLIP with its projection (transformers' CLIPVisionModelWithProjection, and
 * the picture's side of CLIPModel). Differentiable with respect to the pixels.
 */
public final class ClipVisionModel {
    private final ClipVisionConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final PatchEmbedding embedding;
    private final List<EncoderLayer> layers = new ArrayList<>();
    private final Norm postLayernorm;
    private final Linear projection;

    private ClipVisionModel(ClipVisionConfig c, Weights weights, Kernels kernels) {
        this.config = c;
        this.kernels = kernels;
        this.weights = weights;
        Builder root = Builder.root(weights);
        Builder w = root.at("vision_model");
        embedding = PatchEmbedding.clip(w, c);
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            layers.add(
                    EncoderLayer.clip(
                            w.at("encoder.layers").at(i),
                            c.hiddenSize(),
                            c.intermediateSize(),
                            c.numAttentionHeads(),
                            c.layerNormEps(),
                            c.hiddenAct(),
                            false));
        }
        postLayernorm = w.norm("post_layernorm", c.hiddenSize());
        projection = root.linear("visual_projection", c.hiddenSize(), c.projectionDim(), false);
    }

    /**
     * Builds the model from keys that begin with {@code vision_model.} and {@code
     * visual_projection.}; those of a text tower beside them do not matter.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static ClipVisionModel create(
            ClipVisionConfig config, Weights weights, Kernels kernels) {
        return new ClipVisionModel(config, weights, kernels);
    }

    /**
     * Embeddings of pictures, not normalised.
     *
     * @param pixels (rows, 3, imageSize, imageSize), normalised as the model's processor does
     * @return (rows, projectionDim) float32, owned by the manager of {@code pixels}
     */
    public NDArray forward(NDArray pixels, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, pixels)) {
            NDArray x = embedding.forward(pass, pixels);
            for (EncoderLayer layer : layers) {
                x = layer.forward(pass, x);
            }
            return pass.leave(
                    new Call(pass, config.layerNormEps())
                            .add(postLayernorm)
                            .add(projection)
                            .run("class_token_out", x));
        }
    }

    /** The configuration it was built from. */
    public ClipVisionConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }
}
