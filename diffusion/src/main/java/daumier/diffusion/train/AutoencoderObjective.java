package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.Precision;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Trains an {@link AutoencoderKL}: reconstruction ({@link PictureLoss}) of a sample from the
 * posterior, and a small Kullback-Leibler term towards the unit normal (Kingma and Welling 2013;
 * Rombach et al. 2022, section 3.1).
 *
 * @param vae what is trained
 * @param examples stores that the rows of a batch are drawn from in turn, of one picture size
 * @param batchSize pictures a step
 * @param klWeight weight of the Kullback-Leibler term, averaged over latent values
 */
public record AutoencoderObjective(
        AutoencoderKL vae,
        List<ExampleStore> examples,
        int batchSize,
        double klWeight,
        Precision precision)
        implements Objective {
    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        NDArray x = Batch.images(scope, examples, random, batchSize);
        AutoencoderKL.Moments moments = vae.encode(x, precision);
        NDArray mean = moments.mean();
        NDArray logVariance = moments.logvar();
        Shape shape = mean.getShape();
        NDArray noise = scope.create(Batch.noise(random, (int) shape.size()), shape);
        NDArray z = mean.add(logVariance.mul(0.5f).exp().mul(noise));
        NDArray y = vae.decode(z, precision);
        NDArray kl =
                mean.square()
                        .add(logVariance.exp())
                        .sub(logVariance)
                        .sub(1)
                        .mean()
                        .mul((float) (0.5 * klWeight));
        return PictureLoss.of(y, x).add(kl);
    }
}
