package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Unified predictor-corrector sampling (Zhao et al. 2023, UniPC on x0), as diffusers' {@code
 * UniPCMultistepScheduler}: each step first corrects the last one by what the network said since.
 *
 * @param order 1, 2 or 3
 * @param bound of the predictor's order in this step; the corrector's may be one higher, as it
 *     makes anew the step before
 * @param bh1 whether B(h) is h, not e^h - 1
 * @param lowerOrderFinal whether plans come down to first order by their last step
 */
public record UniPc(
        NoiseSchedule schedule,
        RatioGrid grid,
        int order,
        int bound,
        boolean bh1,
        boolean lowerOrderFinal)
        implements Sampler {
    private static final String NAME = "unipc";

    /** The slot of the corrected latents of the last step. */
    private static final int LAST = 0;

    /** The slot of the estimate before the previous one; one older may follow. */
    private static final int OLDER = 1;

    /** The sampler of a configuration. */
    public static UniPc of(SchedulerConfig config) {
        config.refuse("thresholding", NAME);
        if (!config.flag("predict_x0", true)) {
            throw config.wrong("predict_x0", "true for the sampler " + NAME);
        }
        config.refuseList("disable_corrector", NAME);
        int order = Solution.order(config, NAME);
        NoiseSchedule schedule = NoiseSchedule.of(config);
        if (config.flag("rescale_betas_zero_snr", false)) {
            schedule = schedule.withFiniteTerminal();
        }
        return new UniPc(
                schedule,
                RatioGrid.of(config.without("interpolation_type", "use_lu_lambdas"), NAME)
                        .rounding(true),
                order,
                order,
                config.text("solver_type", "bh2").equals("bh1"),
                config.flag("lower_order_final", true));
    }

    @Override
    public String name() {
        return grid.named(NAME);
    }

    @Override
    public int memory() {
        return Math.max(2, order);
    }

    @Override
    public UniPc atMost(int newBound) {
        return newBound >= bound
                ? this
                : new UniPc(schedule, grid, order, newBound, bh1, lowerOrderFinal);
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        double[] timesteps = grid.multistep(trained, trained, steps, NAME);
        List<SamplingStep> plan = RatioGrid.chain(grid.levels(schedule, timesteps, true), end());
        if (lowerOrderFinal) {
            for (int i = 0; i < plan.size(); i++) {
                plan.set(i, plan.get(i).atMost(plan.size() - i));
            }
        }
        return plan;
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
        int now = to.sigma() == 0 ? 1 : Math.min(bound, past.size() + 1);
        if (now > 1) {
            double h = to.lambda() - at.lambda();
            double[] behind = behind(at, past.subList(0, now - 1), h);
            double[] weights = now == 2 ? new double[] {0.5} : weights(behind, h);
            for (int i = 0; i < behind.length; i++) {
                Mixture known = i == 0 ? previous : Mixture.slot(OLDER + i - 1);
                Mixture slope = known.plus(estimate.times(-1)).times(1 / behind[i]);
                next = next.plus(slope.times(-to.alpha() * b(h) * weights[i]));
            }
        }
        return RowUpdate.of(next, Past.LONGER, corrected, previous, Mixture.slot(OLDER));
    }

    /** The latents at a level, made again from those of the step before (UniC). */
    private Mixture corrected(NoiseLevel at, List<NoiseLevel> past) {
        NoiseLevel from = past.get(0);
        Mixture before = new Mixture(0, 0, 1);
        double h = at.lambda() - from.lambda();
        int then = Math.min(Math.min(order, bound + 1), past.size());
        List<Mixture> slopes = new ArrayList<>();
        double[] behind = behind(from, past.subList(1, then), h);
        for (int i = 0; i < behind.length; i++) {
            slopes.add(Mixture.slot(OLDER + i).plus(before.times(-1)).times(1 / behind[i]));
        }
        slopes.add(new Mixture(0, 1, 0).plus(before.times(-1)));
        double[] nodes = Arrays.copyOf(behind, then);
        nodes[then - 1] = 1;
        double[] weights = then == 1 ? new double[] {0.5} : weights(nodes, h);
        Mixture next = firstOrder(from, at, Mixture.slot(LAST), before);
        for (int i = 0; i < weights.length; i++) {
            next = next.plus(slopes.get(i).times(-at.alpha() * b(h) * weights[i]));
        }
        return next;
    }

    /** How far levels lie behind the beginning of a stride h of log SNR, in strides: negative. */
    private static double[] behind(NoiseLevel from, List<NoiseLevel> levels, double h) {
        return levels.stream().mapToDouble(l -> (l.lambda() - from.lambda()) / h).toArray();
    }

    /**
     * The weights of the slopes at some nodes: {@code sum over j of node_j ^ (i - 1) * weight_j =
     * b_i} (equation 9 of the paper).
     */
    private double[] weights(double[] nodes, double h) {
        int size = nodes.length;
        double[][] rows = new double[size][size + 1];
        double phi = Math.expm1(-h) / -h - 1;
        double factorial = 1;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                rows[i][j] = Math.pow(nodes[j], i);
            }
            rows[i][size] = phi * factorial / b(h);
            factorial *= i + 2;
            phi = phi / -h - 1 / factorial;
        }
        return solved(rows);
    }

    /** By elimination; the nodes differ, so that every pivot is there. */
    private static double[] solved(double[][] rows) {
        int size = rows.length;
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < size; k++) {
                double factor = k == i ? 0 : rows[k][i] / rows[i][i];
                for (int j = i; j <= size; j++) {
                    rows[k][j] -= factor * rows[i][j];
                }
            }
        }
        double[] solution = new double[size];
        for (int i = 0; i < size; i++) {
            solution[i] = rows[i][size] / rows[i][i];
        }
        return solution;
    }

    /** B(h) for x0: of -h. */
    private double b(double h) {
        return bh1 ? -h : Math.expm1(-h);
    }

    private static Mixture firstOrder(
            NoiseLevel from, NoiseLevel to, Mixture sample, Mixture estimate) {
        return new Solution(from, to, false).firstOrder(sample, estimate);
    }
}
