package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.List;

/**
 * Estimates the clean latents behind noisy ones. Parametrisation, guidance, adapters and LoRA
 * weights are all behind this.
 */
@FunctionalInterface
public interface Denoiser {
    /**
     * The estimate of the clean latents.
     *
     * @param x noisy latents (b, c, h, w) in the variance-preserving scale: {@code alpha * x0 +
     *     sigma * noise}
     * @param at the noise level of each row, b of them
     * @return the estimate (b, c, h, w), attached to the manager of x
     */
    NDArray x0(NDArray x, List<NoiseLevel> at);

    /** The estimate where all rows are at the same level. */
    default NDArray x0(NDArray x, NoiseLevel at) {
        return x0(x, Collections.nCopies((int) x.getShape().get(0), at));
    }
}
