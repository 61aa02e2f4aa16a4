package daumier.diffusion.sample;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;

/**
 * A denoiser whose estimate is led by {@link PreviewGuidance}: {@code eps' = eps + w g}, where g is
 * the losses' gradient by the noisy latents at unit root mean square, and so {@code x0' = x0 - w
 * (sigma / alpha) g}.
 *
 * @param inner what is led
 * @param unet that makes the previews
 */
record PreviewGuided(
        Denoiser inner, GuidedUNet unet, LookAhead lookAhead, Pack pack, PreviewGuidance guidance)
        implements Denoiser {

    @Override
    public NDArray x0(NDArray x, List<NoiseLevel> at) {
        NDManager outside = x.getManager();
        NDArray estimate = inner.x0(x, at);
        try (NDManager scratch = outside.newSubManager()) {
            NDArray direction = unit(scratch, gradient(scratch, x, at));
            float[] lengths = new float[at.size()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = (float) (guidance.weight() * at.get(i).ratio());
            }
            NDArray led =
                    SamplingState.borrow(scratch, estimate)
                            .sub(direction.mul(Rows.column(scratch, lengths)));
            led.attach(outside);
            return led;
        }
    }

    /**
     * The gradient of the mixed losses by the noisy latents; with the U-Net left out, by the clean
     * latents that are foreseen, which differs by a factor then.
     */
    NDArray gradient(NDManager scratch, NDArray x, List<NoiseLevel> at) {
        NDArray root = SamplingState.borrow(scratch, x);
        if (!guidance.throughUNet()) {
            root = SamplingState.borrow(scratch, lookAhead.latents(root, at, unet));
        }
        root.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray clean = guidance.throughUNet() ? lookAhead.latents(root, at, unet) : root;
            NDArray preview = pack.decodePreview(clean);
            // The graph behind the preview is walked once, however many losses look at it.
            NDArray mixed = mixed(scratch, collector, preview);
            collector.backward(preview.mul(mixed).sum());
            return SamplingState.borrow(scratch, root.getGradient());
        }
    }

    /**
     * The losses' gradients by the pixels, each of unit size, in the proportions of the weights.
     */
    private NDArray mixed(NDManager scratch, GradientCollector collector, NDArray preview) {
        NDArray sum = scratch.zeros(preview.getShape());
        for (PreviewGuidance.Term term : guidance.terms()) {
            NDArray pixels = SamplingState.borrow(scratch, preview.stopGradient());
            pixels.setRequiresGradient(true);
            collector.backward(term.loss().of(pixels).sum());
            NDArray gradient = SamplingState.borrow(scratch, pixels.getGradient());
            float share = (float) (term.weight() / guidance.weight());
            sum = sum.add(unit(scratch, gradient).mul(share));
        }
        return sum;
    }

    /** Each row at a root mean square of 1; a row of zeros stays one. */
    private static NDArray unit(NDManager scratch, NDArray gradient) {
        Shape shape = gradient.getShape();
        float[] values = gradient.toFloatArray();
        int size = (int) (shape.size() / shape.get(0));
        float[] factors = new float[(int) shape.get(0)];
        for (int row = 0; row < factors.length; row++) {
            double square = 0;
            for (int i = row * size; i < (row + 1) * size; i++) {
                square += (double) values[i] * values[i];
            }
            factors[row] = square > 0 ? (float) (1 / Math.sqrt(square / size)) : 0;
        }
        return gradient.mul(Rows.column(scratch, factors));
    }
}
