package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Ancestral sampling of denoising diffusion probabilistic models (Ho et al. 2020, equation 7), as
 * diffusers' {@code DDPMScheduler}.
 *
 * @param large whether fresh noise has the forward process's variance, not the posterior's
 * @param clip the largest magnitude of an x0 estimate; infinite for none
 * @param spacing leading, linspace or trailing
 * @param offset added to the timesteps of the leading spacing
 */
public record Ddpm(NoiseSchedule schedule, boolean large, double clip, String spacing, int offset)
        implements Sampler {
    private static final String NAME = "ddpm";

    /** The least variance, for where there is none. */
    private static final double LEAST = 1e-20;

    /** The sampler of a configuration. */
    public static Ddpm of(SchedulerConfig config) {
        config.refuse("thresholding", NAME);
        String variance = config.text("variance_type", "fixed_small");
        boolean large = variance.equals("fixed_large");
        if (!large && !variance.equals("fixed_small") && !variance.equals("fixed_small_log")) {
            throw config.wrong(
                    "variance_type",
                    "fixed_small, fixed_small_log or fixed_large for the sampler " + NAME);
        }
        return new Ddpm(
                NoiseSchedule.of(config),
                large,
                config.flag("clip_sample", true)
                        ? config.number("clip_sample_range", 1)
                        : Double.POSITIVE_INFINITY,
                config.text("timestep_spacing", "leading"),
                config.integer("steps_offset", 0));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (double timestep : Timesteps.spaced(spacing, schedule.length(), steps, offset, NAME)) {
            levels.add(level(timestep));
        }
        return RatioGrid.chain(levels, end());
    }

    @Override
    public NoiseLevel end() {
        return NoiseLevel.end(1, 0);
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        double ratio = at.alpha() / to.alpha();
        double beta = 1 - ratio * ratio;
        double before = at.sigma() * at.sigma();
        double after = to.sigma() * to.sigma();
        double posterior = Math.max(LEAST, after / before * beta);
        return new RowUpdate(
                ratio * after / before,
                0,
                to.alpha() * beta / before,
                0,
                at.timestep() > 0 ? Math.sqrt(large ? beta : posterior) : 0,
                at.timestep() > 0);
    }

    @Override
    public NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        return Double.isInfinite(clip) ? x0 : x0.clip(-clip, clip);
    }
}
