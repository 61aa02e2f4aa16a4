package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Denoising diffusion implicit models (Song et al. 2021, equation 12), as diffusers' {@code
 * DDIMScheduler}.
 *
 * @param end where the last step leads: no noise, or the noise of timestep 0
 * @param eta 0 for the deterministic sampler, 1 for as much fresh noise as ancestral sampling has
 * @param clip the largest magnitude of an x0 estimate; infinite for none
 * @param spacing leading, linspace or trailing
 * @param offset added to the timesteps of the leading spacing
 */
public record Ddim(
        NoiseSchedule schedule, NoiseLevel end, double eta, double clip, String spacing, int offset)
        implements Sampler {
    /** The sampler of a configuration. */
    public static Ddim of(SchedulerConfig config, double eta) {
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException(
                    "DDIM's eta must be from 0 to 1, but it is " + eta + ".");
        }
        config.refuse("thresholding", "ddim");
        NoiseSchedule schedule = NoiseSchedule.of(config);
        NoiseLevel zero = schedule.level(0);
        return new Ddim(
                schedule,
                config.flag("set_alpha_to_one", true)
                        ? NoiseLevel.end(1, 0)
                        : NoiseLevel.end(zero.alpha(), zero.sigma()),
                eta,
                config.flag("clip_sample", true)
                        ? config.number("clip_sample_range", 1)
                        : Double.POSITIVE_INFINITY,
                config.text("timestep_spacing", "leading"),
                config.integer("steps_offset", 0));
    }

    @Override
    public String name() {
        return "ddim";
    }

    @Override
    public boolean isStochastic() {
        return eta > 0;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        double[] grid = Timesteps.spaced(spacing, trained, steps, offset, "ddim");
        int stride = trained / steps;
        List<SamplingStep> plan = new ArrayList<>(grid.length);
        for (double timestep : grid) {
            double next = timestep - stride;
            plan.add(new SamplingStep(level(timestep), next >= 0 ? level(next) : end));
        }
        return plan;
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        double ratio = at.alpha() / to.alpha();
        double deviation = 0;
        if (eta > 0) {
            double part = to.sigma() / at.sigma();
            deviation = eta * Math.sqrt(Math.max(0, part * part * (1 - ratio * ratio)));
        }
        // the direction to x_t is along the noise that the unclipped estimate implies
        double direction = Math.sqrt(Math.max(0, to.sigma() * to.sigma() - deviation * deviation));
        double perNoise = direction / at.sigma();
        return new RowUpdate(perNoise, -perNoise * at.alpha(), to.alpha(), 0, deviation, eta > 0);
    }

    @Override
    public NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        return Double.isInfinite(clip) ? x0 : x0.clip(-clip, clip);
    }
}
