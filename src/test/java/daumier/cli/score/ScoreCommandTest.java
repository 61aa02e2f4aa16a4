package daumier.cli.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.Main;
import daumier.cli.SharedMaterial;
import daumier.cli.picture.PictureFile;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code score} and {@code score calibrate}, as the command line sees them. */
final class ScoreCommandTest {
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

    private JsonObject json(String... arguments) {
        assertEquals(0, run(arguments), err::toString);
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    @Test
    void portraitsAreCalibratedAndScored() throws IOException {
        Path photos = SharedMaterial.of("real/photos");
        String models = SharedMaterial.of("real/models").toString();
        String scale = folder.resolve("scale.json").toString();
        JsonObject computed =
                json(
                        "score",
                        "calibrate",
                        photos.toString(),
                        "--models",
                        models,
                        "--out",
                        scale,
                        "--json");
        assertEquals(computed, JsonParser.parseString(Files.readString(Path.of(scale))));
        System.out.println(computed);
        double lost = computed.get("lost").getAsDouble();
        assertTrue(
                computed.get("sameMin").getAsDouble() > computed.get("strangerMax").getAsDouble());
        assertTrue(lost > 0.2 && lost < 0.5, computed.toString());

        String a = photos.resolve("mike-kelly_a.jpg").toString();
        String same = photos.resolve("mike-kelly_b.jpg").toString();
        String other = photos.resolve("astronaut.png").toString();
        JsonObject alike =
                json("score", a, same, "--json", "--models", models, "--calibration", scale);
        assertEquals(0.6569, alike.getAsJsonObject("identity").get("cosine").getAsDouble(), 0.005);
        assertFalse(alike.getAsJsonObject("identity").get("meaning").getAsString().equals("lost"));
        assertTrue(alike.has("ssim") && alike.has("psnr"));
        JsonObject unlike =
                json("score", a, other, "--json", "--models", models, "--calibration", scale);
        assertEquals("lost", unlike.getAsJsonObject("identity").get("meaning").getAsString());
        assertEquals(0, run("score", a, a, "--models", models), err::toString);
        assertTrue(out.toString().contains("uncalibrated"), out.toString());
        assertTrue(out.toString().contains("SSIM           1.0000"), out.toString());
    }

    @Test
    void noFaceIsNoCosine() throws IOException {
        String models = SharedMaterial.of("real/models").toString();
        String photo = SharedMaterial.of("real/photos").resolve("astronaut.png").toString();
        Path black = folder.resolve("black.png");
        PictureFile.write(black, new Picture(64, 64, new byte[3 * 64 * 64]), Map.of());
        JsonObject score = json("score", photo, black.toString(), "--json", "--models", models);
        assertFalse(score.has("identity"));
        assertFalse(score.get("face_b").getAsBoolean());
        assertTrue(score.has("psnr"));
        assertEquals(0, run("score", photo, black.toString(), "--models", models));
        assertTrue(out.toString().contains("none was found in the second picture"), out.toString());
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        assertEquals(2, run("score"));
        assertTrue(err.toString().contains("two pictures"), err.toString());
        assertEquals(2, run("score", "a.png", "b.png"));
        assertTrue(err.toString().contains("does not exist"), err.toString());
        String none = folder.resolve("none").toString();
        assertEquals(2, run("score", "calibrate", none));
        assertTrue(err.toString().contains("is no folder"), err.toString());
        assertEquals(2, run("score", "calibrate", folder.toString()));
        assertTrue(err.toString().contains("no portraits"), err.toString());
        assertEquals(0, run("score", "--help"), err.toString());
        assertEquals(0, run("score", "calibrate", "--help"), err.toString());
    }
}
