package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import java.util.List;

/**
 * Unified predictor-corrector sampling (Zhao et al. 2023, UniPC of order 1 or 2 on x0), as
 * diffusers' {@code UniPCMultistepScheduler}: each step first corrects the last one by what the
 * network said since.
 *
 * @param order 1 or 2
 * @param bh1 whether B(h) is h, not e^h - 1
 * @param lowerOrderFinal whether the last step is of first order even where noise is left
 */
public record UniPc(
        NoiseSchedule schedule, RatioGrid grid, int order, boolean bh1, boolean lowerOrderFinal)
        implements Sampler {
    private static final String NAME = "unipc";

    /** The slot of the corrected latents of the last step. */
    private static final int LAST = 0;

    /** The slot of the estimate before the previous one. */
    private static final int OLDER = 1;

    /** The sampler of a configuration. */
    public static UniPc of(SchedulerConfig config) {
        config.refuse("thresholding", NAME);
        if (!config.flag("predict_x0", true)) {
            throw config.wrong("predict_x0", "true for the sampler " + NAME);
        }
        int order = config.integer("solver_order", 2);
        if (order != 1 && order != 2) {
            throw config.wrong("solver_order", "1 or 2 for the sampler " + NAME);
        }
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (config.flag("rescale_betas_zero_snr", false)) {
            schedule = schedule.withFiniteTerminal();
        }
        return new UniPc(
                schedule,
                RatioGrid.of(config, NAME),
                order,
                config.text("solver_type", "bh2").equals("bh1"),
                config.flag("lower_order_final", true));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int memory() {
        return 2;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        Timesteps.check(steps, trained);
        double[] timesteps =
                switch (grid.spacing()) {
                    case "leading" -> Timesteps.leading(trained, steps, steps + 1, grid.offset());
                    case "linspace" ->
                            java.util.Arrays.copyOf(
                                    Timesteps.rounded(Timesteps.linspace(trained - 1.0, steps + 1)),
                                    steps);
                    case "trailing" -> Timesteps.trailing(trained, trained, steps);
                    default -> throw grid.unknownSpacing(NAME);
                };
        return RatioGrid.chain(grid.levels(schedule, timesteps, true), end());
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
        Mixture corrected = past.isEmpty() ? new Mixture(1, 0, 0) : corrected(at, past);
        Mixture estimate = new Mixture(0, 1, 0);
        Mixture previous = new Mixture(0, 0, 1);
        Mixture next = firstOrder(at, to, corrected, estimate);
        boolean low = to.sigma() == 0 || (lowerOrderFinal && to.isEnd());
        if (order == 2 && !past.isEmpty() && !low) {
            double h = to.lambda() - at.lambda();
            double ratio = (past.get(0).lambda() - at.lambda()) / h;
            Mixture slope = previous.plus(estimate.times(-1)).times(1 / ratio);
            next = next.plus(slope.times(-to.alpha() * b(h) * 0.5));
        }
        return RowUpdate.of(next, true, corrected, previous);
    }

    /** The latents at a level, made again from those of the step before (UniC). */
    private Mixture corrected(NoiseLevel at, List<NoiseLevel> past) {
        NoiseLevel from = past.get(0);
        Mixture before = new Mixture(0, 0, 1);
        double h = at.lambda() - from.lambda();
        Mixture change = new Mixture(0, 1, 0).plus(before.times(-1));
        Mixture sum;
        if (order == 1 || past.size() < 2) {
            sum = change.times(0.5);
        } else {
            double ratio = (past.get(1).lambda() - from.lambda()) / h;
            double phi1 = Math.expm1(-h) / -h - 1;
            double first = phi1 / b(h);
            double second = (phi1 / -h - 0.5) * 2 / b(h);
            double older = (first - second) / (1 - ratio);
            Mixture slope = Mixture.slot(OLDER).plus(before.times(-1)).times(1 / ratio);
            sum = slope.times(older).plus(change.times(first - older));
        }
        return firstOrder(from, at, Mixture.slot(LAST), before).plus(sum.times(-at.alpha() * b(h)));
    }

    /** B(h) for x0: of -h. */
    private double b(double h) {
        return bh1 ? -h : Math.expm1(-h);
    }

    private static Mixture firstOrder(
            NoiseLevel from, NoiseLevel to, Mixture sample, Mixture estimate) {
        // exp(-h), finite also where no noise is left
        double decay = to.sigma() * from.alpha() / (from.sigma() * to.alpha());
        return sample.times(to.sigma() / from.sigma())
                .plus(estimate.times(to.alpha() * (1 - decay)));
    }
}
