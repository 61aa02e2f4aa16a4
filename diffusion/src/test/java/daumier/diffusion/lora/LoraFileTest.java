package daumier.diffusion.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.reflect.TypeToken;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsException;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family of files gives the change of weights that diffusers and PEFT make of it. */
class LoraFileTest {

    private static final String QUERY =
            "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
    private static final String KOHYA_QUERY = LayerSpellings.kohya(QUERY);

    @TempDir Path folder;
    private NDManager manager;
    private List<LoraTarget> targets;

    @BeforeEach
    void open() throws IOException, URISyntaxException {
        manager = NDManager.newBaseManager();
        List<JsonObject> layers =
                new Gson()
                        .fromJson(Files.readString(resource("targets.json")), new TypeToken<>() {});
        targets = new ArrayList<>();
        for (JsonObject layer : layers) {
            targets.add(
                    new LoraTarget(
                            layer.get("path").getAsString(),
                            LoraTarget.Kind.valueOf(layer.get("kind").getAsString()),
                            layer.get("in").getAsLong(),
                            layer.get("out").getAsLong(),
                            layer.get("kernel").getAsLong()));
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(LoraFileTest.class.getResource("/lora/" + name).toURI());
    }

    private LoraTarget target(String path) {
        return targets.stream().filter(t -> t.path().equals(path)).findFirst().orElseThrow();
    }

    /** scale · up · down, in the shape of the layer's weight. */
    private static NDArray change(LoraPair pair) {
        Shape down = pair.down().getShape();
        long out = pair.up().getShape().get(0);
        long[] shape = down.getShape().clone();
        shape[0] = out;
        return pair.up()
                .reshape(out, pair.rank())
                .matMul(pair.down().reshape(pair.rank(), -1))
                .mul(pair.scale())
                .reshape(new Shape(shape));
    }

    private void assertChanges(String expectedFile, LoraWeights lora)
            throws IOException, URISyntaxException {
        try (SafetensorsFile expected = SafetensorsFile.open(resource(expectedFile))) {
            assertEquals(new HashSet<>(expected.names()), lora.pairs().keySet());
            for (String path : expected.names()) {
                NDArray wanted = expected.load(manager, path);
                NDArray found = change(lora.pairs().get(path));
                assertEquals(wanted.getShape(), found.getShape(), path);
                float worst = wanted.sub(found).abs().max().getFloat();
                assertTrue(worst <= 1e-6f * (1 + wanted.abs().max().getFloat()), path + worst);
                LoraTarget target = target(path);
                int rank = lora.pairs().get(path).rank();
                assertArrayEquals(
                        target.downShape(rank),
                        lora.pairs().get(path).down().getShape().getShape());
                assertArrayEquals(
                        target.upShape(rank), lora.pairs().get(path).up().getShape().getShape());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kohya",
                "kohya-no-alpha",
                "tucker",
                "diffusers",
                "diffusers-rslora",
                "diffusers-2023",
                "attention-processors",
                "loha",
                "lokr"
            })
    void readsEveryFamily(String name) throws IOException, URISyntaxException {
        LoraWeights lora = LoraFile.read(resource(name + ".safetensors"), manager, targets);
        assertEquals(name, lora.name());
        assertEquals(List.of(), lora.unmatched());
        assertEquals(1, lora.fraction());
        assertChanges(name + ".expected.safetensors", lora);
    }

    @Test
    void readsAPeftFolder() throws IOException, URISyntaxException {
        assertChanges(
                "peft.expected.safetensors", LoraFile.read(resource("peft"), manager, targets));
    }

    @Test
    void readsTheNameOfAnAdapter() throws IOException {
        write(
                "base_model.model." + QUERY + ".lora_A.default.weight", array(2, 16),
                "base_model.model." + QUERY + ".lora_B.default.weight", array(16, 2));
        assertEquals(Set.of(QUERY), read().pairs().keySet());
    }

    @Test
    void listsWhatItDoesNotKnow() throws IOException, URISyntaxException {
        List<LoraTarget> unetOnly = targets.stream().filter(t -> !t.inTextEncoder()).toList();
        LoraWeights lora = LoraFile.read(resource("kohya.safetensors"), manager, unetOnly);
        assertEquals(6, lora.unmatched().size());
        assertEquals(30 / 36.0, lora.fraction());
        assertTrue(lora.unmatched().stream().allMatch(key -> key.startsWith("lora_te_")));
        assertEquals("4", lora.metadata().get("ss_network_dim"));
        assertEquals(Map.of(), lora.textEncoder());
        assertEquals(4, lora.rank());
        LoraWeights whole = LoraFile.read(resource("kohya.safetensors"), manager, targets);
        assertEquals(2, whole.textEncoder().size());
        assertEquals(lora.pairs().keySet(), whole.unet().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kohya", "tucker", "diffusers-rslora"})
    void writesWhatItReads(String name) throws IOException, URISyntaxException {
        LoraWeights lora = LoraFile.read(resource(name + ".safetensors"), manager, targets);
        Path written = folder.resolve("written.safetensors");
        LoraFile.write(
                written, lora, Map.of("ss_steps", "12", "modelspec.title", "mine"), Dtype.F32);
        LoraWeights again = LoraFile.read(written, manager, targets);
        assertChanges(name + ".expected.safetensors", again);
        assertEquals("12", again.metadata().get("ss_steps"));
        assertEquals("mine", again.metadata().get("modelspec.title"));
        assertEquals(Integer.toString(lora.rank()), again.metadata().get("ss_network_dim"));
        byte[] first = Files.readAllBytes(written);
        LoraFile.write(
                written, lora, Map.of("modelspec.title", "mine", "ss_steps", "12"), Dtype.F32);
        assertArrayEquals(first, Files.readAllBytes(written));
        LoraFile.write(written, lora, Map.of());
        assertEquals(
                lora.pairs().keySet(), LoraFile.read(written, manager, targets).pairs().keySet());
    }

    @Test
    void refusesOtherBaseModelsByName() throws IOException {
        write(
                "lora_te2_text_model_encoder_layers_0_mlp_fc1.lora_down.weight",
                array(2, 1280),
                KOHYA_QUERY + ".lora_down.weight",
                array(2, 16),
                KOHYA_QUERY + ".lora_up.weight",
                array(16, 2));
        assertReason("Stable Diffusion XL");
        write("lora_unet_input_blocks_4_1_proj_in.lora_down.weight", array(2, 640));
        assertReason("Stable Diffusion XL");
        write("lora_unet_double_blocks_0_img_attn_proj.lora_down.weight", array(2, 3072));
        assertReason("Flux");
        String key = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k";
        write(key + ".lora_down.weight", array(2, 1024), key + ".lora_up.weight", array(16, 2));
        assertReason("Stable Diffusion 2 (1024 text features), and this model is a model with 12");
        write(key + ".lora_down.weight", array(2, 768), key + ".lora_up.weight", array(16, 2));
        assertReason("Stable Diffusion 1");
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 17),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2));
        assertReason("does not fit this model: for layer '" + QUERY + "' it holds down [2, 17]");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 3));
        assertReason("of one rank");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(0, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 0));
        assertReason("does not fit");
        write(KOHYA_QUERY + ".lora_down.weight", array(2, 16));
        assertReason("incomplete");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2),
                KOHYA_QUERY + ".alpha", array(2));
        assertReason("not a single number");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2),
                KOHYA_QUERY + ".alpha", manager.create(Float.NaN));
        assertReason("not a finite number");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                QUERY + ".lora_A.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2));
        assertReason("holds two LoRAs");
        write("unet.something", array(2));
        assertReason("changes no layer of this model");
        assertTrue(
                assertThrows(
                                LoraException.class,
                                () -> LoraFile.read(folder.resolve("."), manager, targets))
                        .getMessage()
                        .contains("holds no LoRA"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"peft-loha", "peft-lokr"})
    void readsPeftsLycorisForms(String name) throws IOException, URISyntaxException {
        LoraWeights lora = LoraFile.read(resource(name), manager, targets);
        assertChanges(name + ".expected.safetensors", lora);
        assertEquals(List.of(), lora.unmatched());
    }

    @Test
    void readsWholeDifferencesButNotThoseOfBiases() throws IOException, URISyntaxException {
        LoraWeights lora = LoraFile.read(resource("full.safetensors"), manager, targets);
        assertChanges("full.expected.safetensors", lora);
        assertEquals(2, lora.unmatched().size());
        assertTrue(lora.unmatched().stream().allMatch(key -> key.endsWith(".diff_b")));
        assertEquals(0.5, lora.fraction());
    }

    @Test
    void holdsProductsAsNarrowAsTheyCanBe() throws IOException, URISyntaxException {
        LoraWeights loha = LoraFile.read(resource("loha.safetensors"), manager, targets);
        assertEquals(4, loha.pairs().get(QUERY).rank());
        assertEquals(12, loha.pairs().get(QUERY.replace("attn1.to_q", "attn2.to_k")).rank());
        LoraWeights lokr = LoraFile.read(resource("lokr.safetensors"), manager, targets);
        assertEquals(4, lokr.pairs().get(QUERY).rank());
    }

    @Test
    void refusesFactorsThatDoNotFit() throws IOException {
        write(
                KOHYA_QUERY + ".hada_w1_a", array(16, 2),
                KOHYA_QUERY + ".alpha", manager.create(1f));
        assertReason("lacks one of its factors");
        write(
                KOHYA_QUERY + ".hada_w1_a", array(16, 2),
                KOHYA_QUERY + ".hada_w1_b", array(3, 16),
                KOHYA_QUERY + ".hada_w2_a", array(16, 2),
                KOHYA_QUERY + ".hada_w2_b", array(2, 16));
        assertReason("cannot be multiplied");
        write(KOHYA_QUERY + ".lokr_w1", array(4, 4), KOHYA_QUERY + ".lokr_w2", array(4, 5));
        assertReason("has 20 numbers");
        write(KOHYA_QUERY + ".lokr_w1", array(), KOHYA_QUERY + ".lokr_w2", array(4, 4));
        assertReason("is no matrix: its shape is []");
        write(KOHYA_QUERY + ".lokr_w1", array(0, 4), KOHYA_QUERY + ".lokr_w2", array(4, 4));
        assertReason("is no matrix");
        write(
                KOHYA_QUERY + ".hada_w1_a", array(2, 16),
                KOHYA_QUERY + ".hada_w1_b", array(2, 16),
                KOHYA_QUERY + ".hada_t1", array(2, 2, 3, 3),
                KOHYA_QUERY + ".hada_w2_a", array(2, 16),
                KOHYA_QUERY + ".hada_w2_b", array(2, 16),
                KOHYA_QUERY + ".hada_t2", array(2, 2, 3, 3));
        assertReason("cannot be multiplied");
        write(KOHYA_QUERY + ".diff", array(16, 15));
        assertReason("does not fit");
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2),
                KOHYA_QUERY + ".dora_scale", array(17, 1));
        assertReason("magnitudes of shape [17, 1]");
        write(KOHYA_QUERY + ".oft_blocks", array(2, 2));
        assertReason("of a form that is not supported");
    }

    @Test
    void tellsTheBaseModelOfLycorisForms() throws IOException {
        String key = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k";
        write(key + ".hada_w1_b", array(2, 2048));
        assertReason("Stable Diffusion XL (2048 text features)");
        write(key + ".lokr_w1", array(4, 32), key + ".lokr_w2", array(4, 32));
        assertReason("Stable Diffusion 2 (1024 text features)");
    }

    @Test
    void keepsMagnitudes() throws IOException {
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2),
                KOHYA_QUERY + ".dora_scale", array(1, 16));
        LoraWeights lora = read();
        assertEquals(false, lora.pairs().get(QUERY).magnitude().byOutput());
        Path written = folder.resolve("written.safetensors");
        LoraFile.write(written, lora, Map.of());
        LoraMagnitude again =
                LoraFile.read(written, manager, targets).pairs().get(QUERY).magnitude();
        assertEquals(false, again.byOutput());
        assertArrayEquals(new float[16], again.values().sub(1).toFloatArray());
    }

    @Test
    void refusesATruncatedFile() throws IOException, URISyntaxException {
        byte[] whole = Files.readAllBytes(resource("kohya.safetensors"));
        Path cut = folder.resolve("cut.safetensors");
        for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThrows(SafetensorsException.class, () -> LoraFile.read(cut, manager, targets));
        }
    }

    @Test
    void keepsNothingOfARefusedFile() throws IOException {
        write(
                KOHYA_QUERY + ".lora_down.weight", array(2, 16),
                KOHYA_QUERY + ".lora_up.weight", array(16, 2),
                LayerSpellings.kohya("up_blocks.0.resnets.0.conv1") + ".lora_down.weight",
                        array(2, 16));
        try (NDManager own = NDManager.newBaseManager()) {
            assertThrows(
                    LoraException.class,
                    () -> LoraFile.read(folder.resolve("lora.safetensors"), own, targets));
            assertEquals(0, own.getManagedArrays().size());
        }
    }

    /** Layers of Stable Diffusion 1 in the order of diffusers 0.11, against a public file. */
    @Test
    void readsNumberedLayers() throws IOException {
        Path shared = Path.of(System.getProperty("daumier.shared", "../../shared"));
        Path models = shared.resolve("real/models");
        Assumptions.assumeTrue(
                Files.isDirectory(models), "No LoRAs at " + models + "; test skipped.");
        List<LoraTarget> layers = StableDiffusionLayers.attentionAndText();
        LoraWeights disney =
                LoraFile.read(models.resolve("lora_disney.safetensors"), manager, layers);
        assertEquals(144, disney.unet().size());
        assertEquals(48, disney.textEncoder().size());
        assertEquals(List.of("<s1>", "<s2>"), disney.unmatched());
        assertEquals(1, disney.rank());
        LoraWeights analog =
                LoraFile.read(models.resolve("analog_svd_rank4.safetensors"), manager, layers);
        assertEquals(192, analog.pairs().size());
        assertEquals(1, analog.fraction());
        assertEquals(1, analog.pairs().get("text_model.encoder.layers.3.self_attn.q_proj").scale());
        LoraException small =
                assertThrows(
                        LoraException.class,
                        () ->
                                LoraFile.read(
                                        models.resolve("lora_disney.safetensors"),
                                        manager,
                                        targets));
        assertTrue(small.getMessage().contains("does not fit this model"), small.getMessage());
    }

    private NDArray array(long... shape) {
        return manager.ones(new Shape(shape));
    }

    private void write(Object... keysAndArrays) throws IOException {
        Map<String, NDArray> tensors = new TreeMap<>();
        for (int i = 0; i < keysAndArrays.length; i += 2) {
            tensors.put((String) keysAndArrays[i], (NDArray) keysAndArrays[i + 1]);
        }
        SafetensorsWriter.write(
                folder.resolve("lora.safetensors"), tensors, new HashMap<>(), Dtype.F32);
    }

    private LoraWeights read() throws IOException {
        return LoraFile.read(folder.resolve("lora.safetensors"), manager, targets);
    }

    private void assertReason(String part) {
        String message = assertThrows(LoraException.class, this::read).getMessage();
        assertTrue(message.contains(part), message);
        assertTrue(message.contains("lora.safetensors") && message.endsWith("."), message);
    }
}
