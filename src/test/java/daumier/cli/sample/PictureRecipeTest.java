package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.UserException;
import daumier.cli.picture.PictureFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures come from anywhere: what their texts say is read without trust. */
final class PictureRecipeTest {
    @TempDir private Path folder;

    private PictureRecipe read(String keyword, String text) throws IOException {
        Path file = folder.resolve("a.png");
        PictureFile.write(file, new Picture(1, 1, new byte[3]), Map.of(keyword, text));
        return PictureRecipe.read(file);
    }

    private static void oneSentence(UserException refused) {
        String message = refused.getMessage();
        assertTrue(message.endsWith(".") && !message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"command\":null}",
                "{\"command\":\"sample\",\"prompt\":{}}",
                "{\"command\":\"sample\",\"loras\":7}",
                "{\"command\":\"sample\",\"loras\":[7]}",
                "{\"command\":\"sample\",\"loras\":[{\"weight\":\"1\"}]}",
                "{\"command\":\"sample\",\"loras\":[{\"name\":\"a\",\"weight\":[]}]}",
                "{\"command\":\"sample\",\"loras\":[{\"name\":\"a\\u0000\",\"weight\":\"1\"}]}",
                "{\"command\":\"sample\",\"loras\":[{\"name\":\"/\",\"weight\":\"1\"}]}",
                "{\"command\":\"sample\",\"loras\":[{\"name\":\"a\",\"weight\":\"1\\n2\"}]}",
                "{\"command\":\"x\\ny\"}",
                "{\"command\":"
            })
    void damagedMetadataIsOneSentence(String json) {
        oneSentence(assertThrows(UserException.class, () -> read("daumier", json)));
    }

    @Test
    void damagedSettingsAreOneSentence() throws IOException {
        PictureRecipe recipe =
                read(
                        "daumier",
                        "{\"command\":\"sample\",\"seed\":[],\"embeddings\":[{}],"
                                + "\"guidance_scale\":\"%s\",\"compose\":\"a\\nb\"}"
                                        .formatted("9x".repeat(900)));
        oneSentence(assertThrows(UserException.class, recipe::seed));
        oneSentence(assertThrows(UserException.class, recipe::embeddings));
        oneSentence(assertThrows(UserException.class, recipe::guidance));
        oneSentence(assertThrows(UserException.class, recipe::composition));
    }

    /** The form {@code @FILE} of the command line would let a picture have any file read. */
    @Test
    void noFileIsReadForAPicture() throws IOException {
        Path schedule = Files.writeString(folder.resolve("s.txt"), "0.5");
        String text = "a <lora:style:@%s>\nSteps: 3, Seed: 4, Size: 8x8".formatted(schedule);
        oneSentence(assertThrows(UserException.class, () -> read("parameters", text)));
    }

    @Test
    void longQuotesAreReadToTheirEnd() throws IOException {
        String hashes = "a, \\\"b\\\": ".repeat(30_000);
        PictureRecipe recipe =
                read(
                        "parameters",
                        "a\nSteps: 3, Lora hashes: \"%s\", Seed: 4, Size: 8x8".formatted(hashes));
        assertEquals(Optional.of(4L), recipe.seed());
        assertEquals(Optional.of(3), recipe.steps());
        assertFalse(recipe.exact());
        recipe = read("parameters", "a\nSteps: 3, Model: \"b\" c, Seed: 4, Sampler: \"Euler");
        assertEquals(Optional.of(4L), recipe.seed());
        assertEquals(Optional.of("\"b\" c"), recipe.pack());
    }
}
