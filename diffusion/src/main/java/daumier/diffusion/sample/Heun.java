package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.List;
import java.util.Optional;

/**
 * Heun's method on the probability-flow equation (Karras et al. 2022, algorithm 1), as diffusers'
 * {@code HeunDiscreteScheduler}: the mean of the slopes where an Euler step begins and where it
 * leads.
 *
 * @param clip the largest magnitude of an x0 estimate; infinite for none
 */
public record Heun(Euler euler, double clip) implements Midway {
    private static final String NAME = "heun";

    /** Tells the level that is asked again from the one that is reached, at the same noise. */
    private static final double HAIR = 1e-6;

    /** The sampler of a configuration. */
    public static Heun of(SchedulerConfig config) {
        return new Heun(
                Euler.plain(config, NAME),
                config.flag("clip_sample", false)
                        ? config.number("clip_sample_range", 1)
                        : Double.POSITIVE_INFINITY);
    }

    @Override
    public String name() {
        return euler.grid().named(NAME);
    }

    @Override
    public Optional<NoiseLevel> between(NoiseLevel from, NoiseLevel to) {
        return to.isEnd()
                ? Optional.empty()
                : Optional.of(new NoiseLevel(to.timestep() + HAIR, to.alpha(), to.sigma()));
    }

    @Override
    public RowUpdate first(NoiseLevel at, NoiseLevel to) {
        return Midway.begun(Midway.eulerStep(at, to)).onEstimate();
    }

    @Override
    public RowUpdate second(NoiseLevel from, NoiseLevel at, NoiseLevel to) {
        double half = (to.ratio() - from.ratio()) / 2;
        Mixture start = Mixture.slot(BEGIN).times(1 / from.alpha());
        Mixture slopeThere = start.plus(new Mixture(0, 0, -1)).times(half / from.ratio());
        Mixture slopeHere = new Mixture(1 / at.alpha(), -1, 0).times(half / at.ratio());
        Mixture next = start.plus(slopeThere).plus(slopeHere).times(to.alpha());
        return RowUpdate.of(next, Past.NONE).onEstimate();
    }

    @Override
    public NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        return Double.isInfinite(clip) ? x0 : x0.clip(-clip, clip);
    }
}
