package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A portrait whose features the drawing may look at while it is drawn: noised to the same level, it
 * goes through the U-Net as further rows, and the drawing's self-attention sees its keys and values
 * too ({@link daumier.diffusion.nn.SharedAttention}). Its noise is drawn once, so that it does not
 * flicker from step to step.
 *
 * @param clean its latents (1, c, h, w), scaled
 * @param noise unit noise of the same shape
 * @param strength factor of the attention that it gets, above 0
 * @param lowest timestep at which it is seen
 * @param highest timestep at which it is seen
 */
public record Reference(
        NDArray clean, NDArray noise, double strength, double lowest, double highest) {
    /**
     * A reference with fresh noise.
     *
     * @param generator whose next values are the noise
     */
    public static Reference of(
            NDArray clean, TorchRandom generator, double strength, double lowest, double highest) {
        int size = Math.toIntExact(clean.getShape().size());
        NDArray noise = clean.getManager().create(generator.randn(size), clean.getShape());
        return new Reference(clean, noise, strength, lowest, highest);
    }

    /** Whether it is seen at these levels: all must lie in its range. */
    boolean acts(List<NoiseLevel> at) {
        return at.stream().allMatch(l -> l.timestep() >= lowest && l.timestep() <= highest);
    }

    /** Its latents noised to each of the levels, a row for each. */
    NDArray noised(NDManager owner, List<NoiseLevel> at) {
        NDArray x = SamplingState.borrow(owner, clean);
        NDArray unit = SamplingState.borrow(owner, noise);
        NDList rows = new NDList();
        for (NoiseLevel level : at) {
            rows.add(x.mul((float) level.alpha()).add(unit.mul((float) level.sigma())));
        }
        return NDArrays.concat(rows);
    }
}
