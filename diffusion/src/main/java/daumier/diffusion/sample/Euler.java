package daumier.diffusion.sample;

import java.util.List;

/**
 * Euler's method on the probability-flow equation (Karras et al. 2022, algorithm 2 without churn),
 * as diffusers' {@code EulerDiscreteScheduler}. In the variance-preserving scale it is DDIM with
 * eta 0 on levels whose ratio is interpolated.
 *
 * @param grid how its levels are chosen
 */
public record Euler(NoiseSchedule schedule, RatioGrid grid) implements Sampler {
    private static final String NAME = "euler";

    /** The sampler of a configuration. */
    public static Euler of(SchedulerConfig config) {
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (config.flag("rescale_betas_zero_snr", false)) {
            schedule = schedule.withFiniteTerminal();
        }
        String type = config.text("timestep_type", "discrete");
        if (!type.equals("discrete")) {
            throw config.wrong("timestep_type", "discrete for the sampler euler");
        }
        return new Euler(
                schedule, RatioGrid.of(config.without("use_lu_lambdas"), NAME).rounding(false));
    }

    /** For the samplers that share it: of a configuration as diffusers' Heun scheduler reads it. */
    static Euler plain(SchedulerConfig config, String sampler) {
        return plain(config, sampler, 0.00085, 0.012);
    }

    /** Likewise, with the betas to assume where the configuration does not say. */
    static Euler plain(SchedulerConfig config, String sampler, double start, double end) {
        SchedulerConfig known =
                config.without(
                        "rescale_betas_zero_snr",
                        "final_sigmas_type",
                        "interpolation_type",
                        "use_flow_sigmas",
                        "use_lu_lambdas");
        return new Euler(
                NoiseSchedule.of(known, start, end, "linear"),
                RatioGrid.of(known, sampler).rounding(false));
    }

    @Override
    public String name() {
        return grid.named(NAME);
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        Timesteps.check(steps, trained);
        double[] timesteps =
                switch (grid.spacing()) {
                    case "leading" -> Timesteps.leading(trained, steps, steps, grid.offset());
                    case "linspace" -> singlePrecision(Timesteps.linspace(trained - 1.0, steps));
                    case "trailing" -> Timesteps.trailing(trained, trained, steps);
                    default -> throw grid.unknownSpacing(NAME);
                };
        return RatioGrid.chain(grid.levels(schedule, timesteps, false), end());
    }

    /**
     * In diffusers the last latents keep their scale: what is left of the noise is added on top.
     */
    @Override
    public NoiseLevel end() {
        return NoiseLevel.end(1, grid.toZero() ? 0 : schedule.level(0).ratio());
    }

    /** With the spacing leading diffusers assumes the noise to hold the signal's part too. */
    @Override
    public double initialScale(NoiseLevel first) {
        return grid.spacing().equals("leading") ? 1 : first.sigma();
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        double perNoise = to.sigma() / at.sigma();
        return RowUpdate.deterministic(perNoise, to.alpha() - perNoise * at.alpha(), 0);
    }

    private static double[] singlePrecision(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
        }
        return values;
    }
}
