package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.List;

/**
 * DPM-Solver++, multistep (Lu et al. 2022, algorithm 2, "2M"; with order 3 its third-order kin), as
 * diffusers' {@code DPMSolverMultistepScheduler}. The steps before it must be known for the higher
 * orders; a first step, and a step to the end, are of first order.
 *
 * @param order 1, 2 or 3
 * @param heun whether the second-order term is Heun's instead of the midpoint's
 * @param lowerOrderFinal whether plans of fewer than 15 steps end with first order even where noise
 *     is left at the end, and come down to it by the second
 * @param eulerAtFinal whether all plans end with first order
 * @param smallestLambda levels with a smaller log(alpha / sigma) are left out of plans
 * @param stochastic whether it solves the stochastic equation (SDE-DPM-Solver++), with fresh noise
 *     at every step
 */
public record DpmSolverMultistep(
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

    /** Plans of fewer steps than this come down to lower orders. */
    static final int FEW = 15;

    /** The sampler of a configuration. */
    public static DpmSolverMultistep of(SchedulerConfig config) {
        return of(config, Solution.of(config, NAME).stochastic());
    }

    /** The sampler of a configuration, stochastic or not whatever its algorithm_type says. */
    public static DpmSolverMultistep of(SchedulerConfig config, boolean stochastic) {
        config.refuse("thresholding", NAME);
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (config.flag("rescale_betas_zero_snr", false)) {
            schedule = schedule.withFiniteTerminal();
        }
        return new DpmSolverMultistep(
                schedule,
                RatioGrid.of(config.without("interpolation_type"), NAME),
                Solution.order(config, NAME),
                Solution.heun(config),
                config.flag("lower_order_final", true),
                config.flag("euler_at_final", false),
                config.number("lambda_min_clipped", Double.NEGATIVE_INFINITY),
                stochastic);
    }

    @Override
    public String name() {
        return grid.named(NAME + (stochastic ? "-sde" : ""));
    }

    @Override
    public boolean isStochastic() {
        return stochastic;
    }

    @Override
    public int memory() {
        return order > 2 ? 1 : 0;
    }

    @Override
    public DpmSolverMultistep atMost(int bound) {
        return bound >= order
                ? this
                : new DpmSolverMultistep(
                        schedule,
                        grid,
                        bound,
                        heun,
                        lowerOrderFinal,
                        eulerAtFinal,
                        smallestLambda,
                        stochastic);
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int last = schedule.length();
        while (last > 1 && level(last - 1.0).lambda() < smallestLambda) {
            last--;
        }
        double[] timesteps = grid.multistep(schedule.length(), last, steps, NAME);
        boolean comesDown = lowerOrderFinal && timesteps.length < FEW;
        boolean lowAtEnd = grid.toZero() || eulerAtFinal || comesDown;
        List<SamplingStep> plan =
                RatioGrid.chain(
                        grid.levels(schedule, timesteps, true),
                        lowAtEnd ? end() : schedule.level(0));
        return comesDown ? RatioGrid.comingDown(plan) : plan;
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
        Solution solution = new Solution(at, to, stochastic);
        Mixture now = new Mixture(0, 1, 0);
        Mixture previous = new Mixture(0, 0, 1);
        Mixture next = solution.firstOrder(new Mixture(1, 0, 0), now);
        boolean low = order == 1 || history == null || to.isEnd() || to.sigma() == 0;
        double back = low ? 0 : solution.behind(history);
        if (back > 0 && Double.isFinite(solution.h())) {
            Mixture slope = now.plus(previous.times(-1)).times(1 / back);
            next =
                    order > 2 && past.size() > 1
                            ? thirdOrder(solution, next, slope, history, past.get(1))
                            : next.plus(slope.times(solution.second(heun)));
        }
        RowUpdate update = RowUpdate.of(next, Past.LONGER, previous);
        return stochastic ? update.withNoise(solution.noise()) : update;
    }

    private static Mixture thirdOrder(
            Solution solution,
            Mixture firstOrder,
            Mixture slope,
            NoiseLevel history,
            NoiseLevel older) {
        double near = solution.behind(history);
        double far = solution.behind(older) - near;
        Mixture before = new Mixture(0, 0, 1).plus(Mixture.slot(0).times(-1)).times(1 / far);
        Mixture change = slope.plus(before.times(-1));
        Mixture first = slope.plus(change.times(near / (near + far)));
        return firstOrder
                .plus(first.times(solution.second(true)))
                .plus(change.times(solution.third() / (near + far)));
    }
}
