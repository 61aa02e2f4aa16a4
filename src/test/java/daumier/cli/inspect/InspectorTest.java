package daumier.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.run.MadeUpRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders are recognised and described, from headers alone. */
final class InspectorTest {
    @TempDir private Path folder;

    @Test
    void aLoraIsKnownByItsKeys() throws IOException {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("lora_unet_a_attn1_to_q.lora_down.weight", new long[] {8, 64});
        tensors.put("lora_unet_a_attn1_to_q.lora_up.weight", new long[] {64, 8});
        tensors.put("lora_unet_a_conv1.lora_down.weight", new long[] {4, 64, 3, 3});
        tensors.put("lora_unet_a_conv1.lora_up.weight", new long[] {64, 4, 1, 1});
        tensors.put("lora_te_text_model_q_proj.lora_down.weight", new long[] {8, 128});
        tensors.put("lora_te_text_model_q_proj.lora_up.weight", new long[] {128, 8});
        Path file = folder.resolve("toon.safetensors");
        safetensors(
                file,
                tensors,
                Map.of(
                        "ss_network_alpha",
                        "8",
                        "ss_base_model_version",
                        "None",
                        "ss_tag_frequency",
                        "{\"img\": {\"toon\": 40, \"portrait\": 38}}"));
        JsonObject json = Inspector.describe(file);
        assertEquals("LoRA", json.get("kind").getAsString());
        assertEquals("kohya", json.get("format").getAsString());
        assertEquals(3, json.get("layers").getAsInt());
        assertEquals(1, json.get("layers_in_text_encoder").getAsInt());
        assertEquals(1, json.get("layers_that_convolve").getAsInt());
        assertEquals("4 (1x), 8 (2x)", json.get("rank").getAsString());
        assertEquals("8", json.get("alpha").getAsString());
        assertEquals("toon, portrait", json.get("frequent_words").getAsString());
        assertTrue(!json.has("base_model"));
    }

    @Test
    void aLoraTellsItsFormAndItsTraining() throws IOException {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("lora_unet_a_attn2_to_k.hada_w1_a", new long[] {64, 4});
        tensors.put("lora_unet_a_attn2_to_k.hada_w1_b", new long[] {4, 768});
        tensors.put("lora_unet_a_attn2_to_k.alpha", new long[] {});
        tensors.put("lora_unet_a_attn2_to_k.dora_scale", new long[] {64, 1});
        tensors.put("lora_unet_a_conv1.lokr_w1", new long[] {4, 4});
        tensors.put("lora_unet_a_conv1.lokr_w2", new long[] {8, 8, 3, 3});
        Path file = folder.resolve("toon.safetensors");
        safetensors(
                file, tensors, Map.of("modelspec.trigger_phrase", "toonface", "ss_steps", "1200"));
        JsonObject json = Inspector.describe(file);
        assertEquals("LyCORIS LoHa with DoRA, LyCORIS LoKr", json.get("format").getAsString());
        assertEquals("whole (1x), 4 (1x)", json.get("rank").getAsString());
        assertEquals("0", json.get("alpha").getAsString());
        assertEquals(1, json.get("layers_that_convolve").getAsInt());
        assertEquals("Stable Diffusion 1 (768 text features)", json.get("made_for").getAsString());
        assertEquals("toonface", json.get("trigger_words").getAsString());
        assertEquals("1200", json.get("training_steps").getAsString());
    }

    @Test
    void otherWeightsAreListed() throws IOException {
        Path file = folder.resolve("latents.safetensors");
        safetensors(file, Map.of("latents", new long[] {1, 4, 32, 32}), Map.of());
        JsonObject json = Inspector.describe(file);
        assertEquals("weights", json.get("kind").getAsString());
        String text = Inspector.text(json);
        assertTrue(
                text.contains("\n  name     type  shape\n  latents  F32   1 x 4 x 32 x 32\n"),
                text);
        assertTrue(text.contains("parameters        4.10 k\n"), text);
    }

    @Test
    void aPackNamesItsComponents() throws IOException {
        Path unet = Files.createDirectories(folder.resolve("pack/unet"));
        Files.writeString(folder.resolve("pack/model_index.json"), "{}");
        Files.writeString(
                unet.resolve("config.json"),
                "{\"_class_name\": \"UNet2DConditionModel\", \"block_out_channels\": [64, 128]}");
        safetensors(
                unet.resolve("diffusion_pytorch_model.safetensors"),
                Map.of("conv_in.weight", new long[] {64, 4, 3, 3}),
                Map.of());
        JsonObject json = Inspector.describe(folder.resolve("pack"));
        assertEquals("pack", json.get("kind").getAsString());
        JsonArray components = json.getAsJsonArray("components");
        assertEquals(1, components.size());
        assertEquals(
                "UNet2DConditionModel",
                components.get(0).getAsJsonObject().get("class").getAsString());
        assertTrue(Inspector.text(json).contains("block out channels  64, 128"));
        JsonObject audit = json.getAsJsonArray("completeness").get(0).getAsJsonObject();
        assertEquals("no", audit.get("whole").getAsString());
        assertTrue(audit.get("problem").getAsString().contains("down_block_types"));
    }

