package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Multistep consistency sampling for latent consistency models and LCM-LoRAs (Luo et al. 2023), as
 * diffusers' {@code LCMScheduler}: each step jumps to the clean estimate and adds fresh noise of
 * the next level.
 *
 * @param clip the largest magnitude of an x0 estimate; infinite for none
 * @param originalSteps the number of steps of the grid that the model was distilled on
 * @param timestepScaling factor of the timestep in the boundary condition
 */
public record Lcm(NoiseSchedule schedule, double clip, int originalSteps, double timestepScaling)
        implements Sampler {
    private static final double SIGMA_DATA = 0.5;

    /** The sampler of a configuration. */
    public static Lcm of(SchedulerConfig config) {
        config.refuse("thresholding", "lcm");
        NoiseSchedule schedule = NoiseSchedule.of(config, 0.00085, 0.012, "scaled_linear");
        int original = config.integer("original_inference_steps", 50);
        if (original < 1 || original > schedule.length()) {
            throw config.wrong(
                    "original_inference_steps", "a number from 1 to num_train_timesteps");
        }
        return new Lcm(
                schedule,
                config.flag("clip_sample", false)
                        ? config.number("clip_sample_range", 1)
                        : Double.POSITIVE_INFINITY,
                original,
                config.number("timestep_scaling", 10));
    }

    @Override
    public String name() {
        return "lcm";
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        if (steps < 1 || steps > originalSteps) {
            throw new IllegalArgumentException(
                    "The sampler lcm takes 1 to " + originalSteps + " steps, not " + steps + ".");
        }
        int stride = schedule.length() / originalSteps;
        double step = (double) originalSteps / steps;
        List<NoiseLevel> levels = new ArrayList<>(steps);
        for (int i = 0; i < steps; i++) {
            int index = (int) Math.floor(i * step);
            levels.add(level((double) (originalSteps - index) * stride - 1));
        }
        return RatioGrid.chain(levels, end());
    }

    @Override
    public NoiseLevel end() {
        return NoiseLevel.end(1, 0);
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return new RowUpdate(0, 0, to.alpha(), 0, to.sigma(), !to.isEnd());
    }

    @Override
    public NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        NDArray clipped = Double.isInfinite(clip) ? x0 : x0.clip(-clip, clip);
        float[] skip = new float[at.size()];
        float[] out = new float[at.size()];
        for (int i = 0; i < skip.length; i++) {
            double scaled = at.get(i).timestep() * timestepScaling;
            double norm = scaled * scaled + SIGMA_DATA * SIGMA_DATA;
            skip[i] = (float) (SIGMA_DATA * SIGMA_DATA / norm);
            out[i] = (float) (scaled / Math.sqrt(norm));
        }
        return clipped.mul(Rows.column(manager, out)).add(x.mul(Rows.column(manager, skip)));
    }
}
