package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import daumier.diffusion.nn.LoraScales;
import java.util.random.RandomGenerator;

/**
 * The denoising loss (Ho et al. 2020, equation 14; Salimans and Ho 2022 for v): mean squared error
 * of the U-Net's prediction at random timesteps, for the U-Net alone, with its text encoder and
 * geometry adapter, or for a LoRA of it.
 */
public final class DenoiserObjective implements Objective {
    private final Networks networks;
    private final LatentStore latents;
    private final Conditioning conditioning;
    private final int batchSize;
    private final LoraScales loras;
    private final double focus;

    /**
     * A loss over examples.
     *
     * @param latents the examples' latents, row by row
     * @param conditioning captions and maps of the same rows
     * @param batchSize rows a step
     * @param loras scales of the attached LoRAs, or null
     * @param focus further weight of the middle of the picture, where the features of a portrait
     *     are; 0 for none
     */
    public DenoiserObjective(
            Networks networks,
            LatentStore latents,
            Conditioning conditioning,
            int batchSize,
            LoraScales loras,
            double focus) {
        this.networks = networks;
        this.latents = latents;
        this.conditioning = conditioning;
        this.batchSize = batchSize;
        this.loras = loras;
        this.focus = focus;
    }

    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        int[] rows = Batch.rows(random, batchSize, latents.count());
        NoisyBatch batch =
                NoisyBatch.draw(
                        scope, random, latents, rows, networks.schedule(), networks.velocity());
        Conditions given = conditioning.draw(scope, random, rows);
        NDArray prediction =
                networks.unet()
                        .forward(
                                batch.noisy(),
                                batch.timesteps(),
                                given.hiddenStates(),
                                given.forward(networks.precision()).withLora(loras));
        NDArray error = prediction.sub(batch.target()).square();
        if (focus == 0) {
            return error.mean();
        }
        long h = error.getShape().get(2);
        long w = error.getShape().get(3);
        NDIndex middle =
                new NDIndex(":, :, {}:{}, {}:{}", h * 9 / 32, h * 25 / 32, w * 9 / 32, w * 23 / 32);
        return error.mean().add(error.get(middle).mean().mul((float) focus));
    }
}
