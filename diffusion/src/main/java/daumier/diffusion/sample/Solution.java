package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;

/**
 * The terms of the exact solution of the diffusion equation over one stride, with the estimate of
 * the clean latents expanded in log SNR (Lu et al. 2022, DPM-Solver++, equations 9 and 13; on the
 * stochastic equation the same with twice the stride).
 *
 * @param from where the stride begins
 * @param to where it ends
 * @param stochastic whether fresh noise comes in on the way
 */
record Solution(NoiseLevel from, NoiseLevel to, boolean stochastic) {
    /** The solution that a configuration's algorithm_type asks for: stochastic or not. */
    static Solution of(SchedulerConfig config, String sampler) {
        NoiseLevel none = NoiseLevel.end(1, 0);
        return switch (config.text("algorithm_type", "dpmsolver++")) {
            // from_config of diffusers takes deis for this one
            case "dpmsolver++", "deis" -> new Solution(none, none, false);
            case "sde-dpmsolver++" -> new Solution(none, none, true);
            default ->
                    throw config.wrong(
                            "algorithm_type",
                            "dpmsolver++ or sde-dpmsolver++ for the sampler " + sampler);
        };
    }

    /** The solver_order of a configuration. */
    static int order(SchedulerConfig config, String sampler) {
        int order = config.integer("solver_order", 2);
        if (order < 1 || order > 3) {
            throw config.wrong("solver_order", "1, 2 or 3 for the sampler " + sampler);
        }
        return order;
    }

    /** Whether the solver_type of a configuration is heun; all others are midpoint to diffusers. */
    static boolean heun(SchedulerConfig config) {
        return config.text("solver_type", "midpoint").equals("heun");
    }

    /** The stride in log SNR; infinite where no noise is left. */
    double h() {
        return to.lambda() - from.lambda();
    }

    /** How far a level lies behind the beginning, in strides. */
    double behind(NoiseLevel level) {
        return (from.lambda() - level.lambda()) / h();
    }

    /** exp(-h), finite also where no noise is left. */
    private double decay() {
        return to.sigma() * from.alpha() / (from.sigma() * to.alpha());
    }

    /** exp(-h), or exp(-2 h) on the stochastic equation. */
    private double drop() {
        double decay = decay();
        return stochastic ? decay * decay : decay;
    }

    private double span() {
        return stochastic ? 2 * h() : h();
    }

    /** The stride with one estimate throughout. */
    Mixture firstOrder(Mixture latents, Mixture estimate) {
        double kept = to.sigma() / from.sigma() * (stochastic ? decay() : 1);
        return latents.times(kept).plus(estimate.times(to.alpha() * (1 - drop())));
    }

    /** Factor of the estimate's change over a whole stride. */
    double second(boolean exact) {
        return exact ? to.alpha() * ((drop() - 1) / span() + 1) : 0.5 * to.alpha() * (1 - drop());
    }

    /**
     * Factor of the change of that change. On the stochastic equation diffusers subtracts the half
     * where the expansion adds it; with it go the pictures that people know.
     */
    double third() {
        double span = span();
        double half = stochastic ? -0.5 : 0.5;
        return to.alpha() * ((1 - drop() - span) / (span * span) + half);
    }

    /** Deviation of the fresh noise. */
    double noise() {
        return to.sigma() * Math.sqrt(Math.max(0, 1 - drop()));
    }
}
