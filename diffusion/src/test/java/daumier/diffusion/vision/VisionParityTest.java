package daumier.diffusion.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonParser;
import daumier.diffusion.nn.ClipVisionConfig;
import daumier.diffusion.nn.ClipVisionModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.VisionTransformer;
import daumier.diffusion.nn.VitConfig;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.Weights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against transformers' models and processors, see make_goldens.py. */
class VisionParityTest {
    private static final List<String> PICTURES = List.of("wide", "tall", "small");

    private static NDManager manager;
    private static Kernels kernels;
    private static SafetensorsFile goldens;

    @BeforeAll
    static void load() throws Exception {
        manager = NDManager.newBaseManager();
        kernels = Kernels.load(Device.cpu());
        goldens = SafetensorsFile.open(folder("vision.safetensors"));
    }

    @AfterAll
    static void unload() throws IOException {
        goldens.close();
        kernels.close();
        manager.close();
    }

    private static Path folder(String name) throws URISyntaxException {
        return Path.of(VisionParityTest.class.getResource(name).toURI());
    }

    private static NDArray golden(String key) throws IOException {
        return goldens.load(manager, key).duplicate();
    }

    @Test
    void clipLooksAtPicturesAsTransformersDoes() throws Exception {
        ClipModel clip = ClipModel.open(folder("clip"), manager, kernels);
        for (String picture : PICTURES) {
            assertSameDirection("clip", picture, clip.embed(golden("picture/" + picture)), 1e-4);
        }
    }

    @Test
    void clipReadsSentencesAsTransformersDoes() throws Exception {
        ClipModel clip = ClipModel.open(folder("clip"), manager, kernels);
        assertTrue(clip.readsText());
        int count = 0;
        for (var sentence :
                JsonParser.parseString(goldens.metadata().get("sentences")).getAsJsonArray()) {
            NDArray expected = golden("clip/text/" + count++);
            assertClose(
                    sentence.getAsString(),
                    Cosine.normalised(expected),
                    clip.embed(manager, sentence.getAsString()),
                    1e-4);
        }
        assertEquals(3, count);
    }

    @Test
    void cosinesAreThoseOfTransformers() throws Exception {
        ClipModel clip = ClipModel.open(folder("clip"), manager, kernels);
        NDArray a = clip.embed(golden("picture/wide"));
        double pictures = Cosine.of(a, clip.embed(golden("picture/tall")));
        double words = Cosine.of(a, clip.embed(manager, "Man!"));
        NDArray wide = Cosine.normalised(golden("clip/embedding/wide"));
        NDArray tall = Cosine.normalised(golden("clip/embedding/tall"));
        assertEquals(Cosine.of(wide, tall), pictures, 1e-4);
        assertEquals(Cosine.of(wide, Cosine.normalised(golden("clip/text/1"))), words, 1e-4);
        assertEquals(1, Cosine.of(a, a), 1e-6);
    }

    @Test
    void aVisionTowerAloneIsEnoughForPictures() throws Exception {
        ClipModel clip = ClipModel.open(folder("clip_vision"), manager, kernels);
        for (String picture : PICTURES) {
            assertSameDirection(
                    "clip_vision", picture, clip.embed(golden("picture/" + picture)), 1e-4);
        }
        assertFalse(clip.readsText());
        Exception e =
                assertThrows(
                        IllegalArgumentException.class, () -> clip.embed(manager, "a portrait"));
        assertTrue(e.getMessage().contains("take a whole one"), e.getMessage());
    }

    @Test
    void dinoLooksAtPicturesAsTransformersDoes() throws Exception {
        for (String model : List.of("dino", "dinov2")) {
            DinoModel dino = DinoModel.open(folder(model), manager, kernels);
            for (String picture : PICTURES) {
                assertSameDirection(model, picture, dino.embed(golden("picture/" + picture)), 1e-4);
            }
        }
    }

    @Test
    void pixelsAreThoseOfTransformersToTheBitOfAnEightBitPicture() throws Exception {
        for (String model : List.of("clip", "clip_vision", "dino", "dinov2")) {
            ImageProcessor processor = ImageProcessor.read(folder(model), ImageProcessor.clip(224));
            for (String picture : PICTURES) {
                NDArray expected = golden(model + "/pixels/" + picture);
                NDArray actual = processor.prepare(golden("picture/" + picture), kernels);
                assertEquals(expected.getShape(), actual.getShape(), model + " " + picture);
                double worst = expected.sub(actual).abs().max().getFloat();
                // A level of 8 bits is 0.014 here.
                assertTrue(worst < 1e-5, () -> model + " " + picture + ": " + worst);
            }
        }
    }

