package daumier.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids equal to those of transformers' CLIPTokenizer, prompt by prompt. */
class ClipTokenizerTest {

    private record Golden(String prompt, int[] ids) {}

    @TempDir Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(ClipTokenizerTest.class.getResource("/text/" + name).toURI());
    }

    private static List<Golden> goldens(String file, String name)
            throws IOException, URISyntaxException {
        Map<String, List<Golden>> all =
                new Gson().fromJson(Files.readString(resource(file)), new TypeToken<>() {});
        return all.get(name);
    }

    private static void assertEqualIds(List<Golden> goldens, ClipTokenizer tokenizer) {
        for (Golden golden : goldens) {
            assertArrayEquals(
                    golden.ids(), tokenizer.encode(golden.prompt()), "'" + golden.prompt() + "'");
        }
    }

    private Path small() throws IOException, URISyntaxException {
        for (String name :
                List.of(
                        "vocab.json",
                        "merges.txt",
                        "special_tokens_map.json",
                        "tokenizer_config.json")) {
            Files.copy(resource("small/" + name), folder.resolve(name));
        }
        return folder;
    }

    @Test
    void agreesOnASmallVocabulary() throws IOException, URISyntaxException {
        ClipTokenizer tokenizer = ClipTokenizer.open(resource("small"));
        assertEquals(32, tokenizer.modelMaxLength());
        assertEquals(tokenizer.eosId(), tokenizer.padId());
        assertEquals(tokenizer.eosId() + 1, tokenizer.vocabularySize());
        assertEqualIds(goldens("small-ids.json", "small"), tokenizer);
    }

    @Test
    void takesPaddingAndSpecialTokensFromTheFiles() throws IOException, URISyntaxException {
        small();
        for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            Path file = folder.resolve(name);
            String changed =
                    Files.readString(file)
                            .replaceAll(
                                    "(?s)\\{\\s*\"__type\".*?\"content\": (\"[^\"]*\").*?\\}", "$1")
                            .replaceAll("(\"pad_token\": )\"[^\"]*\"", "$1\"!\"");
            Files.writeString(file, changed);
        }
        ClipTokenizer tokenizer = ClipTokenizer.open(folder);
        assertEquals(0, tokenizer.padId());
        assertEqualIds(goldens("small-ids.json", "plain-special"), tokenizer);
    }

    @Test
    void readsOneTokenizerFile() throws IOException, URISyntaxException {
        Files.copy(resource("tokenizer.json"), folder.resolve("tokenizer.json"));
        assertEquals(77, ClipTokenizer.open(folder).modelMaxLength());
        Files.copy(
                resource("small/tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        assertEqualIds(goldens("small-ids.json", "small"), ClipTokenizer.open(folder));
    }

    @Test
    void agreesOnClipsOwnVocabulary() throws IOException, URISyntaxException {
        Path shared = Path.of(System.getProperty("daumier.shared", "../../shared"));
        Path merges = shared.resolve("real/models/bpe_simple_vocab_16e6.txt.gz");
        Assumptions.assumeTrue(
                Files.exists(merges), "CLIP's merges are not at " + merges + "; test skipped.");
        List<String> lines;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(merges))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        ClipVocabulary clip = ClipVocabulary.of(lines.subList(1, 49152 - 256 - 2 + 1));
        assertEquals(49408, clip.size());
        clip.write(folder, 77);
        ClipTokenizer tokenizer = ClipTokenizer.open(folder);
        assertEquals(49406, tokenizer.bosId());
        assertEquals(49407, tokenizer.padId());
        assertEqualIds(goldens("clip-ids.json", "clip"), tokenizer);
    }

    @Test
    void countsAllTokensOfALongPrompt() throws IOException, URISyntaxException {
        ClipTokenizer tokenizer = ClipTokenizer.open(resource("small"));
        assertEquals(200, tokenizer.tokens("a ".repeat(200)).length);
        assertEquals(32, tokenizer.encode("a ".repeat(200)).length);
    }

    @Test
    void refusesIncompleteFoldersWithAReason() throws IOException, URISyntaxException {
        assertTrue(reason().contains("vocab.json"));
        small();
        Path vocabulary = folder.resolve("vocab.json");
        Files.writeString(vocabulary, "{\"a\": 0}");
        assertTrue(reason().contains("<|startoftext|>"));
        Files.writeString(vocabulary, "{\"a\": \"x\"}");
        assertTrue(reason().contains("no number"));
        Files.writeString(vocabulary, "{");
        assertTrue(reason().contains("not valid JSON"));
        Files.writeString(folder.resolve("merges.txt"), "one\n");
        Files.writeString(vocabulary, "{}");
        assertTrue(reason().contains("not two symbols"));
        Files.delete(vocabulary);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertTrue(reason().contains("byte-pair"));
    }

    private String reason() {
        return assertThrows(IOException.class, () -> ClipTokenizer.open(folder)).getMessage();
    }
}
