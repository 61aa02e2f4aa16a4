package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A rule that brings noisy latents from one noise level to a lower one, given an estimate of the
 * clean latents. Samplers hold settings only; everything that changes is in the {@link
 * SamplingState}.
 *
 * <p>Built from a {@link SchedulerConfig} each does, over its own {@link #plan}, what diffusers'
 * scheduler does that is made by {@code from_config}. All work in the variance-preserving scale.
 */
public sealed interface Sampler
        permits Ddim, Euler, EulerAncestral, DpmSolverPlusPlus2M, Plms, UniPc, Lcm {
    /** The names that {@link #named} knows. */
    List<String> NAMES =
            List.of(
                    "ddim",
                    "euler",
                    "euler-a",
                    "dpm++2m",
                    "dpm++2m-karras",
                    "dpm++2m-sde",
                    "dpm++2m-sde-karras",
                    "plms",
                    "unipc",
                    "lcm");

    /** The setting that {@code -karras} in a name switches on. */
    String KARRAS = "use_karras_sigmas";

    /**
     * The sampler with a name of {@link #NAMES}, with the settings of a configuration.
     *
     * @throws IllegalArgumentException if there is no such sampler or it cannot honour a setting
     */
    static Sampler named(String name, SchedulerConfig config) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "ddim" -> Ddim.of(config, 0);
            case "euler" -> Euler.of(config);
            case "dpm++2m", "dpm++", "dpmsolver++", "dpm" -> DpmSolverPlusPlus2M.of(config);
            case "euler-a", "euler-ancestral" -> EulerAncestral.of(config);
            case "dpm++2m-karras" -> DpmSolverPlusPlus2M.of(config.with(KARRAS, true));
            case "dpm++2m-sde" -> DpmSolverPlusPlus2M.of(config, true);
            case "dpm++2m-sde-karras" -> DpmSolverPlusPlus2M.of(config.with(KARRAS, true), true);
            case "plms", "pndm" -> Plms.of(config);
            case "unipc" -> UniPc.of(config);
            case "lcm" -> Lcm.of(config);
            default ->
                    throw new IllegalArgumentException(
                            "There is no sampler '"
                                    + name
                                    + "': use one of "
                                    + String.join(", ", NAMES)
                                    + ".");
        };
    }

    /** The name of the sampler that a configuration was written for; ddim if it is none of ours. */
    static String nameFor(SchedulerConfig config) {
        return switch (config.className().orElse("")) {
            case "EulerDiscreteScheduler" -> "euler";
            case "EulerAncestralDiscreteScheduler" -> "euler-a";
            case "PNDMScheduler" -> "plms";
            case "UniPCMultistepScheduler" -> "unipc";
            case "DPMSolverMultistepScheduler" -> "dpm++2m";
            case "LCMScheduler" -> "lcm";
            default -> "ddim";
        };
    }

    /** The name of this sampler, one of {@link #NAMES}. */
    String name();

    /** The noise schedule it runs on. */
    NoiseSchedule schedule();

    /** The standard steps for n evaluations of the network, first to last. */
    List<SamplingStep> plan(int steps);

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
        if (state.at().stream().allMatch(step.from()::equals)) {
            return step(state, denoiser, step.to());
        }
        try (SamplingState restated = state.restated(step.from())) {
            return step(restated, denoiser, step.to());
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
    static List<SamplingStep> forStrength(List<SamplingStep> plan, double strength) {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException(
                    "The strength must be above 0 and at most 1, but it is " + strength + ".");
        }
        int run = (int) (plan.size() * strength);
        if (run < 1) {
            throw new IllegalArgumentException(
                    "With "
                            + plan.size()
                            + " steps a strength of "
                            + strength
                            + " leaves no step to run: raise either.");
        }
        return plan.subList(plan.size() - run, plan.size());
    }
}