    @Test
    void smoothPixelsDifferByRoundingAlone() throws Exception {
        for (String model : List.of("clip", "dinov2")) {
            ImageProcessor processor = ImageProcessor.read(folder(model), ImageProcessor.clip(224));
            for (String picture : PICTURES) {
                NDArray exact = processor.prepare(golden("picture/" + picture), kernels);
                NDArray smooth = processor.prepareSmoothly(golden("picture/" + picture), kernels);
                // Clipping of overshoots aside, which the mean forgives.
                double mean = exact.sub(smooth).abs().mean().getFloat();
                assertTrue(mean < 0.012, () -> model + " " + picture + ": " + mean);
            }
        }
    }

    @Test
    void networksAndTheirGradientsEqualTransformers() throws Exception {
        ClipVisionModel clip =
                ClipVisionModel.create(
                        ClipVisionConfig.read(folder("clip")), weights("clip"), kernels);
        ClipVisionModel tower =
                ClipVisionModel.create(
                        ClipVisionConfig.read(folder("clip_vision")),
                        weights("clip_vision"),
                        kernels);
        VisionTransformer dino =
                VisionTransformer.create(VitConfig.read(folder("dino")), weights("dino"), kernels);
        VisionTransformer dinov2 =
                VisionTransformer.create(
                        VitConfig.read(folder("dinov2")), weights("dinov2"), kernels);
        assertGradient("clip", x -> clip.forward(x, Precision.FP32));
        assertGradient("clip_vision", x -> tower.forward(x, Precision.FP32));
        assertGradient("dino", x -> dino.forward(x, Precision.FP32));
        assertGradient("dinov2", x -> dinov2.forward(x, Precision.FP32));
    }

    private static Weights weights(String model) throws Exception {
        return Weights.open(folder(model), manager);
    }

    private static void assertGradient(String model, UnaryOperator<NDArray> network)
            throws IOException {
        NDArray pixels = golden(model + "/pixels/wide");
        assertClose(
                model, golden(model + "/embedding/wide"), network.apply(pixels.duplicate()), 1e-4);
        pixels.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray embedding = network.apply(pixels);
            collector.backward(embedding.mul(golden(model + "/probe")).sum());
        }
        assertClose(model + ", gradient", golden(model + "/gradient"), pixels.getGradient(), 1e-3);
    }

    @Test
    void rowsAreIndependent() throws Exception {
        ClipModel clip = ClipModel.open(folder("clip"), manager, kernels);
        NDArray wide = golden("picture/wide");
        NDArray both = clip.embed(ai.djl.ndarray.NDArrays.concat(new NDList(wide, wide.flip(3))));
        assertClose("first row", clip.embed(wide), both.get("0:1"), 1e-5);
        assertClose("second row", clip.embed(wide.flip(3)), both.get("1:2"), 1e-5);
    }

    @Test
    void whatIsNoClipIsRefusedInASentence(@TempDir Path empty) throws Exception {
        Exception none =
                assertThrows(IOException.class, () -> ClipModel.open(empty, manager, kernels));
        assertTrue(none.getMessage().contains("config.json"), none.getMessage());
        Exception other =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ClipModel.open(folder("dino"), manager, kernels));
        assertTrue(other.getMessage().contains("CLIP"), other.getMessage());
        Files.writeString(empty.resolve("preprocessor_config.json"), "{\"resample\": 0}");
        Exception filter =
                assertThrows(
                        IOException.class,
                        () -> ImageProcessor.read(empty, ImageProcessor.clip(224)));
        assertTrue(filter.getMessage().contains("resample"), filter.getMessage());
    }

    private static void assertSameDirection(
            String model, String picture, NDArray actual, double tolerance) throws IOException {
        assertClose(
                model + " " + picture,
                Cosine.normalised(golden(model + "/embedding/" + picture)),
                actual,
                tolerance);
    }

    /** Relative error in the Euclidean norm. */
    private static void assertClose(
            String what, NDArray expected, NDArray actual, double tolerance) {
        assertEquals(expected.getShape(), actual.getShape(), what);
        double error = expected.sub(actual).norm().getFloat() / expected.norm().getFloat();
        assertTrue(error <= tolerance, () -> what + ": relative error " + error);
    }
}
