package daumier.diffusion.sample;

import daumier.diffusion.sample.RowUpdate.Mixture;
import daumier.diffusion.sample.RowUpdate.Past;
import java.util.ArrayList;
import java.util.List;

/**
 * Pseudo linear multistep sampling (Liu et al. 2022, PNDM, with the start of the first Stable
 * Diffusion), as diffusers' {@code PNDMScheduler} with {@code skip_prk_steps}; the Runge-Kutta
 * start is never taken. The network is asked twice at the second timestep: with what it says there
 * the first step is made again.
 *
 * <p>The weights of the multistep formula are those of even strides; a plan with the spacing
 * linspace, or trailing where steps do not divide the timesteps, steps from timestep to timestep,
 * where diffusers' step is as long as the even stride.
 *
 * @param end where the last step leads: no noise, or the noise of timestep 0
 * @param velocity whether velocities are averaged, not noises: what the network predicts
 * @param spacing leading, linspace or trailing
 * @param offset added to the timesteps of the leading spacing
 */
public record Plms(
        NoiseSchedule schedule, NoiseLevel end, boolean velocity, String spacing, int offset)
        implements Sampler {
    private static final String NAME = "plms";

    /** Tells the level that is left again from the one that is reached, at the same noise. */
    private static final double HAIR = 1e-6;

    /** The slot of the latents before the first step; the slots before it hold outputs. */
    private static final int FIRST = 3;

    /** The sampler of a configuration. */
    public static Plms of(SchedulerConfig config) {
        NoiseSchedule schedule = NoiseSchedule.of(config);
        PredictionType type = config.predictionType();
        if (type == PredictionType.SAMPLE) {
            throw config.wrong("prediction_type", "epsilon or v_prediction for the sampler plms");
        }
        NoiseLevel zero = schedule.level(0);
        return new Plms(
                schedule,
                config.flag("set_alpha_to_one", false)
                        ? NoiseLevel.end(1, 0)
                        : NoiseLevel.end(zero.alpha(), zero.sigma()),
                type == PredictionType.V_PREDICTION,
                config.text("timestep_spacing", "leading"),
                config.integer("steps_offset", 0));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int memory() {
        return FIRST + 1;
    }

    @Override
    public List<SamplingStep> plan(int steps) {
        int trained = schedule.length();
        double[] grid = Timesteps.spaced(spacing, trained, steps, offset, NAME);
        List<NoiseLevel> levels = new ArrayList<>();
        for (double timestep : grid) {
            NoiseLevel level = level(timestep);
            if (levels.size() == 1) {
                levels.add(new NoiseLevel(level.timestep() + HAIR, level.alpha(), level.sigma()));
            }
            levels.add(level);
        }
        return RatioGrid.chain(levels, end);
    }

    @Override
    public RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history) {
        return update(at, to, history, List.of());
    }

    @Override
    public RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        Mixture x = new Mixture(1, 0, 0);
        Mixture now = output(at);
        boolean again = at.alpha() == to.alpha() && at.sigma() == to.sigma();
        if (again && past.size() == 1) {
            Mixture mean = now.plus(Mixture.slot(0)).times(0.5);
            return RowUpdate.of(moved(past.get(0), to, Mixture.slot(FIRST), mean), Past.KEPT);
        }
        if (again) {
            return RowUpdate.of(x, Past.KEPT); // the plan is entered here: nothing to make again
        }
        Mixture mean =
                switch (past.size()) {
                    case 0 -> now;
                    case 1 -> sum(now.times(1.5), -0.5);
                    case 2 -> sum(now.times(23 / 12.0), -16 / 12.0, 5 / 12.0);
                    default -> sum(now.times(55 / 24.0), -59 / 24.0, 37 / 24.0, -9 / 24.0);
                };
        return RowUpdate.of(
                moved(at, to, x, mean), Past.LONGER, now, Mixture.slot(0), Mixture.slot(1), x);
    }

    private static Mixture sum(Mixture first, double... factors) {
        Mixture sum = first;
        for (int i = 0; i < factors.length; i++) {
            sum = sum.plus(Mixture.slot(i).times(factors[i]));
        }
        return sum;
    }

    /** The network's output behind an estimate: noise or velocity. */
    private Mixture output(NoiseLevel at) {
        return velocity
                ? new Mixture(at.alpha() / at.sigma(), -1 / at.sigma(), 0)
                : new Mixture(1 / at.sigma(), -at.alpha() / at.sigma(), 0);
    }

    /** Formula (9) of the paper. */
    private Mixture moved(NoiseLevel from, NoiseLevel to, Mixture sample, Mixture output) {
        Mixture noise =
                velocity ? output.times(from.alpha()).plus(sample.times(from.sigma())) : output;
        double stretch = to.alpha() / from.alpha();
        double part =
                from.alpha() * from.alpha() * to.sigma() + from.alpha() * from.sigma() * to.alpha();
        double change = to.alpha() * to.alpha() - from.alpha() * from.alpha();
        return sample.times(stretch).plus(noise.times(-change / part));
    }
}
