package daumier.diffusion.train;

/**
 * How long and how hard to train. The learning rate rises linearly over {@code warmup} steps,
 * stays, and from {@code decayFrom} of the way falls linearly to {@code finalFraction} of its
 * height.
 *
 * @param steps how many steps in all
 * @param learningRate height of the plateau
 * @param warmup steps of the rise, at least 1
 * @param decayFrom share of the steps, in [0, 1], after which it falls
 * @param finalFraction share of the learning rate at the last step
 * @param weightDecay AdamW's decoupled weight decay
 * @param clipNorm the gradient's greatest global L2 norm
 * @param emaDecay the greatest decay of the running average of the parameters; 0 keeps none
 * @param checkpointEvery steps between checkpoints
 * @param seed seeds every step's generator
 */
public record TrainingPlan(
        long steps,
        double learningRate,
        long warmup,
        double decayFrom,
        double finalFraction,
        double weightDecay,
        double clipNorm,
        double emaDecay,
        long checkpointEvery,
        long seed) {
    /** Checks the ranges. */
    public TrainingPlan {
        if (steps < 1 || warmup < 1 || learningRate <= 0 || clipNorm <= 0 || checkpointEvery < 1) {
            throw new IllegalArgumentException(
                    "A training plan needs positive steps, warm-up, rate and norm.");
        }
        if (decayFrom < 0 || decayFrom > 1 || emaDecay < 0 || emaDecay >= 1) {
            throw new IllegalArgumentException("decayFrom lies in [0, 1] and emaDecay in [0, 1).");
        }
    }

    /** The usual settings for {@code steps} steps at {@code learningRate}. */
    public static TrainingPlan of(long steps, double learningRate, long seed) {
        return new TrainingPlan(
                steps,
                learningRate,
                Math.max(1, Math.min(100, steps / 20)),
                0.5,
                0.05,
                0.01,
                1.0,
                0,
                200,
                seed);
    }

    /** The same plan with a running average of the parameters. */
    public TrainingPlan withEma(double decay) {
        return new TrainingPlan(
                steps,
                learningRate,
                warmup,
                decayFrom,
                finalFraction,
                weightDecay,
                clipNorm,
                decay,
                checkpointEvery,
                seed);
    }

    /** The same plan with another greatest norm of the gradient. */
    public TrainingPlan withClipNorm(double norm) {
        return new TrainingPlan(
                steps,
                learningRate,
                warmup,
                decayFrom,
                finalFraction,
                weightDecay,
                norm,
                emaDecay,
                checkpointEvery,
                seed);
    }

    /** The learning rate at step {@code step} (from 0). */
    public double learningRateAt(long step) {
        double rise = Math.min(1.0, (step + 1.0) / warmup);
        double way = (double) step / steps;
        double fall =
                way <= decayFrom
                        ? 1.0
                        : Math.max(
                                finalFraction,
                                1 - (1 - finalFraction) * (way - decayFrom) / (1 - decayFrom));
        return learningRate * rise * fall;
    }

    /**
     * Decay of the running average at step {@code step}: short memory at first, {@link #emaDecay}
     * in the end.
     */
    public double emaDecayAt(long step) {
        return Math.min(emaDecay, (1.0 + step) / (20.0 + step));
    }
}
