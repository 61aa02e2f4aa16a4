package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.LoraScales;
import java.util.random.RandomGenerator;

/**
 * Latent consistency distillation of a U-Net into a LoRA of itself (Luo et al. 2023, algorithm 1,
 * without guidance): the picture that the LoRA sees at a timestep shall be the one it sees a DDIM
 * step of the teacher further down. The picture itself takes the place of the lower estimate at the
 * end of the schedule, where the boundary condition binds it.
 */
public final class ConsistencyObjective implements Objective {
    /** Training grid of LCM: this many DDIM steps. */
    private static final int GRID = 50;

    private static final float HUBER = 0.001f;

    private final Networks networks;
    private final LatentStore latents;
    private final Conditioning conditioning;
    private final int batchSize;
    private final LoraScales teacher;
    private final LoraScales student;

    /**
     * A distillation over examples.
     *
     * @param latents the examples' latents, row by row
     * @param conditioning captions and maps of the same rows
     * @param batchSize rows a step
     * @param teacher scales that leave the trained LoRA out
     * @param student scales that let it act
     */
    public ConsistencyObjective(
            Networks networks,
            LatentStore latents,
            Conditioning conditioning,
            int batchSize,
            LoraScales teacher,
            LoraScales student) {
        this.networks = networks;
        this.latents = latents;
        this.conditioning = conditioning;
        this.batchSize = batchSize;
        this.teacher = teacher;
        this.student = student;
    }

    @Override
    public NDArray loss(NDManager scope, RandomGenerator random, long step) {
        int[] rows = Batch.rows(random, batchSize, latents.count());
        Conditions given = conditioning.draw(scope, random, rows);
        Levels levels = Levels.draw(random, networks.schedule().alphasCumprod(), batchSize, GRID);
        Shape shape = new Shape(batchSize).addAll(latents.shape());
        int n = (int) latents.shape().size();
        float[] clean = new float[batchSize * n];
        for (int i = 0; i < batchSize; i++) {
            latents.read(rows[i], clean, i * n);
        }
        NDArray z = scope.create(clean, shape);
        NDArray noise = scope.create(Batch.noise(random, clean.length), shape);
        NDArray noisy = z.mul(levels.alpha(scope)).add(noise.mul(levels.sigma(scope)));
        NDArray target = withoutGradients(() -> target(scope, noisy, given, levels));
        NDArray seen =
                picture(
                        noisy,
                        levels.timesteps(scope),
                        given,
                        student,
                        levels.alpha(scope),
                        levels.sigma(scope));
        NDArray error = seen.sub(target).square().add(HUBER * HUBER).sqrt().sub(HUBER);
        return error.mean();
    }

    private NDArray target(NDManager scope, NDArray noisy, Conditions given, Levels levels) {
        NDArray alpha = levels.alpha(scope);
        NDArray sigma = levels.sigma(scope);
        NDArray taught = picture(noisy, levels.timesteps(scope), given, teacher, alpha, sigma);
        NDArray noise = noisy.sub(taught.mul(alpha)).div(sigma);
        NDArray below =
                taught.mul(levels.lowerAlpha(scope)).add(noise.mul(levels.lowerSigma(scope)));
        NDArray estimate =
                picture(
                        below,
                        levels.lowerTimesteps(scope),
                        given,
                        student,
                        levels.lowerAlpha(scope),
                        levels.lowerSigma(scope));
        NDArray end = levels.end(scope);
        return taught.mul(end).add(estimate.mul(end.mul(-1).add(1)));
    }

    /** The x0 that the network's output stands for. */
    private NDArray picture(
            NDArray x,
            NDArray t,
            Conditions given,
            LoraScales scales,
            NDArray alpha,
            NDArray sigma) {
        Forward forward = given.forward(networks.precision()).withLora(scales);
        NDArray out = networks.unet().forward(x, t, given.hiddenStates(), forward);
        return networks.velocity()
                ? x.mul(alpha).sub(out.mul(sigma))
                : x.sub(out.mul(sigma)).div(alpha);
    }

    private static NDArray withoutGradients(java.util.function.Supplier<NDArray> work) {
        JniUtils.setGradMode(false);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(true);
        }
    }

    /**
     * Two neighbouring places of the training grid for each row; {@code lower} is -1 at the clean
     * end.
     */
    private record Levels(int[] upper, int[] lower, double[] alphaBar) {
        static Levels draw(RandomGenerator random, double[] alphaBar, int rows, int grid) {
            int stride = alphaBar.length / grid;
            int[] upper = new int[rows];
            int[] lower = new int[rows];
            for (int i = 0; i < rows; i++) {
                upper[i] = (random.nextInt(grid) + 1) * stride - 1;
                lower[i] = upper[i] - stride;
            }
            return new Levels(upper, lower, alphaBar);
        }

        NDArray timesteps(NDManager scope) {
            return row(scope, upper, t -> t, new Shape(upper.length));
        }

        NDArray lowerTimesteps(NDManager scope) {
            return row(scope, lower, t -> Math.max(0, t), new Shape(lower.length));
        }

        NDArray alpha(NDManager scope) {
            return row(scope, upper, t -> Math.sqrt(alphaBar[t]), plane());
        }

        NDArray sigma(NDManager scope) {
            return row(scope, upper, t -> Math.sqrt(1 - alphaBar[t]), plane());
        }

        NDArray lowerAlpha(NDManager scope) {
            return row(scope, lower, t -> t < 0 ? 1 : Math.sqrt(alphaBar[t]), plane());
        }

        NDArray lowerSigma(NDManager scope) {
            return row(scope, lower, t -> t < 0 ? 0 : Math.sqrt(1 - alphaBar[t]), plane());
        }

        /** 1 where the lower place is the picture itself. */
        NDArray end(NDManager scope) {
            return row(scope, lower, t -> t < 0 ? 1 : 0, plane());
        }

        private Shape plane() {
            return new Shape(upper.length, 1, 1, 1);
        }

        private static NDArray row(
                NDManager scope,
                int[] places,
                java.util.function.IntToDoubleFunction f,
                Shape shape) {
            float[] values = new float[places.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) f.applyAsDouble(places[i]);
            }
            return scope.create(values, shape);
        }
    }
}
