package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderTiny;
import daumier.diffusion.nn.Precision;
import java.util.random.RandomGenerator;

/**
 * Distils an autoencoder into a tiny one with the same latents: the decoder learns the pictures
 * from the large encoder's latents, the encoder learns those latents.
 *
 * @param tiny what is trained
 * @param latents the large autoencoder's scaled latents of the same examples
 * @param examples pictures
 * @param batchSize pictures a step
 * @param encoderWeight weight of the encoder's squared error
 */
public record TinyAutoencoderObjective(
        AutoencoderTiny tiny,
        LatentStore latents,
        ExampleStore examples,
        int batchSize,
        double encoderWeight,
        Precision precision)
        implements Objective {
    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        int[] rows = Batch.rows(random, batchSize, examples.count());
        int n = (int) latents.shape().size();
        float[] values = new float[n * rows.length];
        for (int i = 0; i < rows.length; i++) {
            latents.read(rows[i], values, i * n);
        }
        NDArray z = scope.create(values, new Shape(rows.length).addAll(latents.shape()));
        NDArray x = Batch.images(scope, examples, rows);
        NDArray decoded = tiny.decode(z, precision);
        NDArray encoded = tiny.encode(x, precision);
        return PictureLoss.of(decoded, x)
                .add(encoded.sub(z).square().mean().mul((float) encoderWeight));
    }
}
