package daumier.diffusion.sample;

import java.util.List;

/**
 * DPM-Solver++ (2M), second-order multistep (Lu et al. 2022, algorithm 2), as diffusers' {@code
 * DPMSolverMultistepScheduler}. The step before it must be known for the second order; a first
 * step, and a step to the end, are of first order.
 *
 * @param order 1 or 2
 * @param heun whether the second-order term is Heun's instead of the midpoint's
 * @param lowerOrderFinal whether plans of fewer than 15 steps end with first order even where noise
 *     is left at the end
 * @param eulerAtFinal whether all plans do
 * @param smallestLambda levels with a smaller log(alpha / sigma) are left out of plans
 * @param stochastic whether it solves the stochastic equation (SDE-DPM-Solver++), with fresh noise
 *     at every step
 */
public record DpmSolverPlusPlus2M(
        NoiseSchedule schedule,
        RatioGrid grid,
        int order,
        boolean heun,
        boolean lowerOrderFinal,
        boolean eulerAtFinal,
        double smallestLambda,
        boolean stochastic)
        implements Sampler {
    private static final String NAME = "dpm++2m";

    /** The sampler of a configuration. */
    public static DpmSolverPlusPlus2M of(SchedulerConfig config) {
        String type = config.text("algorithm_type", "dpmsolver++");
        if (!type.equals("dpmsolver++") && !type.equals("sde-dpmsolver++")) {
            throw config.wrong(
                    "algorithm_type", "dpmsolver++ or sde-dpmsolver++ for the sampler " + NAME);
        }
        return of(config, type.startsWith("sde-"));
    }

    /** The sampler of a configuration, stochastic or not whatever its algorithm_type says. */
    public static DpmSolverPlusPlus2M of(SchedulerConfig config, boolean stochastic) {
        config.refuse("thresholding", NAME);
        int order = config.integer("solver_order", 2);
        if (order != 1 && order != 2) {
            throw config.wrong("solver_order", "1 or 2 for the sampler " + NAME);
        }
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (config.flag("rescale_betas_zero_snr", false)) {
            schedule = schedule.withFiniteTerminal();
        }
        return new DpmSolverPlusPlus2M(
                schedule,
                RatioGrid.of(config, NAME),
                order,
                config.text("solver_type", "midpoint").equals("heun"),
                config.flag("lower_order_final", true),
                config.flag("euler_at_final", false),
                config.number("lambda_min_clipped", Double.NEGATIVE_INFINITY),
                stochastic);
    }

    @Override
    public String name() {
        String karras = grid.curve() == RatioGrid.Curve.KARRAS ? "-karras" : "";
        return NAME + (stochastic ? "-sde" : "") + karras;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        Timesteps.check(steps, trained);
        int last = trained;
        while (last > 1 && level(last - 1.0).lambda() < smallestLambda) {
            last--;
        }
        double[] timesteps =
                switch (grid.spacing()) {
                    case "leading" -> Timesteps.leading(last, steps, steps + 1, grid.offset());
                    case "linspace" ->
                            withoutLast(
                                    Timesteps.rounded(Timesteps.linspace(last - 1.0, steps + 1)));
                    case "trailing" -> Timesteps.trailing(trained, last, steps);
                    default -> throw grid.unknownSpacing(NAME);
                };
        boolean lowAtEnd =
                grid.toZero() || eulerAtFinal || (lowerOrderFinal && timesteps.length < 15);
        return RatioGrid.chain(
                grid.levels(schedule, timesteps, true), lowAtEnd ? end() : schedule.level(0));
    }

    @Override
    public NoiseLevel end() {
        NoiseLevel zero = schedule.level(0);
        return grid.toZero() ? NoiseLevel.end(1, 0) : NoiseLevel.end(zero.alpha(), zero.sigma());
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        double x = to.sigma() / at.sigma();
        // exp(-h) with h = lambda(to) - lambda(at), finite also where no noise is left
        double decay = to.sigma() * at.alpha() / (at.sigma() * to.alpha());
        double drop = stochastic ? decay * decay : decay;
        double gain = to.alpha() * (1 - drop);
        double noise = 0;
        if (stochastic) {
            x *= decay;
            noise = to.sigma() * Math.sqrt(Math.max(0, 1 - drop));
        }
        if (order == 1 || history == null || to.isEnd() || to.sigma() == 0) {
            return new RowUpdate(x, gain, 0, 0, noise, stochastic);
        }
        double h = to.lambda() - at.lambda();
        double back = at.lambda() - history.lambda();
        if (!(back > 0) || !Double.isFinite(h)) {
            return new RowUpdate(x, gain, 0, 0, noise, stochastic);
        }
        double span = stochastic ? 2 * h : h;
        double slope = (heun ? to.alpha() * ((drop - 1) / span + 1) : 0.5 * gain) * (h / back);
        return new RowUpdate(x, gain + slope, 0, -slope, noise, stochastic);
    }

    private static double[] withoutLast(double[] grid) {
        return java.util.Arrays.copyOf(grid, grid.length - 1);
    }
}
