package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A vision transformer (transformers' ViTModel and Dinov2Model), as which the weights of DINO and
 * DINOv2 are published: gives the class token of the last layer. Pictures of another size than it
 * was trained on take bicubically interpolated positions.
 */
public final class VisionTransformer {
    private final VitConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final PatchEmbedding embedding;
    private final List<EncoderLayer> layers = new ArrayList<>();
    private final Norm layernorm;

    private VisionTransformer(VitConfig c, Weights weights, Kernels kernels) {
        this.config = c;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights);
        embedding = PatchEmbedding.vit(w, c);
        EncoderLayer.Names names = c.dinov2() ? EncoderLayer.Names.DINOV2 : EncoderLayer.Names.VIT;
        for (int i = 0; i < c.numHiddenLayers(); i++) {
            layers.add(
                    EncoderLayer.vit(
                            w.at("encoder.layer").at(i),
                            names,
                            c.hiddenSize(),
                            c.intermediateSize(),
                            c.numAttentionHeads(),
                            c.layerNormEps()));
        }
        layernorm = w.norm("layernorm", c.hiddenSize());
    }

    /**
     * Builds the model. Keys may begin with {@code vit.} or {@code dinov2.}, as in files of models
     * with a classifier, or leave it out.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static VisionTransformer create(VitConfig config, Weights weights, Kernels kernels) {
        String prefix = config.dinov2() ? "dinov2" : "vit";
        boolean prefixed = weights.has(prefix + ".embeddings.cls_token");
        return new VisionTransformer(config, prefixed ? weights.at(prefix) : weights, kernels);
    }

    /**
     * The class tokens after the final norm.
     *
     * @param pixels (rows, 3, h, w), normalised; sides are multiples of the patch's
     * @return (rows, hiddenSize) float32, owned by the manager of {@code pixels}
     */
    public NDArray forward(NDArray pixels, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, pixels)) {
            NDArray x = embedding.forward(pass, pixels);
            for (EncoderLayer layer : layers) {
                x = layer.forward(pass, x);
            }
            return pass.leave(
                    new Call(pass, config.layerNormEps())
                            .add(layernorm)
                            .add((Layer) null)
                            .run("class_token_out", x));
        }
    }

    /** The configuration it was built from. */
    public VitConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }
}
