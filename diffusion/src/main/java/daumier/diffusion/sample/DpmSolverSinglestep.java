package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++, single step (Lu et al. 2022, algorithm 1, "2S"; with order 3 "3S"), as diffusers'
 * {@code DPMSolverSinglestepScheduler}: steps in groups of the order, each made anew from where its
 * group began, by one order more than the step before.
 *
 * @param order 1, 2 or 3
 * @param heun whether the highest-order term is Heun's instead of the midpoint's
 * @param lowerOrderFinal whether the last step is of first order even where noise is left
 * @param smallestLambda levels with a smaller log(alpha / sigma) are left out of plans
 * @param stochastic whether it solves the stochastic equation, with fresh noise at every step
 */
public record DpmSolverSinglestep(
        NoiseSchedule schedule,
        RatioGrid grid,
        int order,
        boolean heun,
        boolean lowerOrderFinal,
        double smallestLambda,
        boolean stochastic)
        implements Sampler {
    private static final String NAME = "dpm++2s";

    /** The slot of the latents where the group began. */
    private static final int BEGIN = 0;

    /** The slot of the estimate there. */
    private static final int ESTIMATE = 1;

    /** The sampler of a configuration. */
    public static DpmSolverSinglestep of(SchedulerConfig config) {
        config.refuse("thresholding", NAME);
        return new DpmSolverSinglestep(
                NoiseSchedule.of(config.without("rescale_betas_zero_snr")),
                RatioGrid.of(config.without("interpolation_type", "use_lu_lambdas"), NAME)
                        .rounding(true),
                Solution.order(config, NAME),
                Solution.heun(config),
                config.flag("lower_order_final", false),
                config.number("lambda_min_clipped", Double.NEGATIVE_INFINITY),
                Solution.of(config, NAME).stochastic());
    }

    @Override
    public String name() {
        return grid.named(NAME);
    }

    @Override
    public boolean isStochastic() {
        return stochastic;
    }

    @Override
    public int memory() {
        return 2;
    }

    @Override
    public DpmSolverSinglestep atMost(int bound) {
        return bound >= order
                ? this
                : new DpmSolverSinglestep(
                        schedule, grid, bound, heun, lowerOrderFinal, smallestLambda, stochastic);
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        Timesteps.check(steps, schedule.length());
        int last = schedule.length();
        while (last > 1 && level(last - 1.0).lambda() < smallestLambda) {
            last--;
        }
        double[] timesteps = Timesteps.withoutZero(last, steps);
        List<SamplingStep> plan = new ArrayList<>();
        for (SamplingStep step : RatioGrid.chain(grid.levels(schedule, timesteps, true), end())) {
            plan.add(step.atMost(order(plan.size(), steps)));
        }
        return plan;
    }

    /**
     * A step's place in its group. Where groups would end with the plan, the last one is divided.
     */
    private int order(int step, int steps) {
        boolean ends = step == steps - 1;
        boolean divided = steps % order == 0 && lowerOrderFinal;
        return ends && (grid.toZero() || divided) ? 1 : step % order + 1;
    }

    @Override
    public NoiseLevel end() {
        NoiseLevel zero = schedule.level(0);
        return grid.toZero() ? NoiseLevel.end(1, 0) : NoiseLevel.end(zero.alpha(), zero.sigma());
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return update(at, to, history, List.of());
    }

    @Override
    public RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        int place = to.sigma() == 0 ? 1 : Math.min(order, past.size() + 1);
        NoiseLevel from = place == 1 ? at : past.get(place - 2);
        Solution solution = new Solution(from, to, stochastic);
        RowUpdate update =
                switch (place) {
                    case 1 -> begun(solution);
                    case 2 -> RowUpdate.of(secondOrder(solution, at), Past.LONGER);
                    default -> RowUpdate.of(thirdOrder(solution, at, past.get(0)), Past.NONE);
                };
        return stochastic ? update.withNoise(solution.noise()) : update;
    }

    private static RowUpdate begun(Solution solution) {
        Mixture x = new Mixture(1, 0, 0);
        Mixture now = new Mixture(0, 1, 0);
        return RowUpdate.of(solution.firstOrder(x, now), Past.ANEW, x, now);
    }

    private Mixture secondOrder(Solution solution, NoiseLevel at) {
        Mixture first = Mixture.slot(ESTIMATE);
        Mixture slope = new Mixture(0, 1, 0).plus(first.times(-1)).times(-1 / solution.behind(at));
        return solution.firstOrder(Mixture.slot(BEGIN), first)
                .plus(slope.times(solution.second(heun)));
    }

    private Mixture thirdOrder(Solution solution, NoiseLevel at, NoiseLevel middle) {
        Mixture first = Mixture.slot(ESTIMATE);
        double far = -solution.behind(at);
        double near = -solution.behind(middle);
        Mixture toFar = new Mixture(0, 1, 0).plus(first.times(-1)).times(1 / far);
        Mixture toNear = new Mixture(0, 0, 1).plus(first.times(-1)).times(1 / near);
        Mixture next = solution.firstOrder(Mixture.slot(BEGIN), first);
        if (!heun) {
            return next.plus(toFar.times(solution.second(true)));
        }
        Mixture slope = toNear.times(far).plus(toFar.times(-near)).times(1 / (far - near));
        Mixture change = toFar.plus(toNear.times(-1)).times(2 / (far - near));
        return next.plus(slope.times(solution.second(true))).plus(change.times(solution.third()));
    }
}
