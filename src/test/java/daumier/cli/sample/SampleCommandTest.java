package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.PngText;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the sample command draws, and what it refuses. */
final class SampleCommandTest extends SampleRuns {
    @Test
    void everythingAskedForIsWritten() throws IOException {
        Path out = folder.resolve("new/a.png");
        Path latents = folder.resolve("l.safetensors");
        Path timings = folder.resolve("t.json");
        assertEquals(
                0,
                run(
                        out,
                        "--scheduler=ddim",
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
        assertEquals(0, run(out, "--scheduler=ddim", "--lora", "style=0.3@0,0.7@1"));
        assertArrayEquals(first, PictureFile.read(out).rgb(), "the same seed, the same picture");
    }

    @Test
    void aLoraHasWeightsByPartAndARegion() throws IOException {
        Path mask = folder.resolve("left=half.png");
        byte[] rgb = new byte[16 * 16 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % 16 < 8 ? 255 : 0);
        }
        PictureFile.write(mask, new Picture(16, 16, rgb), Map.of());
        Path out = folder.resolve("masked.png");
        String lora = "--lora=style=0.8,te=0.5,up=0.3@0;0.9@1,mask=" + mask;
        assertEquals(0, run(out, lora), err.toString());
        String own = PngText.read(out).get("daumier");
        JsonObject json = JsonParser.parseString(own).getAsJsonObject();
        JsonObject entry = json.getAsJsonArray("loras").get(0).getAsJsonObject();
        assertEquals("0.8,te=0.5,up=0.3@0,0.9@1", entry.get("weight").getAsString());
        assertEquals("left=half.png", entry.get("mask").getAsString());
        assertEquals(2, like(out, folder.resolve("again.png")));
        assertTrue(err.toString().contains("give both with --lora"), err.toString());
        Path again = folder.resolve("again.png");
        assertEquals(0, like(out, again, lora), err.toString());
        assertArrayEquals(PictureFile.read(out).rgb(), PictureFile.read(again).rgb());
        assertEquals(2, run(out, "--lora=style=0.8,side=1"));
        assertTrue(err.toString().contains("'side' is no part of a U-Net"), err.toString());
        assertEquals(2, run(out, "--lora=style=0.8,down.9=1"));
        assertTrue(err.toString().contains("no layers in 'down.9'"), err.toString());
    }

    @Test
    void severalLorasAreComposed() throws IOException {
        Path other = folder.resolve("other.safetensors");
        Files.copy(Path.of(style()), other);
        String[] loras = {"--lora=style=0.8", "--lora=" + other + "=0.2,te=0"};
        Path sum = folder.resolve("sum.png");
        assertEquals(0, run(sum, loras), err.toString());
        for (String rule : List.of("switch:1", "composite", "klora")) {
            Path out = folder.resolve(rule.replace(':', '-') + ".png");
            assertEquals(0, run(out, loras[0], loras[1], "--compose=" + rule), err.toString());
            assertTrue(!Arrays.equals(PictureFile.read(sum).rgb(), PictureFile.read(out).rgb()));
            JsonObject json =
                    JsonParser.parseString(PngText.read(out).get("daumier")).getAsJsonObject();
            assertEquals(rule, json.get("compose").getAsString());
            Path again = folder.resolve("again.png");
            assertEquals(0, like(out, again, loras), err.toString());
            assertArrayEquals(PictureFile.read(out).rgb(), PictureFile.read(again).rgb());
        }
        Path out = folder.resolve("no.png");
        refused("at least two of them, not 1", out, loras[0], "--compose=switch:1");
        refused("exactly two", out, loras[0], "--compose=klora");
        refused("no way to compose", out, loras[0], loras[1], "--compose=mix");
        assertTrue(Files.notExists(out));
    }

    @Test
    void schedulesAreDrawnBeforeTheRun() throws IOException {
        Path chart = folder.resolve("schedule.png");
        Path out = folder.resolve("out.png");
        assertEquals(2, run(out, "--plot-schedule=" + chart));
        assertTrue(err.toString().contains("needs a --lora"), err.toString());
        assertEquals(
                0,
                run(out, "--plot-schedule=" + chart, "--lora=style=0.8,te=0.5,up=0.3@0;0.9@1"),
                err.toString());
        assertTrue(PictureFile.read(chart).width() > 400);
        assertEquals(0, run(out, "--plot-schedule=" + chart, "--lora=style=0@1,1@9:hr=0.5"));
        assertTrue(err.toString().contains("high-res pass (hr)"), err.toString());
    }

    @Test
    void everySamplerDraws() throws IOException {
        Path out = folder.resolve("a.png");
        Set<String> drawings = new HashSet<>();
        for (String name : Sampler.NAMES) {
            assertEquals(0, run(out, "--scheduler=" + name, "--steps=4"), name + err);
            drawings.add(Arrays.toString(PictureFile.read(out).rgb()));
            assertEquals(name, SamplerNames.ours(SamplerNames.web(name), "").orElseThrow());
        }
        assertTrue(drawings.size() > Sampler.NAMES.size() / 2, "most differ");
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
        refused("dpm++2m", out, "--scheduler", "haun");
        refused("--detail-phase must be 0 to 1", out, "--detail-phase", "2");
        refused("ddim adds none", out, "--scheduler=ddim", "--detail-phase", "0.3");
        refused("--guide-image", out, "--guide", "identity=0.2");
        refused("--guide-clip", out, "--guide", "clip=0.2", "--guide-text", "a");
        refused("--guide-lpips", out, "--guide", "lpips=0.2", "--guide-image", "a");
        refused("above 0", out, "--guide", "clip=0", "--guide-text", "a");
        refused("with --guide", out, "--guide-image", "a");
        refused("--guide", out, "--guide", "beauty=1");
        refused("name it with --reference", out, "--reference-strength", "2");
        refused("above 0", out, "--reference", "a", "--reference-strength", "0");
        refused("the lower first", out, "--reference", "a", "--reference-timesteps", "9-3");
        refused("does not exist", out, "--reference", folder.resolve("no.png").toString());
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
}
