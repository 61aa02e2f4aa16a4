package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.ClipVisionConfig;
import daumier.diffusion.nn.ClipVisionModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.Linear;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * CLIP (Radford et al. 2021): pictures and texts as vectors whose angles tell how well they go
 * together. A folder as people have it: {@code config.json}, safetensors, {@code
 * preprocessor_config.json} and the tokenizer's files, of a whole CLIP or of its vision tower.
 */
public final class ClipModel {
    private final Path folder;
    private final Kernels kernels;
    private final ClipVisionModel vision;
    private final ImageProcessor processor;
    private final TextSide text;

    private ClipModel(
            Path folder,
            Kernels kernels,
            ClipVisionModel vision,
            ImageProcessor processor,
            TextSide text) {
        this.folder = folder;
        this.kernels = kernels;
        this.vision = vision;
        this.processor = processor;
        this.text = text;
    }

    /**
     * Reads a model.
     *
     * @param manager owner of the weights
     * @throws IOException if the folder cannot be read or is no CLIP
     * @throws IllegalArgumentException if it is a variant that is not implemented, or incomplete
     */
    public static ClipModel open(Path folder, NDManager manager, Kernels kernels)
            throws IOException {
        ClipVisionConfig config = ClipVisionConfig.read(folder);
        Weights weights = Weights.open(folder, manager);
        ClipVisionModel vision = ClipVisionModel.create(config, weights, kernels);
        ImageProcessor processor =
                ImageProcessor.read(folder, ImageProcessor.clip(config.imageSize()));
        TextSide text = null;
        if (weights.has("text_projection.weight")) {
            text = TextSide.open(folder, config.projectionDim(), weights, kernels);
        }
        return new ClipModel(folder, kernels, vision, processor, text);
    }

    /** Whether it understands texts too, or has the vision tower alone. */
    public boolean readsText() {
        return text != null;
    }

    /**
     * Embeddings of pictures.
     *
     * @param pictures (rows, 3, H, W) in [-1, 1]; they are rounded to 8 bits
     * @return (rows, d), each of length 1, with the pictures' manager
     */
    public NDArray embed(NDArray pictures) {
        return embedding(processor.prepare(pictures, kernels));
    }

    /** The same without rounding, so that gradients pass to the pictures. */
    public NDArray embedSmoothly(NDArray pictures) {
        return embedding(processor.prepareSmoothly(pictures, kernels));
    }

    private NDArray embedding(NDArray pixels) {
        return Cosine.normalised(vision.forward(pixels, Precision.FP32));
    }

    /**
     * The embedding of a text, which is cut where it is too long.
     *
     * @param owner of the result
     * @return (1, d), of length 1
     * @throws IllegalArgumentException if the folder holds the vision tower alone
     */
    public NDArray embed(NDManager owner, String sentence) {
        if (text == null) {
            throw new IllegalArgumentException(
                    "%s holds the vision tower of a CLIP alone: to compare with words, take a whole one."
                            .formatted(folder));
        }
        return text.embed(owner, sentence);
    }

    /** The text's tower, its projection and the tokenizer. */
    private record TextSide(
            ClipTokenizer tokenizer, ClipTextModel tower, Linear projection, Kernels kernels) {
        static TextSide open(Path folder, int dimensions, Weights weights, Kernels kernels)
                throws IOException {
            ClipTextConfig config = ClipTextConfig.read(folder);
            Path own = folder.resolve("tokenizer");
            ClipTokenizer tokenizer = ClipTokenizer.open(Files.isDirectory(own) ? own : folder);
            if (tokenizer.vocabularySize() > config.vocabSize()) {
                throw new IOException(
                        "The tokenizer in %s has %d tokens, but the model has vectors for %d: take the tokenizer that belongs to it."
                                .formatted(folder, tokenizer.vocabularySize(), config.vocabSize()));
            }
            return new TextSide(
                    tokenizer,
                    ClipTextModel.create(config, weights, kernels),
                    new Linear(
                            weights.at("text_projection"), config.hiddenSize(), dimensions, false),
                    kernels);
        }

        NDArray embed(NDManager owner, String sentence) {
            int[] tokens = tokenizer.tokens(sentence);
            int kept = Math.min(tokens.length, tower.config().maxPositionEmbeddings() - 2);
            long[] ids = new long[kept + 2];
            Arrays.setAll(
                    ids,
                    i ->
                            i == 0
                                    ? tokenizer.bosId()
                                    : i <= kept ? tokens[i - 1] : tokenizer.eosId());
            try (NDManager scratch = owner.newSubManager()) {
                // Tokens see only those before: what would pad the text makes no difference.
                NDArray states = tower.forward(scratch.create(ids, new Shape(1, ids.length)));
                NDArray last = states.get(":, " + (kept + 1) + ":" + (kept + 2));
                NDArray embedding =
                        Cosine.normalised(
                                projection.forward(last, kernels, Precision.FP32).squeeze(1));
                embedding.attach(owner);
                return embedding;
            }
        }
    }
}
