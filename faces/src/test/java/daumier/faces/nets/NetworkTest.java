package daumier.faces.nets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkTest {
    private static final Architecture SMALL =
            new Architecture(
                    3,
                    16,
                    16,
                    List.of(
                            "halve",
                            "block 6 3 2",
                            "residual",
                            "flatten",
                            "linear 8",
                            "relu",
                            "linear 4"));

    private static float[] noise(int n, long seed) {
        Random rng = new Random(seed);
        float[] v = new float[n];
        for (int i = 0; i < n; i++) {
            v[i] = (float) rng.nextGaussian();
        }
        return v;
    }

    @Test
    void meanIsThatOfEachChannelsPixels() {
        List<String> layers = List.of("mean");
        try (NDManager m = NDManager.newBaseManager();
                Network net = new Network(new Architecture(2, 2, 3, layers), m, 3)) {
            NDArray x = m.arange(12f).reshape(1, 2, 2, 3);
            assertArrayEquals(new float[] {2.5f, 8.5f}, net.forward(x).toFloatArray(), 1e-6f);
        }
    }

    @Test
    void gradientWithRespectToThePictureAgreesWithDifferences() {
        try (NDManager m = NDManager.newBaseManager();
                Network net = new Network(SMALL, m, 3)) {
            float[] picture = noise(3 * 16 * 16, 5);
            NDArray x = m.create(picture, new Shape(1, 3, 16, 16));
            x.setRequiresGradient(true);
            float[] gradient;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(net.forward(x).square().sum());
                gradient = x.getGradient().toFloatArray();
            }
            float step = 1e-2f;
            for (int i = 0; i < picture.length; i += 97) {
                float[] moved = picture.clone();
                moved[i] += step;
                double up = value(m, net, moved);
                moved[i] -= 2 * step;
                double down = value(m, net, moved);
                assertEquals((up - down) / (2 * step), gradient[i], 2e-2);
            }
        }
    }

    private static double value(NDManager m, Network net, float[] picture) {
        NDArray x = m.create(picture, new Shape(1, 3, 16, 16));
        return net.forward(x).square().sum().getFloat();
    }

    @Test
    void trainedStatisticsMakeFoldedAndTrainedFormsAgree() throws IOException {
        try (NDManager m = NDManager.newBaseManager();
                Network net = new Network(SMALL, m, 3)) {
            NDArray x = m.create(noise(32 * 3 * 16 * 16, 7), new Shape(32, 3, 16, 16));
            for (int i = 0; i < 200; i++) {
                net.train(x).close();
            }
            net.fold();
            float[] trained = net.train(x).toFloatArray();
            assertArrayEquals(trained, net.forward(x).toFloatArray(), 2e-3f);
        }
    }

    @Test
    void learnsATaskWithAKnownAnswerAndResumesExactly(@TempDir Path folder) throws IOException {
        float[] whole = fit(null, 150, 150);
        Path checkpoint = folder.resolve("net");
        fit(checkpoint, 150, 70);
        float[] resumed = fit(checkpoint, 150, 150);
        assertEquals(whole[0], resumed[0], 1e-5f);
        assertTrue(whole[1] < 0.3, "loss " + whole[1]);
    }

    /** Learns the mean brightness of a picture; stops after {@code stop} of {@code steps} steps. */
    private static float[] fit(Path checkpoint, int steps, int stop) throws IOException {
        Architecture a = new Architecture(1, 8, 8, List.of("block 4 3 2", "flatten", "linear 1"));
        try (NDManager m = NDManager.newBaseManager();
                Network net = new Network(a, m, 1)) {
            TrainingLoop.Task<float[]> task =
                    new TrainingLoop.Task<>() {
                        @Override
                        public float[] batch(java.util.SplittableRandom rng) {
                            return noise(16 * 65, rng.nextLong());
                        }

                        @Override
                        public NDArray loss(float[] batch, NDManager manager, double progress) {
                            NDArray all = manager.create(batch, new Shape(16, 65));
                            NDArray level = all.get(":,64:65");
                            NDArray x = all.get(":,0:64").mul(0.1).add(level).reshape(16, 1, 8, 8);
                            return Tensors.charbonnier(net.train(x).sub(level), 0.05);
                        }

                        @Override
                        public Map<String, Network> networks() {
                            return Map.of("net", net);
                        }

                        @Override
                        public boolean before(double progress) {
                            return progress * steps < stop;
                        }
                    };
            TrainingLoop<float[]> loop =
                    new TrainingLoop<>("test", task, Budget.ofSteps(steps), 5e-3, 0, 9, Map.of());
            float last = (float) loop.run(checkpoint, TrainingProgress.silent()).loss();
            NDArray out = net.forward(m.create(noise(64, 4), new Shape(1, 1, 8, 8)));
            return new float[] {out.getFloat(0, 0), last};
        }
    }

    @Test
    void wrongLayersAreRefused() {
        List<String> unknown = List.of("magic 3");
        List<String> short1 = List.of("block 3 3");
        assertThrows(IllegalArgumentException.class, () -> new Architecture(3, 8, 8, unknown));
        assertThrows(IllegalArgumentException.class, () -> new Architecture(3, 8, 8, short1));
    }

    @Test
    void filesComeBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.safetensors");
        try (NDManager m = NDManager.newBaseManager()) {
            float[] values = {0f, -1.5f, 65504f, 6e-8f, 1f / 3};
            TensorFile.write(file, Map.of("x", m.create(values, new Shape(5, 1))), true);
            NDArray back = TensorFile.read(file, m).get("x");
            assertEquals(new Shape(5, 1), back.getShape());
            assertArrayEquals(
                    new float[] {0f, -1.5f, 65504f, 6e-8f, 0.33325195f},
                    back.toFloatArray(),
                    1e-7f);
            TensorFile.write(file, Map.of("x", m.create(values)), false);
            assertArrayEquals(values, TensorFile.read(file, m).get("x").toFloatArray(), 0);
            Files.write(file, new byte[] {1, 2, 3});
            assertThrows(IOException.class, () -> TensorFile.read(file, m));
        }
    }
}
