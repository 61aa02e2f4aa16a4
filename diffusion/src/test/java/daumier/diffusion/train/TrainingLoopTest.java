package daumier.diffusion.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loop and its AdamW against a task with a known answer, a hand-made step, and itself after a
 * resume.
 */
final class TrainingLoopTest {
    private static final float[] ANSWER = {1.5f, -2f, 0.25f};

    /** Linear regression: y = x . answer. */
    private static Objective regression(NDArray weight) {
        return (scope, random, step) -> {
            float[] x = new float[8 * 3];
            float[] y = new float[8];
            for (int i = 0; i < 8; i++) {
                for (int k = 0; k < 3; k++) {
                    x[3 * i + k] = (float) random.nextGaussian();
                    y[i] += x[3 * i + k] * ANSWER[k];
                }
            }
            NDArray rows = scope.create(x, new Shape(8, 3));
            return rows.matMul(weight).sub(scope.create(y)).square().mean();
        };
    }

    private static SortedMap<String, NDArray> weights(NDManager manager) {
        SortedMap<String, NDArray> parameters = new TreeMap<>();
        parameters.put("weight", manager.create(new float[] {0, 0, 0}));
        return parameters;
    }

    private static TrainingPlan plan(long steps, double ema) {
        return new TrainingPlan(steps, 0.05, 10, 0.5, 0.02, 0, 10, ema, 7, 3);
    }

    @Test
    void findsTheAnswer() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                OptimizerKernel kernel = new OptimizerKernel(Device.cpu())) {
            SortedMap<String, NDArray> parameters = weights(manager);
            boolean done =
                    new TrainingLoop(kernel, manager)
                            .run(
                                    regression(parameters.get("weight")),
                                    parameters,
                                    plan(400, 0.9),
                                    null,
                                    (step, steps, loss, norm, seconds) -> true);
            assertTrue(done);
            assertArrayEquals(ANSWER, parameters.get("weight").toFloatArray(), 2e-3f);
        }
    }

    @Test
    void resumesBitByBit(@TempDir Path folder) throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                OptimizerKernel kernel = new OptimizerKernel(Device.cpu())) {
            TrainingLoop loop = new TrainingLoop(kernel, manager);
            SortedMap<String, NDArray> whole = weights(manager);
            loop.run(
                    regression(whole.get("weight")),
                    whole,
                    plan(40, 0.9),
                    null,
                    (s, n, l, g, t) -> true);
            Path checkpoint = folder.resolve("checkpoint.safetensors");
            SortedMap<String, NDArray> first = weights(manager);
            loop.run(
                    regression(first.get("weight")),
                    first,
                    plan(40, 0.9),
                    checkpoint,
                    (s, n, l, g, t) -> s < 17);
            SortedMap<String, NDArray> second = weights(manager);
            loop.run(
                    regression(second.get("weight")),
                    second,
                    plan(40, 0.9),
                    checkpoint,
                    (s, n, l, g, t) -> true);
            assertArrayEquals(
                    whole.get("weight").toFloatArray(), second.get("weight").toFloatArray(), 0f);
        }
    }

    @Test
    void firstStepIsAdamWsAndTheNormIsClipped() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                OptimizerKernel kernel = new OptimizerKernel(Device.cpu())) {
            SortedMap<String, NDArray> parameters = new TreeMap<>();
            parameters.put("p", manager.create(new float[] {2, -1}));
            double[] norm = new double[1];
            new TrainingLoop(kernel, manager)
                    .run(
                            (scope, random, step) ->
                                    parameters.get("p").mul(scope.create(new float[] {3, 4})).sum(),
                            parameters,
                            new TrainingPlan(1, 0.1, 1, 1, 1, 0.5, 1, 0, 1, 0),
                            null,
                            (step, steps, loss, gradient, seconds) -> {
                                norm[0] = gradient;
                                return true;
                            });
            assertEquals(5, norm[0], 1e-6);
            // Decoupled decay first, then a step of the learning rate against the gradient's sign.
            assertArrayEquals(
                    new float[] {2 * 0.95f - 0.1f, -0.95f - 0.1f},
                    parameters.get("p").toFloatArray(),
                    1e-5f);
        }
    }
}
