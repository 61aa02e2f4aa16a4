package daumier.diffusion.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipVocabularyTest {

    @TempDir Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(ClipVocabularyTest.class.getResource("/text/" + name).toURI());
    }

    /** The committed files are the ones the Python package was run on. */
    @Test
    void trainsTheCommittedFiles() throws IOException, URISyntaxException {
        List<String> captions = new ArrayList<>(Files.readAllLines(resource("captions.txt")));
        Collections.shuffle(captions, new Random(1));
        ClipVocabulary.train(captions, 600).write(folder, 32);
        for (String name :
                List.of(
                        "vocab.json",
                        "merges.txt",
                        "special_tokens_map.json",
                        "tokenizer_config.json")) {
            assertArrayEquals(
                    Files.readAllBytes(resource("small/" + name)),
                    Files.readAllBytes(folder.resolve(name)),
                    name);
        }
    }

    @Test
    void stopsWhenEveryWordIsAToken() throws IOException {
        ClipVocabulary vocabulary = ClipVocabulary.train(List.of("big nose", "big jaw"), 5000);
        assertEquals(ClipVocabulary.SMALLEST + 2 + 3 + 2, vocabulary.size());
        vocabulary.write(folder, 8);
        ClipTokenizer tokenizer = ClipTokenizer.open(folder);
        assertEquals(2, tokenizer.tokens("Big jaw").length);
        assertEquals(vocabulary.size(), tokenizer.vocabularySize());
    }

    @Test
    void refusesTooSmallASize() {
        assertThrows(IllegalArgumentException.class, () -> ClipVocabulary.train(List.of(), 513));
    }
}
