package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.Main;
import daumier.cli.chart.Line;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.PngText;
import daumier.diffusion.sample.LoraMoment;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.schedule.Composition;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
    void whatActsIsDrawn() {
        List<LoraMoment> moments =
                List.of(
                        new LoraMoment(0.8, Map.of("up", 0.3), 0.5, 0.25),
                        new LoraMoment(0, Map.of("up", 0.0), 0, 0),
                        new LoraMoment(0.6, Map.of("up", 0.9), 0.5, 0.75));
        List<Line> lines = ScheduleChart.lines(moments, Composition.parse("klora"));
        assertEquals(
                List.of("U-Net elsewhere", "up", "text encoder", "part of its layers"),
                lines.stream().map(Line::name).toList());
        assertArrayEquals(new double[] {0, 1, 2, 3}, lines.get(0).x());
        assertArrayEquals(new double[] {0.8, 0, 0.6, 0.6}, lines.get(0).y());
        assertArrayEquals(new double[] {0.3, 0, 0.9, 0.9}, lines.get(1).y());
        assertArrayEquals(new double[] {0, 1, 1, 2, 2, 3}, lines.get(2).x());
        assertArrayEquals(new double[] {0.5, 0.5, 0, 0, 0.5, 0.5}, lines.get(2).y());
        assertArrayEquals(new double[] {0.25, 0, 0.75, 0.75}, lines.get(3).y());
        assertEquals(3, ScheduleChart.lines(moments, Composition.SUM).size());
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
    void aDetailPhaseIsDrawnAgain() throws IOException {
        Path plain = folder.resolve("plain.png");
        Path phased = folder.resolve("phased.png");
        Path again = folder.resolve("again.png");
        assertEquals(0, run(plain, "--scheduler=dpm++sde-karras", "--steps=4"), err.toString());
        assertEquals(
                0,
                run(phased, "--scheduler=dpm++sde-karras", "--steps=4", "--detail-phase=0.7"),
                err.toString());
        assertTrue(!Arrays.equals(PictureFile.read(plain).rgb(), PictureFile.read(phased).rgb()));
        String parameters = PngText.read(phased).get("parameters");
        assertTrue(parameters.contains("Detail phase: 0.7"), parameters);
        assertTrue(parameters.contains("Sampler: DPM++ SDE Karras"), parameters);
        assertEquals(0, like(phased, again), err.toString());
        assertArrayEquals(PictureFile.read(phased).rgb(), PictureFile.read(again).rgb());
    }

    @Test
    void aReferenceIsSeenAndAskedForAgain() throws IOException {
        Path plain = folder.resolve("plain.png");
        Path seen = folder.resolve("seen.png");
        Path again = folder.resolve("again.png");
        Path portrait = folder.resolve("portrait.png");
        assertEquals(0, run(portrait, "--seed=5", "--width=24"), err.toString());
        assertEquals(0, run(plain), err.toString());
        String reference = "--reference=" + portrait;
        assertEquals(
                0,
                run(
                        seen,
                        reference,
                        "--reference-strength=2",
                        "--reference-timesteps=200-1000",
                        "--reference-seed=4"),
                err.toString());
        assertTrue(!Arrays.equals(PictureFile.read(plain).rgb(), PictureFile.read(seen).rgb()));
        assertEquals(2, like(seen, again), err.toString());
        assertTrue(err.toString().contains("portrait.png"), err.toString());
        assertTrue(err.toString().contains("give it with --reference"), err.toString());
        assertEquals(0, like(seen, again, reference), err.toString());
        assertArrayEquals(PictureFile.read(seen).rgb(), PictureFile.read(again).rgb());
        assertEquals(PngText.read(seen), PngText.read(again));
    }

    @Test
    void aPreviewGuidesAndIsAskedForAgain() throws IOException {
        Path clip = PACK.resolve("../../../vision/clip").normalize();
        Path plain = folder.resolve("plain.png");
        Path guided = folder.resolve("guided.png");
        Path around = folder.resolve("around.png");
        Path again = folder.resolve("again.png");
        assertEquals(0, run(plain), err.toString());
        String words = "--guide-text=a nose";
        String network = "--guide-clip=" + clip;
        assertEquals(
                0,
                run(
                        guided,
                        "--guide=clip=0.4",
                        words,
                        network,
                        "--guide-timesteps=100-1000",
                        "--guide-every=2"),
                err.toString());
        assertEquals(
                0,
                run(
                        around,
                        "--guide=clip=0.4",
                        "--guide-image=" + plain,
                        network,
                        "--guide-jacobian=IDENTITY"),
                err.toString());
        assertTrue(!Arrays.equals(PictureFile.read(plain).rgb(), PictureFile.read(guided).rgb()));
        assertTrue(!Arrays.equals(PictureFile.read(plain).rgb(), PictureFile.read(around).rgb()));
        assertEquals(2, like(guided, again), err.toString());
        assertTrue(err.toString().contains("give it with --guide-clip"), err.toString());
        assertEquals(0, like(guided, again, network), err.toString());
        assertArrayEquals(PictureFile.read(guided).rgb(), PictureFile.read(again).rgb());
        assertEquals(PngText.read(guided), PngText.read(again));
        assertEquals(2, like(around, again, network), err.toString());
        assertTrue(err.toString().contains("plain.png"), err.toString());
    }

    @Test
    void aPictureIsDrawnAgainFromItsOwnMetadata() throws IOException {
        Path first = folder.resolve("first.png");
        Path again = folder.resolve("again.png");
        Path changed = folder.resolve("changed.png");
        assertEquals(
                0,
                run(
                        first,
                        "--prompt=a (big:1.3) nose: an ear, a face",
                        "--negative-prompt=an ear",
                        "--scheduler=euler-a",
                        "--seed=9",
                        "--guidance=3.5",
                        "--width=24",
                        "--clip-skip=2",
                        "--lora=style=0.3@0,0.7@1"),
                err.toString());
        assertEquals(0, like(first, again), err.toString());
        assertArrayEquals(PictureFile.read(first).rgb(), PictureFile.read(again).rgb());
        assertEquals(PngText.read(first), PngText.read(again));
        assertEquals(0, like(first, changed, "--seed", "10"), err.toString());
        assertTrue(!Arrays.equals(PictureFile.read(first).rgb(), PictureFile.read(changed).rgb()));
        String parameters = PngText.read(first).get("parameters");
        assertTrue(
                parameters.startsWith(
                        "a (big:1.3) nose: an ear, a face <lora:style:0.3@0,0.7@1>\nNegative"
                                + " prompt: an ear\nSteps: 2, Sampler: Euler a, CFG scale: 3.5,"
                                + " Seed: 9, Size: 24x16, Model: pack,"),
                parameters);
    }

    @Test
    void aPictureOfAWebUiIsDrawnAgain() throws IOException {
        Path web = folder.resolve("web.png");
        Path out = folder.resolve("out.png");
        Path same = folder.resolve("same.png");
        PictureFile.write(
                web,
                new Picture(1, 1, new byte[3]),
                Map.of(
                        "parameters",
                        "a face <lora:style:0.7>, nose\nNegative prompt: an ear\nSteps: 3, Sampler:"
                                + " DPM++ 2M, Schedule type: Karras, CFG scale: 4, Seed: 7, Size:"
                                + " 24x16, Model hash: 6ce0161689, Model: v1-5, Clip skip: 2,"
                                + " Lora hashes: \"style: aa, b: cc\", Version: v1.9.0"));
        assertEquals(0, like(web, out), err.toString());
        assertTrue(err.toString().contains("will resemble it"), err.toString());
        assertEquals(
                0,
                run(
                        same,
                        "--prompt=a face , nose",
                        "--negative-prompt=an ear",
                        "--steps=3",
                        "--scheduler=dpm++2m-karras",
                        "--guidance=4",
                        "--seed=7",
                        "--width=24",
                        "--height=16",
                        "--clip-skip=2",
                        "--negative-clip-skip=2",
                        "--lora=style=0.7"),
                err.toString());
        assertArrayEquals(PictureFile.read(same).rgb(), PictureFile.read(out).rgb());
    }

    @Test
    void whatAPictureDoesNotHoldIsAskedFor() throws IOException {
        Path out = folder.resolve("out.png");
        Path init = folder.resolve("init.png");
        PictureFile.write(init, new Picture(16, 16, new byte[3 * 256]), Map.of());
        likeRefused(init, "says nothing of how it was drawn");
        Path first = folder.resolve("first.png");
        assertEquals(0, run(first, "--init-image", init.toString()), err.toString());
        likeRefused(first, "was drawn with the file init.png, which it does not hold");
        assertEquals(0, like(first, out, "--init-image", init.toString()), err.toString());
        assertArrayEquals(PictureFile.read(first).rgb(), PictureFile.read(out).rgb());
        Path odd = folder.resolve("odd.png");
        Picture dot = new Picture(1, 1, new byte[3]);
        String settings = "a\nSteps: 3, Sampler: %s, CFG scale: 4, Seed: %s";
        PictureFile.write(odd, dot, Map.of("parameters", settings.formatted("Restart", "1")));
        likeRefused(odd, "drawn by the sampler Restart, which is not known here");
        PictureFile.write(odd, dot, Map.of("parameters", settings.formatted("DDIM", "x")));
        likeRefused(odd, "its seed is 'x'");
        PictureFile.write(odd, dot, Map.of("daumier", "{\"command\": \"generate\"}"));
        likeRefused(odd, "was drawn by daumier generate");
        err.getBuffer().setLength(0);
        assertEquals(2, call("sample", "--pack", PACK.toString(), "--out", out.toString()));
        assertTrue(err.toString().contains("Say what to draw with --prompt"), err.toString());
    }

    private void likeRefused(Path picture, String words) {
        err.getBuffer().setLength(0);
        assertEquals(2, like(picture, folder.resolve("no.png")), words);
        assertTrue(err.toString().contains(words), err.toString());
    }

    private int like(Path picture, Path out, String... options) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("sample", "--pack", PACK.toString(), "--threads", "1"));
        arguments.addAll(List.of("--like", picture.toString(), "--out", out.toString()));
        arguments.addAll(List.of(options));
        return call(arguments.toArray(String[]::new));
    }

    @Test
    void aPromptMayUseALearnedWord() throws IOException {
        Path toy = PACK.resolveSibling("cat-toy.safetensors");
        Path out = folder.resolve("a.png");
        assertEquals(0, run(out, "--prompt=a <cat-toy>"), err.toString());
        byte[] without = PictureFile.read(out).rgb();
        String option = "--embedding=" + toy;
        assertEquals(0, run(out, "--prompt=a <cat-toy>", option), err.toString());
        assertTrue(!Arrays.equals(without, PictureFile.read(out).rgb()));
        likeRefused(out, "give it with --embedding");
        assertEquals(0, like(out, folder.resolve("b.png"), option), err.toString());
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
    void anEqualsSignDividesFileAndSchedule() {
        LoraArgument.Converter converter = new LoraArgument.Converter();
        assertEquals("a=b.safetensors", converter.convert("a=b.safetensors=0.5").file());
        assertEquals("style", converter.convert("style=te=0.5,up=1").file());
        assertEquals("1", converter.convert("style").schedule().toString());
        assertEquals("style", converter.convert("/x/style.safetensors=0.5").name());
    }
}
