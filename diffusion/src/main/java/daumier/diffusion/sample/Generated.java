package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What a generation made; closing releases the arrays.
 *
 * @param manager owner of the arrays
 * @param latents (b, c, h, w) after the last step
 * @param pictures (b, 3, H, W) in [-1, 1], clipped
 */
public record Generated(NDManager manager, NDArray latents, NDArray pictures, Timings timings)
        implements AutoCloseable {
    @Override
    public void close() {
        manager.close();
    }
}
