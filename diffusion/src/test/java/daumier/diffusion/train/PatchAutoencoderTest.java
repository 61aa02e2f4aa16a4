package daumier.diffusion.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PatchAutoencoderTest {
    private static final int SIDE = 16;
    private static final int LATENTS = 5;
    private static final String CONFIG =
            """
            {"block_out_channels": [12, 48, 56],
             "down_block_types":
               ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
             "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
             "latent_channels": 5, "norm_num_groups": %d, "scaling_factor": 1.0}
            """;

    @TempDir private Path folder;

    /** Smooth pictures with a little noise: their patches have clear components. */
    private ExampleStore pictures() throws IOException {
        ExampleStore store = ExampleStore.open(folder, SIDE, 0);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 24; i++) {
            float[] picture = new float[3 * SIDE * SIDE];
            for (int c = 0; c < 3; c++) {
                double level = random.nextDouble(-0.6, 0.6);
                double across = random.nextDouble(-0.03, 0.03);
                double down = random.nextDouble(-0.03, 0.03);
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        picture[(c * SIDE + y) * SIDE + x] =
                                (float)
                                        (level
                                                + across * x
                                                + down * y
                                                + 0.02 * random.nextGaussian());
                    }
                }
            }
            store.add(picture, "", new float[0]);
        }
        return store;
    }

    @Test
    void theEncoderIsTheCodeAndTheDecoderBeginsWithMeanColours() throws IOException {
        try (ExampleStore store = pictures();
                Kernels kernels = Kernels.load(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            VaeConfig config = VaeConfig.parse(CONFIG.formatted(1));
            Weights weights = Weights.initial(manager, 3);
            AutoencoderKL vae = AutoencoderKL.create(config, weights, kernels);
            PatchCode code = PatchCode.fit(List.of(store), 24, LATENTS);
            PatchAutoencoder.write(weights.parameters(), config, code);
            float[] picture = new float[3 * SIDE * SIDE];
            store.readImage(7, picture, 0);
            NDArray x = manager.create(picture, new Shape(1, 3, SIDE, SIDE));
            NDArray latents = vae.encode(x, Precision.FP32).mean();
            int places = SIDE / PatchCode.SIDE;
            double[] scales = code.scales();
            float[] encoded = latents.toFloatArray();
            for (int k = 0; k < LATENTS; k++) {
                for (int y = 0; y < places; y++) {
                    for (int column = 0; column < places; column++) {
                        double expected = 0;
                        for (int i = 0; i < 48; i++) {
                            expected +=
                                    scales[k]
                                            * code.components()[k][i]
                                            * (pixel(picture, i, column, y) - code.mean()[i]);
                        }
                        // The norm scales by a picture's own statistics: nearly, not quite, 1.
                        assertEquals(
                                expected,
                                encoded[(k * places + y) * places + column],
                                0.01 * Math.abs(expected) + 0.002);
                    }
                }
            }
            float[] decoded = vae.decode(latents, Precision.FP32).toFloatArray();
            assertTrue(error(picture, decoded) < 0.1, "error " + error(picture, decoded));
        }
    }

    private static double error(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum / a.length);
    }

    private static double pixel(float[] picture, int i, int column, int row) {
        int c = i / 16;
        int y = 4 * row + i % 16 / 4;
        int x = 4 * column + i % 4;
        return picture[(c * SIDE + y) * SIDE + x];
    }

    @Test
    void channelsHaveMeanVarianceOne() throws IOException {
        try (ExampleStore store = pictures()) {
            PatchCode code = PatchCode.fit(List.of(store), 24, LATENTS);
            double variance = 0;
            for (int k = 0; k < LATENTS; k++) {
                variance += Math.pow(code.scales()[k] * code.deviations()[k], 2) / LATENTS;
                assertTrue(k == 0 || code.deviations()[k] <= code.deviations()[k - 1]);
            }
            assertEquals(1, variance, 1e-9);
        }
    }

    @Test
    void aConfigurationWithoutRoomIsRefused() throws IOException {
        try (ExampleStore store = pictures();
                Kernels kernels = Kernels.load(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            VaeConfig config = VaeConfig.parse(CONFIG.formatted(4));
            Weights weights = Weights.initial(manager, 3);
            AutoencoderKL.create(config, weights, kernels);
            PatchCode code = PatchCode.fit(List.of(store), 24, LATENTS);
            IllegalArgumentException refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> PatchAutoencoder.write(weights.parameters(), config, code));
            assertTrue(refused.getMessage().contains("one group"));
        }
    }

    @Test
    void eigenvectorsAreScaledByTheMatrixOnly() {
        SplittableRandom random = new SplittableRandom(5);
        int n = 9;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                a[i][j] = random.nextGaussian();
                a[j][i] = a[i][j];
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(a);
        for (int k = 0; k < n; k++) {
            double length = 0;
            for (int i = 0; i < n; i++) {
                double product = 0;
                for (int j = 0; j < n; j++) {
                    product += a[i][j] * eigen.vectors()[k][j];
                }
                assertEquals(eigen.values()[k] * eigen.vectors()[k][i], product, 1e-9);
                length += eigen.vectors()[k][i] * eigen.vectors()[k][i];
            }
            assertEquals(1, length, 1e-12);
        }
    }
}
