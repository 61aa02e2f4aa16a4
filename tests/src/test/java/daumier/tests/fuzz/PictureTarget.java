package daumier.tests.fuzz;

import daumier.cli.Main;
import daumier.cli.picture.PngText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import picocli.CommandLine;

/**
 * The texts of PNG files, by {@code sample --like} itself: they are read to the end when the
 * command goes on to complain about the pack, which is not there.
 */
public final class PictureTarget implements FuzzTarget {
    private static final int USERS_MISTAKE = 2;

    private static final String OWN =
            "{\"version\":\"0.1.0\",\"command\":\"sample\",\"prompt\":\"a (big:1.3) nose\","
                    + "\"negative_prompt\":\"an ear\",\"num_inference_steps\":30,"
                    + "\"scheduler\":\"ddim\",\"guidance_scale\":7.5,\"seed\":9,"
                    + "\"size\":\"24x16\",\"pack\":\"pack\",\"dtype\":\"FP32\",\"eta\":0.5,"
                    + "\"clip_skip\":2,\"negative_clip_skip\":1,\"compose\":\"switch:2\","
                    + "\"loras\":[{\"name\":\"style\",\"weight\":\"0.8,te=0.5,up=0.3@0,0.9@1\"},"
                    + "{\"name\":\"b\",\"weight\":\"cosine(0.3,0.7)\"}]}";

    private static final String WEB =
            "a face <lora:style:0.7>, nose\nNegative prompt: an ear\nSteps: 3, Sampler: DPM++ 2M,"
                    + " Schedule type: Karras, CFG scale: 4, Seed: 7, Size: 24x16, Model hash:"
                    + " 6ce0161689, Model: v1-5, Clip skip: 2, Denoising strength: 0.5, Lora"
                    + " hashes: \"style: aa, b: \\\"cc\\\"\", Version: v1.9.0";

    private final Path file;
    private final Path nowhere;
    private final byte[] dot;
    private final StringWriter said = new StringWriter();
    private final CommandLine commandLine;

    /** Files are written into a folder, one over the other. */
    public PictureTarget(Path folder) throws IOException {
        this.file = folder.resolve("picture.png");
        this.nowhere = Files.createDirectories(folder.resolve("nowhere"));
        this.dot = dot();
        this.commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(said, true));
        commandLine.setOut(new PrintWriter(new StringWriter()));
    }

    private static byte[] dot() {
        java.awt.image.BufferedImage image =
                new java.awt.image.BufferedImage(1, 1, java.awt.image.BufferedImage.TYPE_INT_RGB);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public String name() {
        return "PNG metadata";
    }

    @Override
    public void attempt(SplittableRandom random) throws Exception {
        Files.write(file, input(random));
        said.getBuffer().setLength(0);
        int code =
                commandLine.execute(
                        "sample",
                        "--like",
                        file.toString(),
                        "--pack",
                        nowhere.toString(),
                        "--out",
                        file.resolveSibling("out.png").toString());
        String text = said.toString();
        if (code != USERS_MISTAKE || !text.startsWith("daumier: ")) {
            throw new AssertionError("exit code " + code + ": " + text);
        }
        if (!text.contains(nowhere + " is no pack")) {
            throw Refusal.of(
                    text.lines()
                            .filter(l -> !l.startsWith("Help: "))
                            .reduce((a, b) -> a + "\n" + b)
                            .orElse(""));
        }
    }

    private byte[] input(SplittableRandom random) {
        boolean own = random.nextBoolean();
        String keyword = own ? "daumier" : "parameters";
        String text = own ? OWN : WEB;
        if (random.nextInt(8) > 0) {
            text =
                    own && random.nextInt(3) > 0
                            ? otherValue(text, random)
                            : Mutation.of(text, random);
            return PngText.insert(dot, Map.of(keyword, text));
        }
        return Mutation.of(PngText.insert(dot, Map.of(keyword, text)), random);
    }

    /** JSON that is sound, with a value of another kind. */
    private static String otherValue(String json, SplittableRandom random) {
        int colons = (int) json.chars().filter(c -> c == ':').count();
        int at = -1;
        for (int i = random.nextInt(colons); i >= 0; i--) {
            at = json.indexOf(':', at + 1);
        }
        int end = at + 1;
        while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) {
            end++;
        }
        String value = new String(Mutation.token(random), StandardCharsets.UTF_8);
        return json.substring(0, at + 1) + value + json.substring(end);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
