package daumier.diffusion.sample;

import java.util.List;

/**
 * Euler's method with ancestral noise, as diffusers' {@code EulerAncestralDiscreteScheduler}: each
 * step goes further down than its target and adds fresh noise up to it.
 *
 * @param euler whose plans and first noise it shares
 */
public record EulerAncestral(Euler euler) implements Sampler {
    private static final String NAME = "euler-a";

    /** The sampler of a configuration; forms of sigma curves are not its own, as in diffusers. */
    public static EulerAncestral of(SchedulerConfig config) {
        Euler plain =
                Euler.of(
                        config.without(
                                "use_karras_sigmas",
                                "use_exponential_sigmas",
                                "use_beta_sigmas",
                                "interpolation_type",
                                "final_sigmas_type",
                                "timestep_type"));
        return new EulerAncestral(plain);
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
    public NoiseSchedule schedule() {
        return euler.schedule();
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        return euler.plan(steps);
    }

    @Override
    public NoiseLevel end() {
        return euler.end();
    }

    @Override
    public double initialScale(NoiseLevel first) {
        return euler.initialScale(first);
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        Ancestry ancestry = Ancestry.of(at, to);
        double kept = ancestry.down() / at.ratio();
        return new RowUpdate(
                to.alpha() * kept / at.alpha(),
                to.alpha() * (1 - kept),
                0,
                0,
                to.alpha() * ancestry.up(),
                true);
    }
}
