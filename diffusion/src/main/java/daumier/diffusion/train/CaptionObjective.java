package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.text.ClipTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Teaches a text encoder what its words look like before a denoiser listens to it: from the mean of
 * a caption's states, a linear map shall tell the picture, coarsely. A denoiser alone would hear
 * the words late, because its first gradients come through attention that is spread evenly over all
 * tokens.
 */
public final class CaptionObjective implements Objective {
    private static final int GRID = 16;

    private final ClipTextModel text;
    private final ClipTokenizer tokenizer;
    private final ExampleStore examples;
    private final int batchSize;
    private final NDArray weight;
    private final NDArray bias;

    /**
     * A loss over captioned pictures.
     *
     * @param manager owner of the linear map
     * @param batchSize captions a step
     */
    public CaptionObjective(
            ClipTextModel text,
            ClipTokenizer tokenizer,
            ExampleStore examples,
            int batchSize,
            NDManager manager) {
        this.text = text;
        this.tokenizer = tokenizer;
        this.examples = examples;
        this.batchSize = batchSize;
        int values = 3 * GRID * GRID;
        this.weight = manager.zeros(new Shape(text.config().hiddenSize(), values));
        this.bias = manager.zeros(new Shape(values));
    }

    /** The linear map's weight: trained along, and thrown away. */
    public NDArray weight() {
        return weight;
    }

    /** The linear map's bias: trained along, and thrown away. */
    public NDArray bias() {
        return bias;
    }

    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        int[] rows = Batch.rows(random, batchSize, examples.count());
        List<String> captions = new ArrayList<>();
        for (int row : rows) {
            captions.add(examples.caption(row));
        }
        NDArray states = Prompts.hiddenStates(scope, text, tokenizer, captions, Precision.FP32);
        NDArray told = states.mean(new int[] {1}).matMul(weight).add(bias);
        int side = examples.size() / GRID;
        NDArray seen =
                Batch.images(scope, examples, rows)
                        .reshape(batchSize, 3, GRID, side, GRID, side)
                        .mean(new int[] {5})
                        .mean(new int[] {3})
                        .reshape(batchSize, 3L * GRID * GRID);
        return told.sub(seen).square().mean();
    }
}
