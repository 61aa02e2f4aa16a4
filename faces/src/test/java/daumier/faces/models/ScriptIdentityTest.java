package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonParser;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Shared;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scripted identity network against PyTorch (make_script.py), and its gradient. */
final class ScriptIdentityTest {
    private static final Landmarks REFERENCE =
            new ModelFit(new ProceduralModel(), Camera.PORTRAIT).reference();
    private static final int SIDE = 128;

    @TempDir private Path folder;

    private static ScriptIdentity tiny(NDManager manager) throws IOException {
        Path file = ArcFaceNetworkTest.resource("tiny-arcface.pt");
        return ScriptIdentity.open(file, manager, REFERENCE);
    }

    private static NDArray planes(NDManager manager, Picture p) {
        return manager.create(p.toChw(), new Shape(1, 3, p.height(), p.width()));
    }

    @Test
    void equalPixelsGiveTheVectorOfPyTorch() throws IOException {
        double[] golden =
                Shared.numbers(
                        JsonParser.parseString(
                                        Files.readString(
                                                ArcFaceNetworkTest.resource("script-goldens.json")))
                                .getAsJsonObject()
                                .get("aligned"));
        try (NDManager manager = NDManager.newBaseManager();
                ScriptIdentity net = tiny(manager)) {
            NDArray face = planes(manager, ArcFaceNetworkTest.picture(112)).add(1).mul(127.5);
            float[] v = net.embedAligned(face).toFloatArray();
            for (int i = 0; i < golden.length; i++) {
                assertEquals(golden[i], v[i], 1e-5);
            }
        }
    }

    @Test
    void portraitsAreBroughtIntoTheNetworksFrame() throws IOException {
        Picture portrait = ArcFaceNetworkTest.picture(SIDE);
        Picture smooth =
                daumier.faces.measure.Pictures.resize(
                        daumier.faces.measure.Pictures.resize(portrait, 24, 24), SIDE, SIDE);
        try (NDManager manager = NDManager.newBaseManager();
                ScriptIdentity net = tiny(manager)) {
            Picture aligned = ArcFaceNetwork.aligned(smooth, FivePoints.of(REFERENCE));
            NDArray face = planes(manager, aligned).add(1).mul(127.5);
            float[] expected = net.embedAligned(face).toFloatArray();
            float[] found = net.embed(smooth);
            double cosine = ArcFaceNetwork.cosine(expected, found);
            assertTrue(cosine > 0.9999, "cosine " + cosine);
        }
    }

    @Test
    void theGradientIsThatOfFiniteDifferences() throws IOException {
        Random random = new Random(5);
        float[] values = new float[2 * 3 * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.4 * random.nextGaussian());
        }
        Shape shape = new Shape(2, 3, SIDE, SIDE);
        try (NDManager manager = NDManager.newBaseManager();
                ScriptIdentity net = tiny(manager)) {
            NDArray target = net.embed(manager.create(values, shape)).mul(0).add(0.25f);
            NDArray x = manager.create(values, shape);
            x.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(net.embed(x).mul(target).sum());
            }
            float[] gradient = x.getGradient().toFloatArray();
            double slope = length(gradient);
            assertTrue(slope > 0.1, "slope " + slope);
            for (int trial = 0; trial < 6; trial++) {
                float[] noise = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    noise[i] = (float) random.nextGaussian();
                }
                double size = length(noise);
                // A part along the gradient lifts the difference above the rounding of float32.
                double along = 0;
                float[] up = values.clone();
                float[] down = values.clone();
                double step = 0.1;
                for (int i = 0; i < values.length; i++) {
                    double d = noise[i] / size + 0.3 * gradient[i] / slope;
                    along += d * gradient[i];
                    up[i] += (float) (step * d);
                    down[i] -= (float) (step * d);
                }
                double high = net.embed(manager.create(up, shape)).mul(target).sum().getFloat();
                double low = net.embed(manager.create(down, shape)).mul(target).sum().getFloat();
                double measured = (high - low) / (2 * step);
                assertEquals(1, measured / along, 0.01, measured + " against " + along);
            }
        }
    }

    private static double length(float[] v) {
        double square = 0;
        for (float x : v) {
            square += (double) x * x;
        }
        return Math.sqrt(square);
    }

    @Test
    void theFolderKnowsItsScript() throws IOException {
        Path file = folder.resolve("net.pt");
        Files.copy(ArcFaceNetworkTest.resource("tiny-arcface.pt"), file);
        Files.writeString(folder.resolve("other.pt"), "weights of something");
        ModelFolder found = ModelFolder.open(folder);
        assertEquals(Optional.of(file), found.script());
        assertFalse(found.identity().isPresent());
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] plain = embedded(file, manager);
            Files.writeString(folder.resolve("net.json"), "{\"channels\": \"BGR\"}");
            assertTrue(ArcFaceNetwork.cosine(plain, embedded(file, manager)) < 0.9999);
            Files.writeString(folder.resolve("net.json"), "{\"std\": 0}");
            assertThrows(IOException.class, () -> embedded(file, manager));
        }
    }

    private static float[] embedded(Path file, NDManager manager) throws IOException {
        try (ScriptIdentity net = ScriptIdentity.open(file, manager, REFERENCE)) {
            return net.embed(ArcFaceNetworkTest.picture(SIDE));
        }
    }

    @Test
    void whatIsNoScriptIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("a.pt"), "text");
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Path file : new Path[] {text, folder.resolve("none.pt")}) {
                IOException e =
                        assertThrows(
                                IOException.class,
                                () -> ScriptIdentity.open(file, manager, REFERENCE));
                assertTrue(e.getMessage().contains("no TorchScript archive"), e.getMessage());
            }
            byte[] whole = Files.readAllBytes(ArcFaceNetworkTest.resource("tiny-arcface.pt"));
            Path cut =
                    Files.write(
                            folder.resolve("cut.pt"),
                            java.util.Arrays.copyOf(whole, whole.length / 2));
            assertThrows(IOException.class, () -> ScriptIdentity.open(cut, manager, REFERENCE));
        }
    }
}
