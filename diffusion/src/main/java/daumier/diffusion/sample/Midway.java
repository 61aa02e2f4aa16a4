package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sampler whose steps ask the network twice: where they begin and once more on the way, whence
 * the whole step is made anew. Both evaluations are steps of its plans, and of {@link #stride}.
 *
 * <p>A step is the second half of one exactly if it begins where {@link #between} puts the second
 * evaluation of the whole, so states need no mark and rows may stand differently. The first half
 * alone is a step of first order to wherever it leads.
 */
sealed interface Midway extends Sampler permits Heun, DpmSolver2, DpmPlusPlusSde {
    /** The slot of the latents where the step began. */
    int BEGIN = 0;

    /** Whose schedule, levels and first noise it shares. */
    Euler euler();

    /** Where a step asks for the second time; empty if it does not. */
    Optional<NoiseLevel> between(NoiseLevel from, NoiseLevel to);

    /** A step of first order. */
    RowUpdate first(NoiseLevel at, NoiseLevel to);

    /**
     * The whole step.
     *
     * @param from where it began, with the latents in {@link #BEGIN} and the estimate as history
     * @param at where the network was asked for the second time
     */
    RowUpdate second(NoiseLevel from, NoiseLevel at, NoiseLevel to);

    @Override
    default NoiseSchedule schedule() {
        return euler().schedule();
    }

    @Override
    default NoiseLevel end() {
        return euler().end();
    }

    @Override
    default double initialScale(NoiseLevel first) {
        return euler().initialScale(first);
    }

    @Override
    default int memory() {
        return 1;
    }

    @Override
    default int evaluations() {
        return 2;
    }

    @Override
    default List<SamplingStep> plan(int steps) {
        List<SamplingStep> plan = new ArrayList<>();
        for (SamplingStep whole : euler().plan(steps)) {
            plan.addAll(stride(whole.from(), whole.to()));
        }
        return plan;
    }

    @Override
    default List<SamplingStep> stride(NoiseLevel from, NoiseLevel to) {
        return between(from, to)
                .map(middle -> RatioGrid.chain(List.of(from, middle), to))
                .orElseGet(() -> List.of(new SamplingStep(from, to)));
    }

    @Override
    default RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return first(at, to);
    }

    @Override
    default RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        return isSecondHalf(at, to, past) ? second(past.get(0), at, to) : first(at, to);
    }

    /** The second evaluation may lie a little below the target. */
    @Override
    default boolean leads(NoiseLevel at, NoiseLevel to, List<NoiseLevel> past) {
        return isSecondHalf(at, to, past) || Sampler.super.leads(at, to, past);
    }

    private boolean isSecondHalf(NoiseLevel at, NoiseLevel to, List<NoiseLevel> past) {
        return !past.isEmpty() && between(past.get(0), to).filter(at::equals).isPresent();
    }

    /** Half way in log sigma from a level down to a sigma. */
    static NoiseLevel middle(NoiseSchedule schedule, NoiseLevel from, double down) {
        double sigma = Math.sqrt(from.ratio() * down);
        return NoiseLevel.ofRatio(schedule.timestepOfRatio(sigma), sigma);
    }

    /** Leaves the first half's beginning in memory. */
    static RowUpdate begun(Mixture next) {
        return RowUpdate.of(next, Past.ANEW, new Mixture(1, 0, 0));
    }

    /** Euler's step in the variance-preserving scale. */
    static Mixture eulerStep(NoiseLevel at, NoiseLevel to) {
        double perNoise = to.sigma() / at.sigma();
        return new Mixture(perNoise, to.alpha() - perNoise * at.alpha(), 0);
    }
}
