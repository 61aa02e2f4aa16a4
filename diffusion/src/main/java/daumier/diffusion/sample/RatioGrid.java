package daumier.diffusion.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * How samplers that think in k-diffusion's sigma choose their levels.
 *
 * @param spacing leading, linspace or trailing
 * @param offset added to the timesteps of the leading spacing
 * @param curve how sigmas lie between the first and the last
 * @param rounds whether the timesteps of the curves of Karras and Lu are rounded
 * @param toZero whether the last step removes all noise, or stops at the noise of timestep 0
 */
record RatioGrid(String spacing, int offset, Curve curve, boolean rounds, boolean toZero) {
    /** How sigmas lie between the first and the last. */
    enum Curve {
        /** At the timesteps of the grid. */
        TIMESTEPS(""),
        /** Karras et al. 2022, equation 5, with rho 7. */
        KARRAS("-karras"),
        /** Evenly spaced logarithms. */
        EXPONENTIAL(""),
        /** The same with rounded timesteps: Lu et al. 2022, evenly spaced log SNR. */
        LU(""),
        /** Quantiles of a beta distribution (Lee et al. 2024, "Beta sampling is all you need"). */
        BETA("");

        private final String suffix;

        Curve(String suffix) {
            this.suffix = suffix;
        }
    }

    /** Both parameters of the distribution of {@link Curve#BETA}. */
    private static final double BETA_SHAPE = 0.6;

    /** The grid of a configuration; of the settings that choose a curve, the first one counts. */
    static RatioGrid of(SchedulerConfig config, String sampler) {
        config.refuse("use_flow_sigmas", sampler);
        if (!config.text("interpolation_type", "linear").equals("linear")) {
            throw config.wrong("interpolation_type", "linear");
        }
        String last = config.text("final_sigmas_type", "zero");
        if (!last.equals("zero") && !last.equals("sigma_min")) {
            throw config.wrong("final_sigmas_type", "zero or sigma_min");
        }
        return new RatioGrid(
                config.text("timestep_spacing", "linspace"),
                config.integer("steps_offset", 0),
                curve(config),
                !config.text("beta_schedule", "linear").equals("squaredcos_cap_v2"),
                last.equals("zero"));
    }

    private static Curve curve(SchedulerConfig config) {
        if (config.flag("use_karras_sigmas", false)) {
            return Curve.KARRAS;
        }
        if (config.flag("use_lu_lambdas", false)) {
            return Curve.LU;
        }
        if (config.flag("use_exponential_sigmas", false)) {
            return Curve.EXPONENTIAL;
        }
        return config.flag("use_beta_sigmas", false) ? Curve.BETA : Curve.TIMESTEPS;
    }

    /** The same grid, rounding or not. */
    RatioGrid rounding(boolean whole) {
        return new RatioGrid(spacing, offset, curve, whole, toZero);
    }

    /** A sampler's name with what this grid adds to it. */
    String named(String sampler) {
        return sampler + curve.suffix;
    }

    /**
     * The timesteps of diffusers' multistep solvers, whose grids leave out timestep 0.
     *
     * @param trained timesteps of the schedule
     * @param last the timesteps from this one on are left out
     */
    double[] multistep(int trained, int last, int steps, String sampler) {
        Timesteps.check(steps, trained);
        return switch (spacing) {
            case "leading" -> Timesteps.leading(last, steps, steps + 1, offset);
            case "linspace" -> Timesteps.withoutZero(last, steps);
            case "trailing" -> Timesteps.trailing(trained, last, steps);
            default -> throw unknownSpacing(sampler);
        };
    }

    /**
     * The levels of a grid.
     *
     * @param full whether curves span the whole schedule and tell the network whole timesteps
     *     (diffusers' DPM-Solver), or span the grid's own sigmas (Euler)
     */
    List<NoiseLevel> levels(NoiseSchedule schedule, double[] timesteps, boolean full) {
        List<NoiseLevel> levels = new ArrayList<>(timesteps.length);
        if (curve == Curve.TIMESTEPS) {
            for (double timestep : timesteps) {
                levels.add(schedule.level(timestep));
            }
            return levels;
        }
        int steps = timesteps.length;
        double first = schedule.sigma(full ? schedule.length() - 1.0 : timesteps[0]);
        double last = schedule.sigma(full ? 0 : timesteps[steps - 1]);
        boolean rounded = rounds && (curve == Curve.KARRAS || curve == Curve.LU);
        for (int i = 0; i < steps; i++) {
            double part = steps > 1 ? (double) i / (steps - 1) : 0;
            double sigma = between(first, last, part);
            double timestep = schedule.timestepOfRatio(sigma);
            if (rounded) {
                timestep = Math.rint(timestep);
            } else if (full) {
                timestep = Math.floor(timestep);
            }
            levels.add(NoiseLevel.ofRatio(timestep, sigma));
        }
        return levels;
    }

    private double between(double first, double last, double part) {
        return switch (curve) {
            case KARRAS -> {
                double from = Math.pow(first, 1 / 7.0);
                double to = Math.pow(last, 1 / 7.0);
                yield Math.pow(from + part * (to - from), 7);
            }
            case BETA -> last + (first - last) * SymmetricBeta.quantile(1 - part, BETA_SHAPE);
            default -> Math.exp(Math.log(first) + part * (Math.log(last) - Math.log(first)));
        };
    }

    /** Steps from each level to the next, the last one to the end. */
    static List<SamplingStep> chain(List<NoiseLevel> levels, NoiseLevel end) {
        List<SamplingStep> plan = new ArrayList<>(levels.size());
        for (int i = 0; i < levels.size(); i++) {
            plan.add(
                    new SamplingStep(
                            levels.get(i), i + 1 < levels.size() ? levels.get(i + 1) : end));
        }
        return plan;
    }

    /**
     * A plan in which the step before the last is at most of order 2, as diffusers' multistep
     * solvers have it for few steps.
     */
    static List<SamplingStep> comingDown(List<SamplingStep> plan) {
        int second = plan.size() - 2;
        if (second >= 0) {
            plan.set(second, plan.get(second).atMost(2));
        }
        return plan;
    }

    IllegalArgumentException unknownSpacing(String sampler) {
        return new IllegalArgumentException(
                "The sampler " + sampler + " knows no timestep_spacing '" + spacing + "'.");
    }
}
