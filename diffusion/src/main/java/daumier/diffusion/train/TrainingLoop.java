package daumier.diffusion.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;

/**
 * Minimises an {@link Objective}: the one loop that every network of a pack is trained by. Leaves a
 * checkpoint behind it, from which the next run goes on with the same batches.
 */
public final class TrainingLoop {
    /** Hears of every step; says whether to go on. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called after each step.
         *
         * @return false to stop here, with a checkpoint
         */
        boolean afterStep(long step, long steps, double loss, double gradientNorm, double seconds);
    }

    private final OptimizerKernel kernel;
    private final NDManager manager;

    /**
     * A loop on the manager's device.
     *
     * @param kernel the optimiser's arithmetic, on the parameters' device
     * @param manager parent of everything the loop makes
     */
    public TrainingLoop(OptimizerKernel kernel, NDManager manager) {
        this.kernel = kernel;
        this.manager = manager;
    }

    /**
     * Trains {@code parameters} in place, and puts their running average into them at the end if
     * the plan keeps one.
     *
     * @param checkpoint file to resume from where it exists and to write to; null for none
     * @return whether all steps of the plan are done (false: the listener stopped it)
     */
    public boolean run(
            Objective objective,
            SortedMap<String, NDArray> parameters,
            TrainingPlan plan,
            Path checkpoint,
            Listener listener)
            throws IOException {
        parameters.values().forEach(p -> p.setRequiresGradient(true));
        try (AdamW optimizer = new AdamW(kernel, manager, parameters, plan.emaDecay() > 0)) {
            long step =
                    checkpoint != null && Files.exists(checkpoint)
                            ? resume(optimizer, checkpoint)
                            : 0;
            boolean going = true;
            while (going && step < plan.steps()) {
                long start = System.nanoTime();
                float loss = gradients(objective, plan, step);
                if (!Float.isFinite(loss)) {
                    throw new IllegalStateException(
                            "The loss is no longer a number at step "
                                    + step
                                    + "; use a lower learning rate.");
                }
                double norm =
                        optimizer.step(
                                plan.learningRateAt(step),
                                plan.weightDecay(),
                                plan.clipNorm(),
                                plan.emaDecayAt(step));
                step++;
                going =
                        listener.afterStep(
                                step, plan.steps(), loss, norm, (System.nanoTime() - start) / 1e9);
                if (checkpoint != null
                        && (step % plan.checkpointEvery() == 0 || step == plan.steps() || !going)) {
                    save(optimizer, step, checkpoint);
                }
            }
            if (step >= plan.steps() && plan.emaDecay() > 0) {
                adoptAverage(optimizer, parameters);
            }
            return step >= plan.steps();
        } finally {
            parameters.values().forEach(p -> p.setRequiresGradient(false));
        }
    }

    private float gradients(Objective objective, TrainingPlan plan, long step) {
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            SplittableRandom random =
                    new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + step);
            NDArray loss = objective.loss(scope, random, step);
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private static void adoptAverage(AdamW optimizer, SortedMap<String, NDArray> parameters) {
        parameters.values().forEach(p -> p.setRequiresGradient(false));
        optimizer.average().forEach((name, value) -> value.copyTo(parameters.get(name)));
    }

    private static void save(AdamW optimizer, long step, Path checkpoint) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", Long.toString(step));
        metadata.put("updates", Long.toString(optimizer.updates()));
        SafetensorsWriter.write(checkpoint, optimizer.state(), metadata, Dtype.F32);
    }

    private long resume(AdamW optimizer, Path checkpoint) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint);
                NDManager scope = manager.newSubManager()) {
            Map<String, NDArray> state = new LinkedHashMap<>();
            for (String name : file.names()) {
                state.put(name, file.load(scope, name));
            }
            optimizer.restore(state, Long.parseLong(file.metadata().get("updates")));
            return Long.parseLong(file.metadata().get("step"));
        }
    }
}
