package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import daumier.faces.measure.Shared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a folder is recognised; what is wrong is said in one sentence. */
final class ModelFolderTest {
    @TempDir private Path folder;

    private static Path resource(String name) {
        return Path.of("src/test/resources/daumier/faces/models").resolve(name);
    }

    @Test
    void theFolderIsNamedOrUsual() throws IOException {
        assertEquals(ModelFolder.NONE, ModelFolder.find(null, Map.of(), folder));
        Path usual = Files.createDirectories(folder.resolve(".daumier/models"));
        Map<String, String> variable = Map.of(ModelFolder.VARIABLE, folder.toString());
        assertEquals(Optional.of(usual), ModelFolder.find(null, Map.of(), folder).folder());
        assertEquals(Optional.of(folder), ModelFolder.find(null, variable, folder).folder());
        assertEquals(Optional.of(usual), ModelFolder.find(usual, variable, folder).folder());
        String message =
                assertThrows(IOException.class, () -> ModelFolder.open(folder.resolve("nothing")))
                        .getMessage();
        assertTrue(message.contains("is no folder"), message);
    }

    @Test
    void networksTellWhatTheyAre() throws IOException {
        Files.copy(resource("tiny-identity.onnx"), folder.resolve("b.onnx"));
        Files.copy(resource("tiny-landmarks.onnx"), folder.resolve("c.onnx"));
        Files.writeString(folder.resolve("notes.txt"), "not a model");
        Files.writeString(folder.resolve("lbfmodel.yaml"), "%YAML:1.0");
        ModelFolder found = ModelFolder.open(folder);
        assertEquals(Optional.of(folder.resolve("b.onnx")), found.identity());
        assertEquals(Optional.of(folder.resolve("c.onnx")), found.landmarks());
        assertEquals(Optional.of(folder.resolve("lbfmodel.yaml")), found.lbf());
        assertFalse(found.detector().isPresent());
        ModelCard card = ModelCard.of(folder.resolve("b.onnx")).orElseThrow();
        assertEquals(Preprocessing.uniform(112, 127.5, 127.5), card.preprocessing());
        assertEquals(
                Preprocessing.uniform(112, 0, 255),
                ModelCard.of(folder.resolve("c.onnx")).orElseThrow().preprocessing());
    }

    @Test
    void aCardBesideTheNetworkHasTheLastWord() throws IOException {
        Path file = Files.copy(resource("tiny-identity.onnx"), folder.resolve("b.onnx"));
        Files.writeString(
                folder.resolve("b.json"),
                "{\"kind\": \"identity\", \"channels\": \"BGR\", \"mean\": 10,"
                        + " \"std\": [1, 2, 3]}");
        Preprocessing p = ModelCard.of(file).orElseThrow().preprocessing();
        assertFalse(p.rgb());
        assertArrayEquals(new double[] {10, 10, 10}, p.mean());
        assertArrayEquals(new double[] {1, 2, 3}, p.std());
        for (String wrong :
                new String[] {
                    "{\"kind\": \"cat\"}", "no json", "[1]",
                }) {
            Files.writeString(folder.resolve("b.json"), wrong);
            assertThrows(IOException.class, () -> ModelCard.of(file), wrong);
        }
        Files.writeString(folder.resolve("b.json"), "{\"kind\": \"identity\", \"std\": 0}");
        ModelCard card = ModelCard.of(file).orElseThrow();
        assertThrows(IOException.class, card::preprocessing);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        Preprocessing.of(
                                JsonParser.parseString("{\"channels\": \"XYZ\"}").getAsJsonObject(),
                                Preprocessing.uniform(112, 0, 1)));
    }

    @Test
    void brokenFilesAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(resource("tiny-identity.onnx"));
        Path cut = Files.write(folder.resolve("cut.onnx"), java.util.Arrays.copyOf(whole, 900));
        Path text =
                Files.write(
                        folder.resolve("text.onnx"),
                        "this is no network".getBytes(StandardCharsets.UTF_8));
        for (Path file : new Path[] {cut, text}) {
            String message =
                    assertThrows(IOException.class, () -> OnnxHeader.read(file)).getMessage();
            assertTrue(message.contains("ONNX"), message);
        }
    }

    @Test
    void theSharedModelsAreRecognised() throws IOException {
        ModelFolder found = ModelFolder.open(Shared.path("real/models"));
        assertTrue(found.detector().orElseThrow().endsWith("face_detection_yunet_2026may.onnx"));
        assertTrue(found.identity().orElseThrow().endsWith("mobilefacenet.onnx"));
    }
}
