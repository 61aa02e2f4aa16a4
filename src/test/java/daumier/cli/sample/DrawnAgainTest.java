package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.picture.PictureFile;
import daumier.cli.picture.PngText;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A picture that was drawn is drawn again, and what it does not hold is asked for. */
final class DrawnAgainTest extends SampleRuns {
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
}
