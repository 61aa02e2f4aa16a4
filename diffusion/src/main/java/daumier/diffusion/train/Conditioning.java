package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Turns captions and condition maps of examples into what the U-Net is told, with random omissions.
 */
public final class Conditioning {
    private final Networks networks;
    private final ExampleStore examples;
    private final CaptionDropout captionDropout;
    private final double adapterDropout;

    /**
     * Conditions from {@code examples}.
     *
     * @param captionDropout how captions are shortened
     * @param adapterDropout probability that a row sees no map
     */
    public Conditioning(
            Networks networks,
            ExampleStore examples,
            CaptionDropout captionDropout,
            double adapterDropout) {
        this.networks = networks;
        this.examples = examples;
        this.captionDropout = captionDropout;
        this.adapterDropout = adapterDropout;
    }

    Conditions draw(NDManager scope, RandomGenerator random, int[] rows) {
        NDArray hidden = hiddenStates(scope, random, rows);
        return new Conditions(
                hidden, networks.adapter() == null ? null : residuals(scope, random, rows));
    }

    private NDArray hiddenStates(NDManager scope, RandomGenerator random, int[] rows) {
        List<String> captions = new ArrayList<>();
        for (int row : rows) {
            captions.add(captionDropout.apply(examples.caption(row), random));
        }
        return Prompts.hiddenStates(
                scope, networks.text(), networks.tokenizer(), captions, networks.precision());
    }

    private List<NDArray> residuals(NDManager scope, RandomGenerator random, int[] rows) {
        NDArray condition = Batch.conditions(scope, examples, rows);
        float[] keep = new float[rows.length];
        for (int i = 0; i < keep.length; i++) {
            keep[i] = random.nextDouble() < adapterDropout ? 0f : 1f;
        }
        NDArray kept = scope.create(keep, new Shape(keep.length, 1, 1, 1));
        List<NDArray> residuals = new ArrayList<>();
        for (NDArray residual : networks.adapter().forward(condition, networks.precision())) {
            residuals.add(residual.mul(kept));
        }
        return residuals;
    }
}
