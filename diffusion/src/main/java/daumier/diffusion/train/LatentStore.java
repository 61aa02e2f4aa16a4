package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.Precision;

/**
 * The examples' latents, kept in memory: what the denoiser is trained on, in its own scale.
 *
 * @param values rows of (channels, height, width), one after another
 * @param count how many rows
 * @param shape (channels, height, width)
 */
public record LatentStore(float[] values, int count, Shape shape) {
    private static final int ROWS_AT_ONCE = 16;

    /** Encodes all pictures of {@code examples} to posterior means times the scaling factor. */
    public static LatentStore encode(
            AutoencoderKL vae, ExampleStore examples, NDManager manager, Precision precision) {
        float[] all = null;
        Shape one = null;
        for (int begin = 0; begin < examples.count(); begin += ROWS_AT_ONCE) {
            int rows = Math.min(ROWS_AT_ONCE, examples.count() - begin);
            try (NDManager scope = manager.newSubManager()) {
                int[] indices = new int[rows];
                for (int i = 0; i < rows; i++) {
                    indices[i] = begin + i;
                }
                NDArray mean = vae.encode(Batch.images(scope, examples, indices), precision).mean();
                float[] scaled = mean.mul((float) vae.config().scalingFactor()).toFloatArray();
                if (all == null) {
                    one = mean.getShape().slice(1);
                    all = new float[Math.toIntExact(one.size() * examples.count())];
                }
                System.arraycopy(scaled, 0, all, begin * (int) one.size(), scaled.length);
            }
        }
        if (all == null) {
            throw new IllegalArgumentException("There are no examples to encode.");
        }
        return new LatentStore(all, examples.count(), one);
    }

    /** Copies row {@code i} into {@code out} from {@code offset}. */
    void read(int i, float[] out, int offset) {
        int n = (int) shape.size();
        System.arraycopy(values, i * n, out, offset, n);
    }
}
