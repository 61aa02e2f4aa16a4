package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.List;

/**
 * Diffusion exponential integrator (Zhang and Chen 2022, log-rho multistep), as diffusers' {@code
 * DEISMultistepScheduler}: the noise is interpolated in log sigma and integrated over sigma. It
 * ends at the noise of timestep 0.
 *
 * @param order 1, 2 or 3
 * @param lowerOrderFinal whether plans of fewer than 15 steps come down to first order
 */
public record Deis(NoiseSchedule schedule, RatioGrid grid, int order, boolean lowerOrderFinal)
        implements Sampler {
    private static final String NAME = "deis";

    /** The sampler of a configuration. */
    public static Deis of(SchedulerConfig config) {
        config.refuse("thresholding", NAME);
        String type = config.text("algorithm_type", "deis");
        if (!List.of("deis", "dpmsolver", "dpmsolver++").contains(type)) {
            throw config.wrong("algorithm_type", "deis for the sampler " + NAME);
        }
        return new Deis(
                NoiseSchedule.of(config.without("rescale_betas_zero_snr")),
                RatioGrid.of(
                                config.without(
                                        "interpolation_type",
                                        "use_lu_lambdas",
                                        "final_sigmas_type"),
                                NAME)
                        .rounding(true),
                Solution.order(config, NAME),
                config.flag("lower_order_final", true));
    }

    @Override
    public String name() {
        return grid.named(NAME);
    }

    @Override
    public int memory() {
        return 2;
    }

    @Override
    public Deis atMost(int bound) {
        return bound >= order ? this : new Deis(schedule, grid, bound, lowerOrderFinal);
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        double[] timesteps = grid.multistep(trained, trained, steps, NAME);
        List<SamplingStep> plan = RatioGrid.chain(grid.levels(schedule, timesteps, true), end());
        if (lowerOrderFinal && plan.size() < DpmSolverMultistep.FEW) {
            int last = plan.size() - 1;
            plan.set(last, plan.get(last).atMost(1));
            return RatioGrid.comingDown(plan);
        }
        return plan;
    }

    @Override
    public NoiseLevel end() {
        NoiseLevel zero = schedule.level(0);
        return NoiseLevel.end(zero.alpha(), zero.sigma());
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return update(at, to, history, List.of());
    }

    @Override
    public RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        double[] logs = new double[Math.min(order, past.size() + 1)];
        logs[0] = Math.log(at.ratio());
        for (int i = 1; i < logs.length; i++) {
            logs[i] = Math.log(past.get(i - 1).ratio());
        }
        Mixture now = new Mixture(1 / at.sigma(), -at.alpha() / at.sigma(), 0);
        Mixture next = new Mixture(1 / at.alpha(), 0, 0);
        for (int i = 0; i < logs.length; i++) {
            double weight =
                    antiderivative(logs, i, to.ratio()) - antiderivative(logs, i, at.ratio());
            next = next.plus((i == 0 ? now : Mixture.slot(i - 1)).times(weight));
        }
        return RowUpdate.of(next.times(to.alpha()), Past.LONGER, now, Mixture.slot(0));
    }

    /**
     * Of the Lagrange polynomial in log sigma that is 1 at one of the nodes, over sigma: integrals
     * of log and of its square are elementary.
     */
    private static double antiderivative(double[] nodes, int one, double sigma) {
        double log = Math.log(sigma);
        double constant = 1;
        double linear = 0;
        double square = 0;
        for (int i = 0; i < nodes.length; i++) {
            if (i != one) {
                double width = nodes[one] - nodes[i];
                square = (linear - nodes[i] * square) / width;
                linear = (constant - nodes[i] * linear) / width;
                constant = -nodes[i] * constant / width;
            }
        }
        return sigma * (constant + linear * (log - 1) + square * (log * log - 2 * log + 2));
    }
}
