package daumier.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.diffusion.text.PromptChunks.Chunk;
import daumier.diffusion.text.PromptParts.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Weights and chunks of prompts against the web UI's rules. */
class PromptChunksTest {
    private static ClipTokenizer tokenizer;

    @BeforeAll
    static void open() throws Exception {
        tokenizer = ClipTokenizer.open(resource("pack/tokenizer"));
    }

    private static Path resource(String name) throws Exception {
        String folder = "/daumier/diffusion/sample/pipeline/";
        return Path.of(PromptChunksTest.class.getResource(folder + name).toURI());
    }

    @Test
    void partsAndChunksAreTheWebUis() throws Exception {
        JsonArray all =
                JsonParser.parseString(Files.readString(resource("prompts.json"))).getAsJsonArray();
        assertEquals(11, all.size());
        for (JsonElement element : all) {
            JsonObject golden = element.getAsJsonObject();
            String prompt = golden.get("prompt").getAsString();
            List<Part> parts = PromptParts.of(prompt);
            JsonArray wanted = golden.getAsJsonArray("parts");
            assertEquals(wanted.size(), parts.size(), prompt);
            for (int i = 0; i < parts.size(); i++) {
                JsonArray part = wanted.get(i).getAsJsonArray();
                boolean isBreak = part.get(1).getAsDouble() == -1;
                assertEquals(isBreak, parts.get(i).isBreak(), prompt);
                if (!isBreak) {
                    assertEquals(part.get(0).getAsString(), parts.get(i).text(), prompt);
                    assertEquals(part.get(1).getAsDouble(), parts.get(i).weight(), 1e-12, prompt);
                }
            }
            List<Chunk> chunks = PromptChunks.of(prompt, tokenizer, List.of());
            JsonArray ids = golden.getAsJsonArray("ids");
            JsonArray weights = golden.getAsJsonArray("weights");
            assertEquals(ids.size(), chunks.size(), prompt);
            for (int i = 0; i < chunks.size(); i++) {
                assertArrayEquals(
                        ids.get(i).getAsJsonArray().asList().stream()
                                .mapToInt(JsonElement::getAsInt)
                                .toArray(),
                        chunks.get(i).ids(),
                        prompt);
                for (int j = 0; j < chunks.get(i).ids().length; j++) {
                    assertEquals(
                            weights.get(i).getAsJsonArray().get(j).getAsFloat(),
                            chunks.get(i).weights()[j],
                            1e-6f,
                            prompt);
                }
            }
        }
    }

    @Test
    void aPlainPromptIsOneChunkOfTheTokenizersIds() {
        List<Chunk> chunks = PromptChunks.of("A face, big nose!", tokenizer, List.of());
        assertEquals(1, chunks.size());
        assertTrue(chunks.get(0).isPlain());
        assertArrayEquals(tokenizer.encode("A face, big nose!"), chunks.get(0).ids());
    }

    @Test
    void aLearnedWordIsNotPartedByAChunk() {
        LearnedToken word = LearnedToken.of("<toy>", tokenizer, 600, 3);
        int places = tokenizer.modelMaxLength() - 2;
        String filling = "nose ".repeat(places - 1);
        List<Chunk> chunks = PromptChunks.of(filling + "(<toy>:1.2),", tokenizer, List.of(word));
        assertEquals(2, chunks.size());
        assertEquals(tokenizer.eosId(), chunks.get(0).ids()[places]);
        assertArrayEquals(
                new int[] {600, 601, 602}, java.util.Arrays.copyOfRange(chunks.get(1).ids(), 1, 4));
        assertEquals(1.2f, chunks.get(1).weights()[2]);
    }

    @Test
    void theLongerOfTwoLearnedNamesWins() {
        LearnedToken one = LearnedToken.of("nose", tokenizer, 600, 1);
        LearnedToken two = LearnedToken.of("nose face", tokenizer, 601, 1);
        int[] ids = PromptChunks.of("nose face nose", tokenizer, List.of(one, two)).get(0).ids();
        assertEquals(601, ids[1]);
        assertEquals(600, ids[2]);
    }

    @Test
    void brokenWeightsAreText() {
        assertEquals("(a:1.2.3)", text("\\(a:1.2.3\\)"));
        assertEquals(1.1, PromptParts.of("(a:..)").get(0).weight(), 1e-12);
    }

    private static String text(String prompt) {
        StringBuilder all = new StringBuilder();
        PromptParts.of(prompt).forEach(p -> all.append(p.text()));
        return all.toString();
    }
}
