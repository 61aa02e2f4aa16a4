package daumier.diffusion.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the package lpips, see make_lpips_goldens.py. */
class LpipsTest {
    private static final int[][] ALEX = {
        {0, 3, 64, 11}, {3, 64, 192, 5}, {6, 192, 384, 3}, {8, 384, 256, 3}, {10, 256, 256, 3}
    };
    private static final int[][] VGG = {
        {0, 3, 64, 3},
        {2, 64, 64, 3},
        {5, 64, 128, 3},
        {7, 128, 128, 3},
        {10, 128, 256, 3},
        {12, 256, 256, 3},
        {14, 256, 256, 3},
        {17, 256, 512, 3},
        {19, 512, 512, 3},
        {21, 512, 512, 3},
        {24, 512, 512, 3},
        {26, 512, 512, 3},
        {28, 512, 512, 3}
    };
    private static final int[] ALEX_CHANNELS = {64, 192, 384, 256, 256};
    private static final int[] VGG_CHANNELS = {64, 128, 256, 512, 512};

    private static NDManager manager;
    private static Kernels kernels;

    @TempDir private Path folder;

    @BeforeAll
    static void load() {
        manager = NDManager.newBaseManager();
        kernels = Kernels.load(Device.cpu());
    }

    @AfterAll
    static void unload() {
        kernels.close();
        manager.close();
    }

    /** The weights of make_lpips_goldens.py in two files, as people have them. */
    private List<Path> files(int[][] convolutions, int[] channels) throws IOException {
        Map<String, NDArray> trunk = new LinkedHashMap<>();
        Map<String, NDArray> lin = new LinkedHashMap<>();
        try (NDManager scratch = manager.newSubManager()) {
            for (int[] c : convolutions) {
                double side = Math.sqrt(24.0 / (c[1] * c[3] * c[3]));
                Shape shape = new Shape(c[2], c[1], c[3], c[3]);
                trunk.put(
                        "features." + c[0] + ".weight",
                        hashed(scratch, shape, c[0] + 1, -side / 2, side));
                trunk.put(
                        "features." + c[0] + ".bias",
                        hashed(scratch, new Shape(c[2]), c[0] + 1001, -0.1, 0.2));
            }
            for (int i = 0; i < channels.length; i++) {
                lin.put(
                        "lin" + i + ".model.1.weight",
                        hashed(scratch, new Shape(1, channels[i], 1, 1), i + 2001, 0, 1));
            }
            Path first = folder.resolve("trunk.safetensors");
            Path second = folder.resolve("lin.safetensors");
            SafetensorsWriter.write(first, trunk, Map.of(), Dtype.F32);
            SafetensorsWriter.write(second, lin, Map.of(), Dtype.F32);
            return List.of(first, second);
        }
    }

    private static NDArray hashed(
            NDManager owner, Shape shape, int salt, double low, double width) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            int h = i * 0x9E3779B1 + salt * 40503;
            h ^= h >>> 15;
            h *= 0x85EBCA77;
            h ^= h >>> 13;
            values[i] = (float) (low + width * (Integer.toUnsignedLong(h) / 4294967296.0));
        }
        return owner.create(values, shape);
    }

    @Test
    void alexNetEqualsThePackage() throws Exception {
        assertGolden("alex", files(ALEX, ALEX_CHANNELS));
    }

    @Test
    void vggEqualsThePackage() throws Exception {
        assertGolden("vgg", files(VGG, VGG_CHANNELS));
    }

    private static void assertGolden(String name, List<Path> files) throws Exception {
        Path path = Path.of(LpipsTest.class.getResource("lpips.safetensors").toURI());
        try (NDManager scratch = manager.newSubManager();
                SafetensorsFile golden = SafetensorsFile.open(path)) {
            Lpips lpips = Lpips.open(files, scratch, kernels);
            assertEquals(name, lpips.name());
            NDArray a = golden.load(scratch, "a").duplicate();
            NDArray b = golden.load(scratch, "b").duplicate();
            double expected = golden.load(scratch, name + "/distance").getFloat();
            assertEquals(expected, lpips.distance(a, b).getFloat(), 1e-4 * expected);
            assertEquals(0, lpips.distance(a, a).getFloat());
            b.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(lpips.distance(a, b).sum());
            }
            NDArray gradient = golden.load(scratch, name + "/gradient").duplicate();
            double error =
                    gradient.sub(b.getGradient()).norm().getFloat() / gradient.norm().getFloat();
            assertTrue(error < 1e-3, () -> "relative error of the gradient: " + error);
        }
    }

    @Test
    void flatPicturesHaveFiniteGradients() throws Exception {
        try (NDManager scratch = manager.newSubManager()) {
            Lpips lpips = Lpips.open(files(ALEX, ALEX_CHANNELS), scratch, kernels);
            NDArray flat = scratch.zeros(new Shape(1, 3, 40, 40));
            flat.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray other = scratch.ones(new Shape(1, 3, 40, 40));
                collector.backward(lpips.distance(flat, other).sum());
            }
            assertTrue(Float.isFinite(flat.getGradient().abs().sum().getFloat()));
        }
    }

    @Test
    void whatIsMissingOrTooSmallIsSaid() throws Exception {
        List<Path> both = files(ALEX, ALEX_CHANNELS);
        try (NDManager scratch = manager.newSubManager()) {
            assertSentence("lin0.model.1.weight", () -> open(both.subList(0, 1), scratch));
            assertSentence("AlexNet or VGG-16", () -> open(both.subList(1, 2), scratch));
            Lpips lpips = open(both, scratch);
            NDArray a = scratch.zeros(new Shape(1, 3, 40, 40));
            assertSentence(
                    "one size", () -> lpips.distance(a, scratch.zeros(new Shape(1, 3, 40, 48))));
            NDArray small = scratch.zeros(new Shape(1, 3, 16, 40));
            assertSentence("32 pixels", () -> lpips.distance(small, small));
        }
    }

    private static Lpips open(List<Path> files, NDManager owner) {
        try {
            return Lpips.open(files, owner, kernels);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSentence(
            String part, org.junit.jupiter.api.function.Executable action) {
        Exception e = assertThrows(IllegalArgumentException.class, action);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
