package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A rule that brings noisy latents from one noise level to a lower one, given an estimate of the
 * clean latents. Samplers hold settings only; everything that changes is in the {@link
 * SamplingState}.
 *
 * <p>Built from a {@link SchedulerConfig} each does, over its own {@link #plan}, what diffusers'
 * scheduler does that is made by {@code from_config}. All work in the variance-preserving scale.
 */
public sealed interface Sampler
        permits Ddim,
                Ddpm,
                Euler,
                EulerAncestral,
                Midway,
                Lms,
                DpmSolverMultistep,
                DpmSolverSinglestep,
                Deis,
                Plms,
                UniPc,
                Lcm,
                Phased {
    /** The names that {@link #named} knows. */
    List<String> NAMES = SamplerTable.names();

    /**
     * The sampler with a name of {@link #NAMES}, with the settings of a configuration.
     *
     * @throws IllegalArgumentException if there is no such sampler or it cannot honour a setting
     */
    static Sampler named(String name, SchedulerConfig config) {
        return SamplerTable.named(name, config);
    }

    /** The name of the sampler that a configuration was written for; ddim if it is none of ours. */
    static String nameFor(SchedulerConfig config) {
        return SamplerTable.nameFor(config);
    }

    /**
     * The class that a configuration was written for, if it is one that {@link #nameFor} replaces.
     */
    static Optional<String> unknownClass(SchedulerConfig config) {
        return SamplerTable.unknownClass(config);
    }

    /** The name of this sampler, one of {@link #NAMES}. */
    String name();

    /** The noise schedule it runs on. */
    NoiseSchedule schedule();

    /**
     * The standard plan of n steps, first to last: one entry for each call of the network, of which
     * a step has {@link #evaluations}, or one where it leads to the end.
     */
    List<SamplingStep> plan(int steps);

    /** How often a step calls the network, unless it leads to the end. */
    default int evaluations() {
        return 1;
    }

    /** One step from any level to any lower one, as a plan would make it: a variable stride. */
    default List<SamplingStep> stride(NoiseLevel from, NoiseLevel to) {
        return List.of(new SamplingStep(from, to));
    }

    /** This sampler with steps of at most an order. */
    default Sampler atMost(int bound) {
        return this;
    }

    /** Whether its steps add fresh noise. */
    default boolean isStochastic() {
        return false;
    }

    /**
     * The noise that is added, from what the rows' generators drew.
     *
     * @param unit (b, c, h, w)
     * @param at the level of each row
     */
    default NDArray injected(NDArray unit, List<NoiseLevel> at) {
        return unit;
    }

    /** The level at a timestep from 0 to T - 1, also between two integers: a target for a jump. */
    default NoiseLevel level(double timestep) {
        return schedule().level(timestep);
    }

    /** Where a sampling ends. */
    NoiseLevel end();

    /** The factor that makes unit noise into the first latents of a plan. */
    default double initialScale(NoiseLevel first) {
        return 1;
    }

    /**
     * Whether a row may go on from a level to a target: to less noise. Timesteps do not say, as
     * those of dense grids are rounded and may be equal or even rise while the noise falls; between
     * equal levels they do.
     *
     * @param past levels of the evaluations that the row's memory comes from, newest first
     */
    default boolean leads(NoiseLevel at, NoiseLevel to, List<NoiseLevel> past) {
        return to.isEnd()
                || to.ratio() < at.ratio()
                || (to.ratio() == at.ratio() && to.timestep() < at.timestep());
    }

    /** How a row moves, given the level of its previous estimate or null if it has none. */
    RowUpdate update(NoiseLevel at, NoiseLevel to, NoiseLevel history);

    /** How many arrays the size of the latents it remembers beside the previous estimate. */
    default int memory() {
        return 0;
    }

    /**
     * The same with a memory.
     *
     * @param past levels of the evaluations that the row's memory comes from, newest first; empty
     *     where it remembers none
     */
    default RowUpdate update(
            NoiseLevel at, NoiseLevel to, NoiseLevel history, List<NoiseLevel> past) {
        return update(at, to, history);
    }

    /** This sampler's own estimate from the denoiser's, attached to the given manager. */
    default NDArray estimate(NDManager manager, NDArray x, NDArray x0, List<NoiseLevel> at) {
        return x0;
    }

    /**
     * Brings each row to its own target.
     *
     * @param x0 the denoiser's estimate for the state's latents (b, c, h, w), perhaps changed since
     * @param to the target of each row; a row whose target is its own level stays as it is
     * @return the next state; the given one stays valid
     * @throws IllegalArgumentException if a target is above the row's level
     */
    default SamplingState step(SamplingState state, NDArray x0, List<NoiseLevel> to) {
        return Advance.apply(this, state, x0, to);
    }

    /** Asks the denoiser once and brings all rows to the target. */
    default SamplingState step(SamplingState state, Denoiser denoiser, NoiseLevel to) {
        try (NDManager scratch = state.newScratch()) {
            NDArray x = state.latents().duplicate();
            x.attach(scratch);
            NDArray x0 = denoiser.x0(x, state.at());
            return step(state, x0, Collections.nCopies(state.rows(), to));
        }
    }

    /** One step of a plan, for all rows. */
    default SamplingState step(SamplingState state, Denoiser denoiser, SamplingStep step) {
        Sampler bounded = atMost(step.order());
        if (state.at().stream().allMatch(step.from()::equals)) {
            return bounded.step(state, denoiser, step.to());
        }
        try (SamplingState restated = state.restated(step.from())) {
            return bounded.step(restated, denoiser, step.to());
        }
    }

    /**
     * Runs the steps of a plan.
     *
     * @return the last state; the given one stays valid
     */
    default SamplingState run(SamplingState state, Denoiser denoiser, List<SamplingStep> plan) {
        SamplingState current = state.copy();
        for (SamplingStep step : plan) {
            try (SamplingState before = current) {
                current = step(before, denoiser, step);
            }
        }
        return current;
    }

    /**
     * The part of a plan that image-to-image runs, as diffusers: the last {@code int(n * strength)}
     * steps.
     *
     * @param strength from 0 (exclusive) to 1
     */
    default List<SamplingStep> plan(int steps, double strength) {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException(
                    "The strength must be above 0 and at most 1, but it is " + strength + ".");
        }
        List<SamplingStep> plan = plan(steps);
        int run = (int) (steps * strength);
        int skipped = (steps - run) * evaluations();
        if (run < 1 || skipped >= plan.size()) {
            throw new IllegalArgumentException(
                    "With "
                            + steps
                            + " steps a strength of "
                            + strength
                            + " leaves no step to run: raise either.");
        }
        return plan.subList(skipped, plan.size());
    }
}
