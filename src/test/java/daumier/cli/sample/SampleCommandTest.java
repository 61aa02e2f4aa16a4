package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.Main;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.PngText;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The sample command on the tiny pack that the pipeline's parity is tested with. */
final class SampleCommandTest {
    private static final Path PACK =
            Path.of("../diffusion/src/test/resources/daumier/diffusion/sample/pipeline/pack")
                    .toAbsolutePath()
                    .normalize();

    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    @BeforeEach
    void pack() {
        assumeTrue(Files.isDirectory(PACK), "The tiny pack is among the tests of diffusion.");
    }

    @Test
    void everythingAskedForIsWritten() throws IOException {
        Path out = folder.resolve("new/a.png");
        Path latents = folder.resolve("l.safetensors");
        Path timings = folder.resolve("t.json");
        assertEquals(
                0,
                run(
                        out,
                        "--lora",
                        "style=0.3@0,0.7@1",
                        "--save-latents",
                        latents.toString(),
                        "--timings",
                        timings.toString()),
                err.toString());
        Picture picture = PictureFile.read(out);
        assertEquals(16, picture.width());
        Map<String, String> texts = PngText.read(out);
        assertTrue(texts.get("parameters").contains("Steps: 2, Sampler: "), texts.toString());
        JsonObject json = JsonParser.parseString(texts.get("daumier")).getAsJsonObject();
        assertEquals(
                "0.3@0,0.7@1",
                json.getAsJsonArray("loras").get(0).getAsJsonObject().get("weight").getAsString());
        JsonObject taken = JsonParser.parseString(Files.readString(timings)).getAsJsonObject();
        assertEquals(2, taken.getAsJsonArray("step_seconds").size());
        assertTrue(taken.get("total_seconds").getAsDouble() > 0);
        try (SafetensorsFile file = SafetensorsFile.open(latents)) {
            assertArrayEquals(new long[] {1, 4, 8, 8}, file.info("latents").shape());
        }
        byte[] first = picture.rgb();
        assertEquals(0, run(out, "--lora", "style=0.3@0,0.7@1"));
        assertArrayEquals(first, PictureFile.read(out).rgb(), "the same seed, the same picture");
    }

    @Test
    void severalSeedsDrawSeveralPictures() throws IOException {
        Path out = folder.resolve("a.png");
        assertEquals(0, run(out, "--seed", "3,4"), err.toString());
        assertTrue(Files.exists(folder.resolve("a-3.png")));
        assertTrue(PngText.read(folder.resolve("a-4.png")).get("parameters").contains("Seed: 4"));
    }

    @Test
    void aPictureIsStartedFromInItsOwnSize() throws IOException {
        Path init = folder.resolve("init.png");
        byte[] rgb = new byte[3 * 30 * 21];
        new Random(1).nextBytes(rgb);
        PictureFile.write(init, new Picture(30, 21, rgb), Map.of());
        Path out = folder.resolve("a.png");
        assertEquals(
                0, run(out, "--init-image", init.toString(), "--strength", "0.5"), err.toString());
        Picture picture = PictureFile.read(out);
        assertEquals(28, picture.width());
        assertEquals(20, picture.height());
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        Path out = folder.resolve("a.png");
        refused("--steps must be", out, "--steps", "0");
        refused("exclude each other", out, "--init-image", "a", "--latents", "b");
        refused("needs an --adapter-image", out, "--adapter", "a");
        refused("--lora", out, "--lora", "style=up");
        refused("dpm++2m", out, "--scheduler", "heun");
        refused("multiples of 4", out, "--width", "17");
        refused("does not exist", out, "--init-image", folder.resolve("no.png").toString());
        refused("is a folder", folder);
        Path noLora = Files.writeString(folder.resolve("x.safetensors"), "hello, this is text");
        refused("x.safetensors", out, "--lora", noLora.toString());
        refused("must hold a tensor named latents", out, "--latents", style());
        assertTrue(Files.notExists(out));
    }

    @Test
    void aFolderThatIsNoPackIsRefused() {
        assertEquals(
                2, call("sample", "--pack", folder.toString(), "--prompt", "a", "--out", "a.png"));
        assertTrue(err.toString().contains("is no pack"), err.toString());
    }

    private static String style() {
        return PACK.resolve("lora/style.safetensors").toString();
    }

    private void refused(String words, Path out, String... options) {
        err.getBuffer().setLength(0);
        assertEquals(2, run(out, options), words);
        assertTrue(err.toString().contains(words), err.toString());
        assertTrue(err.toString().startsWith("daumier: "), err.toString());
    }

    private int run(Path out, String... options) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("sample", "--pack", PACK.toString(), "--prompt", "a face"));
        arguments.addAll(List.of("--steps", "2", "--threads", "1", "--out", out.toString()));
        arguments.addAll(List.of(options));
        return call(arguments.toArray(String[]::new));
    }

    private int call(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setOut(new PrintWriter(new StringWriter()));
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments);
    }

    @Test
    void aCoverOfTheSameSizeChangesNothing() {
        byte[] rgb = new byte[12];
        new Random(2).nextBytes(rgb);
        Picture picture = new Picture(2, 2, rgb);
        assertArrayEquals(rgb, Inputs.cover(picture, 2, 2).rgb());
    }

    @Test
    void aCoverCutsWhatProtrudes() {
        byte[] rgb = new byte[3 * 4 * 2];
        for (int x = 0; x < 4; x++) {
            for (int y = 0; y < 2; y++) {
                Arrays.fill(rgb, 3 * (4 * y + x), 3 * (4 * y + x) + 3, (byte) (x == 0 ? 200 : 50));
            }
        }
        Picture cut = Inputs.cover(new Picture(4, 2, rgb), 2, 2);
        assertEquals(50, cut.rgb()[0]);
    }

    @Test
    void theLastEqualsSignDividesFileAndSchedule() {
        LoraArgument.Converter converter = new LoraArgument.Converter();
        assertEquals("a=b.safetensors", converter.convert("a=b.safetensors=0.5").file());
        assertEquals("1", converter.convert("style").weight().toString());
        assertEquals("style", converter.convert("/x/style.safetensors=0.5").name());
    }
}