    @Test
    void aSingleFileIsAPackThatSaysWhatItLacks() throws IOException {
        Path file = folder.resolve("model.safetensors");
        safetensors(
                file,
                Map.of(
                        "model.diffusion_model.input_blocks.0.0.weight",
                        new long[] {32, 4, 3, 3},
                        "model.diffusion_model.input_blocks.1.0.in_layers.2.weight",
                        new long[] {32, 32, 3, 3},
                        "model_ema.decay",
                        new long[] {}),
                Map.of());
        JsonObject json = Inspector.describe(file);
        assertEquals("pack", json.get("kind").getAsString());
        assertTrue(json.get("tokenizer").getAsString().startsWith("missing"));
        JsonObject unet = json.getAsJsonArray("completeness").get(0).getAsJsonObject();
        assertEquals("no", unet.get("whole").getAsString());
        assertTrue(unet.get("missing").getAsString().contains("among them"));
        assertEquals("model_ema.decay", unet.get("left_over").getAsString());
    }

    @Test
    void aRunTellsWhereItStands() throws IOException {
        JsonObject json = Inspector.describe(MadeUpRun.write(folder.resolve("r"), 1, 150).path());
        assertEquals("run", json.get("kind").getAsString());
        assertEquals(150, json.get("episodes").getAsInt());
        assertEquals(1200, json.get("steps").getAsInt());
        assertTrue(json.getAsJsonObject("mean_of_last_100_episodes").has("identity"));
        assertEquals(
                1152, json.getAsJsonObject("last_update").get("time/total_timesteps").getAsInt());
        assertEquals(
                json, JsonParser.parseString(Inspector.json(json)).getAsJsonObject(), "reads back");
    }

    @Test
    void aPolicyShowsItsJson() throws IOException {
        Path file = folder.resolve("policy.zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("config.json"));
            zip.write("{\"learner\": \"ppo\"}".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("weights.bin"));
            zip.write(new byte[2048]);
        }
        JsonObject json = Inspector.describe(file);
        assertEquals("ppo", json.getAsJsonObject("config").get("learner").getAsString());
        assertEquals(1, json.getAsJsonArray("files").size());
        Files.writeString(file, "no zip");
        assertTrue(
                assertThrows(IOException.class, () -> Inspector.describe(file))
                        .getMessage()
                        .contains("not a sound zip"));
    }

    @Test
    void whatIsNothingOfTheKindIsRefused() throws IOException {
        assertThrows(NoSuchFileException.class, () -> Inspector.describe(folder.resolve("none")));
        assertThrows(IOException.class, () -> Inspector.describe(folder));
        Path text = Files.writeString(folder.resolve("a.txt"), "");
        assertThrows(IOException.class, () -> Inspector.describe(text));
    }

    @Test
    void longTablesAreCut() {
        JsonArray rows = new JsonArray();
        for (int i = 0; i < 100; i++) {
            JsonObject row = new JsonObject();
            row.addProperty("n", i);
            rows.add(row);
        }
        JsonObject json = new JsonObject();
        json.add("rows", rows);
        assertEquals(63, Plain.text(json).lines().count());
        assertTrue(Plain.text(json).endsWith("and 40 more\n"));
    }

    @Test
    void sizesHaveThreeDigits() {
        assertEquals("512 B", Sizes.bytes(512));
        assertEquals("1.58 MB", Sizes.bytes(1_580_000));
        assertEquals("1.00 MB", Sizes.bytes(999_999));
        assertEquals("860 M", Sizes.count(859_520_964));
        assertEquals("12.3 k", Sizes.count(12_345));
        assertEquals("7", Sizes.count(7));
    }

    /** Writes a file of zeros. */
    private static void safetensors(
            Path file, Map<String, long[]> tensors, Map<String, String> metadata)
            throws IOException {
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            JsonObject texts = new JsonObject();
            metadata.forEach(texts::addProperty);
            header.add("__metadata__", texts);
        }
        long at = 0;
        for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
            JsonObject info = new JsonObject();
            JsonArray shape = new JsonArray();
            long bytes = 4;
            for (long length : tensor.getValue()) {
                shape.add(length);
                bytes *= length;
            }
            info.addProperty("dtype", "F32");
            info.add("shape", shape);
            JsonArray offsets = new JsonArray();
            List.of(at, at + bytes).forEach(offsets::add);
            info.add("data_offsets", offsets);
            header.add(tensor.getKey(), info);
            at += bytes;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer all =
                ByteBuffer.allocate(8 + json.length + (int) at).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(json.length).put(json);
        Files.write(file, all.array());
    }
}
