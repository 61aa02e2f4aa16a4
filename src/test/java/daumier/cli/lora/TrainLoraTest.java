package daumier.cli.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import daumier.cli.Main;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A LoRA learned on the tiny pack of the diffusion tests. */
final class TrainLoraTest {
    private static final Path PACK =
            Path.of("../diffusion/src/test/resources/daumier/diffusion/sample/pipeline/pack")
                    .toAbsolutePath()
                    .normalize();

    @TempDir private Path folder;
    private Path pictures;

    @BeforeEach
    void draw() throws IOException {
        pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int i = 0; i < 3; i++) {
            picture(pictures.resolve("p" + i + ".png"), 40 + i, 30, 0xD02010);
        }
        Files.writeString(pictures.resolve("p1.txt"), "a red wall,\n in the sun\n");
    }

    private static void picture(Path file, int width, int height, int colour) throws IOException {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (colour >> (16 - 8 * (i % 3)));
        }
        PictureFile.write(file, new Picture(width, height, rgb), Map.of());
    }

    @Test
    void captionsBeginWithTheTriggerWord() throws IOException {
        CaptionedPictures all = CaptionedPictures.in(pictures, " brick ");
        assertEquals(
                List.of("brick", "brick, a red wall, in the sun", "brick"),
                List.of(
                        all.caption(all.files().get(0)),
                        all.caption(all.files().get(1)),
                        all.caption(all.files().get(2))));
        assertEquals(1, all.described());
        Files.writeString(pictures.resolve("p2.txt"), "brick, twice said");
        assertEquals("brick, twice said", all.caption(all.files().get(2)));
    }

    @Test
    void theMiddleSquareIsScaled() {
        byte[] rgb = new byte[3 * 12 * 4];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % 12;
            rgb[i] = (byte) (x >= 4 && x < 8 ? 200 : 0);
        }
        Picture square = CaptionedPictures.squared(new Picture(12, 4, rgb), 2);
        assertEquals(2, square.width());
        assertEquals(2, square.height());
        for (byte value : square.rgb()) {
            assertEquals((byte) 200, value);
        }
    }

    @Test
    void aStoppedTrainingGoesOnAsIfItHadNotBeen() throws IOException {
        List<Double> straight = new ArrayList<>();
        Path whole = folder.resolve("whole.safetensors");
        train(whole, straight, Long.MAX_VALUE);
        List<Double> parts = new ArrayList<>();
        Path resumed = folder.resolve("resumed.safetensors");
        assertFalse(train(resumed, parts, 4));
        assertFalse(Files.exists(resumed));
        assertTrue(train(resumed, parts, Long.MAX_VALUE));
        assertEquals(straight, parts);
        assertArrayEquals(tensors(whole), tensors(resumed));
        double first = straight.subList(0, 4).stream().mapToDouble(d -> d).average().orElseThrow();
        double last = straight.subList(20, 24).stream().mapToDouble(d -> d).average().orElseThrow();
        assertTrue(last < first, "from " + first + " to " + last);
        try (SafetensorsFile file = SafetensorsFile.open(whole)) {
            assertEquals("brick", file.metadata().get("modelspec.trigger_phrase"));
            assertEquals("2", file.metadata().get("ss_network_dim"));
            assertEquals("3", file.metadata().get("ss_num_train_images"));
        }
        try (Pack pack = Pack.open(PACK, Device.cpu(), Precision.FP32)) {
            assertEquals(0, pack.attachLora(whole));
        }
    }

    private boolean train(Path target, List<Double> losses, long until) throws IOException {
        assumeTrue(Files.isDirectory(PACK), "The tiny pack is among the tests of diffusion.");
        LoraRecipe recipe = new LoraRecipe("wall", "brick", 2, 2, 24, 2, 1e-2, 5);
        Path store = Files.createTempDirectory(folder, "store");
        try (Pack pack = Pack.open(PACK, Device.cpu(), Precision.FP32);
                ExampleStore examples = ExampleStore.open(store, pack.pictureSize(), 0)) {
            CaptionedPictures.in(pictures, "brick").addTo(examples);
            long[] steps = {0};
            return new LoraTraining(pack, recipe)
                    .run(
                            examples,
                            target.resolveSibling(target.getFileName() + ".training"),
                            target,
                            (step, all, loss, norm, seconds) -> {
                                losses.add(loss);
                                return ++steps[0] < until;
                            });
        }
    }

    private static byte[] tensors(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Test
    void mistakesAreToldInOneSentence() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        String out = folder.resolve("x.safetensors").toString();
        assertMistake("There are no pictures", empty.toString(), "--out", out);
        assertMistake("is no folder", folder.resolve("none").toString(), "--out", out);
        assertMistake("--out must end in .safetensors", pictures.toString(), "--out", "x.pt");
        assertMistake("--rank must be", pictures.toString(), "--out", out, "--rank", "0");
        Files.writeString(pictures.resolve("broken.png"), "no picture");
        assertMistake("broken.png", pictures.toString(), "--out", out);
        try (Stream<Path> left = Files.list(folder)) {
            assertFalse(left.anyMatch(f -> f.toString().endsWith(".safetensors")));
        }
    }

    private static void assertMistake(String words, String... arguments) {
        assumeTrue(Files.isDirectory(PACK), "The tiny pack is among the tests of diffusion.");
        StringWriter said = new StringWriter();
        List<String> all = new ArrayList<>(List.of("train-lora", "--pack", PACK.toString()));
        all.addAll(List.of(arguments));
        int code =
                Main.commandLine()
                        .setErr(new PrintWriter(said, true))
                        .execute(all.toArray(String[]::new));
        assertEquals(2, code, said::toString);
        assertTrue(said.toString().contains(words), said::toString);
        assertEquals(1, said.toString().strip().lines().count(), said::toString);
    }
}
