package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.Optional;

/**
 * DPM-Solver-2 (Lu et al. 2022, algorithm 1) in k-diffusion's form: the slope at the geometric mean
 * of the sigmas carries the whole step, as in diffusers' {@code KDPM2DiscreteScheduler}, and with
 * ancestral noise as in its {@code KDPM2AncestralDiscreteScheduler}.
 *
 * @param ancestral whether steps go further down than their target and add noise up to it
 */
public record DpmSolver2(Euler euler, boolean ancestral) implements Midway {
    private static final String NAME = "dpm2";

    /** The sampler of a configuration. */
    public static DpmSolver2 of(SchedulerConfig config, boolean ancestral) {
        Euler plain = Euler.plain(config, NAME);
        // here Karras' timesteps are rounded, though those between them are not
        return new DpmSolver2(new Euler(plain.schedule(), plain.grid().rounding(true)), ancestral);
    }

    @Override
    public String name() {
        return euler.grid().named(NAME + (ancestral ? "-a" : ""));
    }

    @Override
    public boolean isStochastic() {
        return ancestral;
    }

    private Ancestry ancestry(NoiseLevel from, NoiseLevel to) {
        return ancestral ? Ancestry.of(from, to) : new Ancestry(to.ratio(), 0);
    }

    @Override
    public Optional<NoiseLevel> between(NoiseLevel from, NoiseLevel to) {
        if (to.isEnd()) {
            return Optional.empty();
        }
        double down =
                ancestral ? roundedDown((float) from.ratio(), (float) to.ratio()) : to.ratio();
        return Optional.of(Midway.middle(schedule(), from, down));
    }

    /**
     * Where an ancestral step goes down to, in single precision as in diffusers. The exact middle
     * would be the target's own sigma; the roundings move it, and the network is told so.
     */
    private static double roundedDown(float from, float to) {
        float square = to * to;
        float up = (float) Math.sqrt(square * (from * from - square) / (from * from));
        double down = (float) Math.sqrt(square - up * up);
        return down > 0 ? down : (double) square / from;
    }

    @Override
    public RowUpdate first(NoiseLevel at, NoiseLevel to) {
        return Midway.begun(Midway.eulerStep(at, to));
    }

    @Override
    public RowUpdate second(NoiseLevel from, NoiseLevel at, NoiseLevel to) {
        Ancestry ancestry = ancestry(from, to);
        double stride = ancestry.down() - from.ratio();
        Mixture start = Mixture.slot(BEGIN).times(1 / from.alpha());
        Mixture slope = new Mixture(1 / at.alpha(), -1, 0).times(1 / at.ratio());
        Mixture next = start.plus(slope.times(stride)).times(to.alpha());
        RowUpdate update = RowUpdate.of(next, Past.NONE);
        return ancestral ? update.withNoise(to.alpha() * ancestry.up()) : update;
    }
}
