package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.Main;
import daumier.cli.picture.PictureFile;
import daumier.faces.Picture;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Mistakes are one sentence and exit code 2, told before any work is done. */
final class StudioCommandsTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @TempDir private Path folder;

    private int run(String... arguments) {
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setOut(new PrintWriter(out, true));
        return commandLine.execute(arguments);
    }

    private void refused(String words, String... arguments) {
        assertEquals(2, run(arguments), () -> out + "" + err);
        assertTrue(err.toString().contains(words), err.toString());
        assertTrue(err.toString().startsWith("daumier: "), err.toString());
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command :
                new String[] {
                    "train", "generate", "compare", "demo", "policy", "env-server", "import-model"
                }) {
            assertEquals(0, run(command, "--help"), err.toString());
            assertTrue(out.toString().contains("Usage: daumier " + command), out.toString());
        }
        assertEquals(0, run("inspect", "face", "--help"), err.toString());
        assertEquals(0, run("policy", "export", "--help"), err.toString());
        assertEquals(0, run("--help"));
        assertFalse(out.toString().isBlank());
    }

    @Test
    void argumentsAreCheckedFirst() {
        refused("--run", "train");
        refused("--init", "train", "--run", "x", "--init", "a.zip", "--learner", "dqn");
        refused("PORTRAIT", "generate");
        refused("jaw, chin, eyes", "generate", "a.png", "--intent", "ears=2");
        refused("--strength", "generate", "a.png", "--strength", "0");
        refused("--face", "generate", "a.png", "--face", "-1");
        String[] drawn = {"generate", "--procedural", "1"};
        refused("above 0", and(drawn, "--reference", "a.png", "--reference-strength", "0"));
        refused("name it with --reference", and(drawn, "--reference-strength", "0.5"));
        refused("name it with --reference", and(drawn, "--reference-timesteps", "100-400"));
        refused("the lower first", and(drawn, "--reference-timesteps", "400-100"));
        refused("does not exist", and(drawn, "--reference", "none.png"));
        refused("--episodes", "compare", "--episodes", "1");
        refused("--lanes", "compare", "--lanes", "0");
        refused("--demonstrations", "train", "--run", "x", "--demonstrations", "0");
        refused("--minutes", "demo", "--minutes", "0");
        refused("PATH", "inspect");
        refused("export", "policy");
        refused("--as", "policy", "export", "rule");
        refused(
                "not both",
                "policy",
                "export",
                "rule",
                "--as",
                "loractl",
                "--face",
                "a",
                "--episodes",
                "2");
        refused("--episodes", "policy", "export", "rule", "--as", "comfyui", "--episodes", "0");
        refused("--steps", "policy", "export", "rule", "--as", "diffusers", "--steps", "0");
        refused("--lanes", "env-server", "--lanes", "0");
        refused("does not exist", "train", "--run", "x", "--init", "none.zip");
        refused("does not exist", "train", "--run", "x", "--rivals", "none.json");
    }

    @Test
    void picturesThatAreNoneAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("a.png"), "this is no picture");
        for (String[] command : new String[][] {{"generate"}, {"inspect", "face"}}) {
            refused("is no picture", with(command, text));
            refused("does not exist", with(command, folder.resolve("none.png")));
            refused("million", with(command, huge()));
        }
    }

    private static String[] with(String[] command, Path file) {
        return and(command, file.toString());
    }

    private static String[] and(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    /** A PNG whose header promises 20,000 x 20,000 pixels. */
    private Path huge() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(header);
        data.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        data.writeInt(20_000);
        data.writeInt(20_000);
        data.write(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.toByteArray());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream png = new DataOutputStream(file);
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        png.writeInt(13);
        png.write(header.toByteArray());
        png.writeInt((int) crc.getValue());
        return Files.write(folder.resolve("huge.png"), file.toByteArray());
    }

    @Test
    void packsAndRunsThatAreNoneAreRefused() throws IOException {
        Path picture = folder.resolve("p.png");
        PictureFile.write(picture, new Picture(4, 4, new byte[48]), Map.of());
        String none = folder.resolve("nothing").toString();
        refused("nothing", "generate", picture.toString(), "--pack", none, "--out", none + "-out");
        refused("nothing", "train", "--run", none + "-run", "--pack", none);
        refused("landmark network", "inspect", "face", picture.toString(), "--pack", none);
        refused("does not exist", "train", "--run", none, "--resume");
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/config.json"), "{}");
        refused("no plan", "train", "--run", folder.resolve("run").toString(), "--resume");
    }
}
