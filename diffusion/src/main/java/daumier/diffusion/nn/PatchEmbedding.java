package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;

/**
 * The entrance of a vision transformer: a picture's square patches as tokens, the class token
 * before them, positions added.
 */
final class PatchEmbedding {
    private final Conv2d projection;
    private final NDArray classToken;
    private final NDArray positions;
    private final Norm norm;
    private final double[] numbers;

    private PatchEmbedding(
            Conv2d projection,
            NDArray classToken,
            NDArray positions,
            Norm norm,
            int patch,
            double eps) {
        this.projection = projection;
        this.classToken = classToken;
        this.positions = positions;
        this.norm = norm;
        numbers = new double[] {patch, eps};
    }

    /** CLIP's: patches without bias, a norm behind. */
    static PatchEmbedding clip(Builder w, ClipVisionConfig c) {
        long size = c.hiddenSize();
        long tokens = tokens(c.imageSize(), c.patchSize());
        Weights at = w.weights().at("embeddings");
        return new PatchEmbedding(
                new Conv2d(at.at("patch_embedding"), 3, size, c.patchSize(), false),
                at.get("class_embedding", Init.normal(0.02), size),
                at.get("position_embedding.weight", Init.normal(0.02), tokens, size),
                w.norm("pre_layrnorm", size),
                c.patchSize(),
                c.layerNormEps());
    }

    /** That of ViT and DINOv2. */
    static PatchEmbedding vit(Builder w, VitConfig c) {
        long size = c.hiddenSize();
        long tokens = tokens(c.imageSize(), c.patchSize());
        Weights at = w.weights().at("embeddings");
        return new PatchEmbedding(
                new Conv2d(at.at("patch_embeddings.projection"), 3, size, c.patchSize(), true),
                at.get("cls_token", Init.normal(0.02), 1, 1, size),
                at.get("position_embeddings", Init.normal(0.02), 1, tokens, size),
                null,
                c.patchSize(),
                c.layerNormEps());
    }

    private static long tokens(int side, int patch) {
        long patches = side / patch;
        return patches * patches + 1;
    }

    /**
     * Tokens of pictures.
     *
     * @param pixels (rows, 3, h, w), normalised
     * @return (rows, 1 + patches, size)
     */
    NDArray forward(Pass pass, NDArray pixels) {
        return new Call(pass, numbers)
                .add(projection)
                .add(classToken)
                .add(positions)
                .add(norm)
                .run("patch_embedding", pixels);
    }
}
