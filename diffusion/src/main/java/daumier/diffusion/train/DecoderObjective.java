package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.Precision;
import java.util.random.RandomGenerator;

/**
 * Refines an autoencoder's decoder while its latents stay as they are, so that a denoiser trained
 * on them stays valid.
 *
 * @param vae whose decoder is trained
 * @param latents scaled latents of the same examples
 * @param examples pictures
 * @param batchSize pictures a step
 * @param noise standard deviation of noise on the latents: a denoiser's are not perfect either
 */
public record DecoderObjective(
        AutoencoderKL vae,
        LatentStore latents,
        ExampleStore examples,
        int batchSize,
        double noise,
        Precision precision)
        implements Objective {
    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        int[] rows = Batch.rows(random, batchSize, examples.count());
        int n = (int) latents.shape().size();
        float[] values = Batch.noise(random, n * rows.length);
        float scale = (float) (1 / vae.config().scalingFactor());
        float[] clean = new float[values.length];
        for (int i = 0; i < rows.length; i++) {
            latents.read(rows[i], clean, i * n);
        }
        for (int k = 0; k < values.length; k++) {
            values[k] = scale * (clean[k] + (float) noise * values[k]);
        }
        NDArray z = scope.create(values, new Shape(rows.length).addAll(latents.shape()));
        NDArray x = Batch.images(scope, examples, rows);
        return PictureLoss.of(vae.decode(z, precision), x);
    }
}
