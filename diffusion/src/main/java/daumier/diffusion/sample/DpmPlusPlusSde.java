package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.Optional;

/**
 * DPM-Solver++ on the stochastic equation, single step, with a second evaluation half way in log
 * sigma (k-diffusion's DPM++ SDE), as diffusers' {@code DPMSolverSDEScheduler}.
 *
 * <p>Noise is that of one Brownian path over sigma: the whole step's is made of the first half's
 * and of what is drawn for the second. Everything but the path is diffusers' to rounding; the path
 * comes from the row's generator, not from torchsde's tree, so that it is the same whatever levels
 * were planned. (diffusers' own is different in every run unless a seed is set for it alone.)
 */
public record DpmPlusPlusSde(Euler euler) implements Midway {
    private static final String NAME = "dpm++sde";

    /** The sampler of a configuration. */
    public static DpmPlusPlusSde of(SchedulerConfig config) {
        return new DpmPlusPlusSde(Euler.plain(config, NAME));
    }

    @Override
    public String name() {
        return euler.grid().named(NAME);
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public Optional<NoiseLevel> between(NoiseLevel from, NoiseLevel to) {
        return to.isEnd()
                ? Optional.empty()
                : Optional.of(Midway.middle(schedule(), from, to.ratio()));
    }

    @Override
    public RowUpdate first(NoiseLevel at, NoiseLevel to) {
        if (to.isEnd()) {
            return Midway.begun(Midway.eulerStep(at, to));
        }
        double up = to.alpha() * Ancestry.of(at, to).up();
        return Midway.begun(moved(at, to, new Mixture(1, 0, 0), new Mixture(0, 1, 0)))
                .withNoise(up);
    }

    @Override
    public RowUpdate second(NoiseLevel from, NoiseLevel at, NoiseLevel to) {
        Mixture begin = Mixture.slot(BEGIN);
        // the first half's noise, found again in where it led
        Mixture drawn =
                new Mixture(1, 0, 0)
                        .plus(moved(from, at, begin, new Mixture(0, 0, 1)).times(-1))
                        .times(1 / (at.alpha() * Ancestry.of(from, at).up()));
        double whole = from.ratio() - to.ratio();
        double before = Math.sqrt((from.ratio() - at.ratio()) / whole);
        double after = Math.sqrt((at.ratio() - to.ratio()) / whole);
        double up = to.alpha() * Ancestry.of(from, to).up();
        Mixture next = moved(from, to, begin, new Mixture(0, 1, 0)).plus(drawn.times(up * before));
        return RowUpdate.of(next, Past.NONE).withNoise(up * after);
    }

    /** The part of a step without noise, in the variance-preserving scale. */
    private static Mixture moved(NoiseLevel at, NoiseLevel to, Mixture latents, Mixture x0) {
        double kept = Ancestry.of(at, to).down() / at.ratio();
        return latents.times(to.alpha() * kept / at.alpha())
                .plus(x0.times(to.alpha() * (1 - kept)));
    }
}
