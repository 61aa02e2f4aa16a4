package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text states of weighted and long prompts and of learned words. */
class PromptParityTest {
    private static final double TOLERANCE = 1e-5;
    private Pack pack;
    private SafetensorsFile golden;
    private NDManager manager;

    @BeforeEach
    void open() throws Exception {
        pack = Pack.open(Goldens.path("pipeline/pack"), Device.cpu(), Precision.FP32);
        golden = Goldens.open("pipeline/prompts.safetensors");
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() throws Exception {
        manager.close();
        golden.close();
        pack.close();
    }

    private void assertStates(String name, String prompt, int clipSkip) throws Exception {
        NDArray states = pack.encodePrompt(manager, List.of(prompt), clipSkip);
        assertArrayEquals(golden.info(name).shape(), states.getShape().getShape());
        Goldens.assertClose(Goldens.floats(golden, name), states, TOLERANCE, prompt);
    }

    @Test
    void weightsAndChunksGiveTheWebUisStates() throws Exception {
        JsonArray prompts =
                JsonParser.parseString(Goldens.text("pipeline/prompts.json")).getAsJsonArray();
        for (int i = 0; i < prompts.size(); i++) {
            String prompt = prompts.get(i).getAsJsonObject().get("prompt").getAsString();
            assertStates("prompt" + i, prompt, 1);
        }
        assertStates("skip", "a (big:1.4) nose", 2);
    }

    @Test
    void shorterPromptsOfABatchAreFilledUp() throws Exception {
        NDArray both = pack.encodePrompt(manager, List.of("a face BREAK a nose", "a face"), 1);
        assertArrayEquals(new long[] {2, 32, 16}, both.getShape().getShape());
        float[] empty = Goldens.floats(golden, "prompt9");
        Goldens.assertClose(empty, both.get("1, 16:"), TOLERANCE, "filling");
        Goldens.assertClose(
                Goldens.floats(golden, "prompt5"), both.get("0"), TOLERANCE, "the longer one");
    }

    @Test
    void learnedWordsGiveDiffusersStates() throws Exception {
        pack.addEmbedding(Goldens.path("pipeline/cat-toy.safetensors"));
        pack.addEmbedding(Goldens.path("pipeline/ugly.safetensors"));
        pack.addEmbedding(Goldens.path("pipeline/ugly.safetensors"));
        assertStates("learned0", "a <cat-toy> face", 1);
        assertStates("learned0", "a cat-toy face", 1);
        assertStates("learned1", "ugly, a nose", 1);
        assertStates("learned2", "a <cat-toy>, ugly face", 1);
        assertStates("prompt0", "a face", 1);
    }

    @Test
    void earlyLorasHoldLearnedWordsBesideTheirLayers(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("disney.safetensors");
        try (SafetensorsFile ugly =
                SafetensorsFile.open(Goldens.path("pipeline/ugly.safetensors"))) {
            SafetensorsWriter.write(
                    file,
                    Map.of(
                            "<s1>", ugly.load(manager, "emb_params"),
                            "<s2>", manager.ones(new Shape(16)),
                            "unet:0:up", manager.ones(new Shape(4, 1))),
                    Map.of(),
                    Dtype.F32);
        }
        pack.addEmbedding(file);
        assertStates("learned1", "<s1>, a nose", 1);
    }

    @Test
    void promptsOfDifferentLengthsAreGuidedAlike() {
        NDArray longer = pack.encodePrompt(manager, List.of("a face BREAK a nose"), 1);
        NDArray shorter = pack.encodePrompt(manager, List.of("an ear"), 1);
        GuidedUNet guided =
                new GuidedUNet(
                        pack.unet(),
                        pack.schedulerConfig().predictionType(),
                        Precision.FP32,
                        Conditioning.guided(longer, shorter, 3),
                        null,
                        null);
        NDArray x = manager.linspace(-1, 1, 4 * 8 * 8).reshape(new Shape(1, 4, 8, 8));
        NoiseLevel at = pack.schedule().level(500);
        NDArray with = guided.withText(Conditioning.unguided(longer)).x0(x, at);
        NDArray without = guided.withText(Conditioning.unguided(shorter)).x0(x, at);
        NDArray expected = without.add(with.sub(without).mul(3));
        Goldens.assertClose(expected.toFloatArray(), guided.x0(x, at), TOLERANCE, "guided");
    }

    @Test
    void otherEmbeddingsAreRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("other.safetensors");
        write(file, "clip_g", 16);
        assertReason(file, "Stable Diffusion XL");
        write(file, "emb_params", 768);
        assertReason(file, "but this model's vectors have 16 numbers");
        SafetensorsWriter.write(
                file,
                Map.of("a", manager.ones(new Shape(16)), "b", manager.ones(new Shape(16))),
                Map.of(),
                Dtype.F32);
        assertReason(file, "holds no textual-inversion embedding");
    }

    private void write(Path file, String key, long width) throws Exception {
        SafetensorsWriter.write(
                file, Map.of(key, manager.ones(new Shape(1, width))), Map.of(), Dtype.F32);
    }

    private void assertReason(Path file, String part) {
        String message =
                assertThrows(PackException.class, () -> pack.addEmbedding(file)).getMessage();
        assertTrue(message.contains(part) && message.contains("other.safetensors"), message);
        assertEquals('.', message.charAt(message.length() - 1));
    }
}
