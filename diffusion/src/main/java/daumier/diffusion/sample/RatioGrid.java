package daumier.diffusion.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * How samplers that think in k-diffusion's sigma choose their levels.
 *
 * @param spacing leading, linspace or trailing
 * @param offset added to the timesteps of the leading spacing
 * @param curve how sigmas lie between the first and the last
 * @param rounds whether whole timesteps are rounded, not cut off
 * @param toZero whether the last step removes all noise, or stops at the noise of timestep 0
 */
record RatioGrid(String spacing, int offset, Curve curve, boolean rounds, boolean toZero) {
    /** How sigmas lie between the first and the last. */
    enum Curve {
        /** At the timesteps of the grid. */
        TIMESTEPS,
        /** Karras et al. 2022, equation 5, with rho 7. */
        KARRAS,
        /** Evenly spaced logarithms. */
        EXPONENTIAL
    }

    static RatioGrid of(SchedulerConfig config, String sampler) {
        config.refuse("use_beta_sigmas", sampler);
        config.refuse("use_lu_lambdas", sampler);
        config.refuse("use_flow_sigmas", sampler);
        if (!config.text("interpolation_type", "linear").equals("linear")) {
            throw config.wrong("interpolation_type", "linear");
        }
        String last = config.text("final_sigmas_type", "zero");
        if (!last.equals("zero") && !last.equals("sigma_min")) {
            throw config.wrong("final_sigmas_type", "zero or sigma_min");
        }
        Curve curve =
                config.flag("use_karras_sigmas", false)
                        ? Curve.KARRAS
                        : config.flag("use_exponential_sigmas", false)
                                ? Curve.EXPONENTIAL
                                : Curve.TIMESTEPS;
        return new RatioGrid(
                config.text("timestep_spacing", "linspace"),
                config.integer("steps_offset", 0),
                curve,
                curve == Curve.KARRAS
                        && !config.text("beta_schedule", "linear").equals("squaredcos_cap_v2"),
                last.equals("zero"));
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
        for (int i = 0; i < steps; i++) {
            double part = steps > 1 ? (double) i / (steps - 1) : 0;
            double sigma = between(first, last, part);
            double timestep = schedule.timestepOfRatio(sigma);
            if (full) {
                timestep = rounds ? Math.rint(timestep) : Math.floor(timestep);
            }
            levels.add(NoiseLevel.ofRatio(timestep, sigma));
        }
        return levels;
    }

    private double between(double first, double last, double part) {
        if (curve == Curve.EXPONENTIAL) {
            return Math.exp(Math.log(first) + part * (Math.log(last) - Math.log(first)));
        }
        double from = Math.pow(first, 1 / 7.0);
        double to = Math.pow(last, 1 / 7.0);
        return Math.pow(from + part * (to - from), 7);
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

    IllegalArgumentException unknownSpacing(String sampler) {
        return new IllegalArgumentException(
                "The sampler " + sampler + " knows no timestep_spacing '" + spacing + "'.");
    }
}
