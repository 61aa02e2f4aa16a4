package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.sample.NoiseSchedule;
import java.util.random.RandomGenerator;

/**
 * Latents with noise at random timesteps and what a v-predicting or epsilon-predicting network
 * should say of them (Salimans and Ho 2022: v = alpha eps - sigma x0).
 *
 * @param rows which examples
 * @param timesteps (b), whole numbers as floats
 * @param noisy (b, c, h, w)
 * @param target (b, c, h, w)
 */
record NoisyBatch(int[] rows, NDArray timesteps, NDArray noisy, NDArray target) {
    static NoisyBatch draw(
            NDManager scope,
            RandomGenerator random,
            LatentStore latents,
            int[] rows,
            NoiseSchedule schedule,
            boolean velocity) {
        double[] alphaBar = schedule.alphasCumprod();
        int n = (int) latents.shape().size();
        int b = rows.length;
        float[] z = new float[b * n];
        float[] target = new float[b * n];
        float[] t = new float[b];
        float[] noise = Batch.noise(random, b * n);
        for (int i = 0; i < b; i++) {
            latents.read(rows[i], z, i * n);
            int step = random.nextInt(alphaBar.length);
            t[i] = step;
            float a = (float) Math.sqrt(alphaBar[step]);
            float s = (float) Math.sqrt(1 - alphaBar[step]);
            for (int k = i * n; k < (i + 1) * n; k++) {
                float x0 = z[k];
                target[k] = velocity ? a * noise[k] - s * x0 : noise[k];
                z[k] = a * x0 + s * noise[k];
            }
        }
        Shape shape = new Shape(b).addAll(latents.shape());
        return new NoisyBatch(
                rows, scope.create(t), scope.create(z, shape), scope.create(target, shape));
    }
}
