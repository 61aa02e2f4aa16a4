package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.Main;
import daumier.cli.SharedMaterial;
import daumier.cli.picture.PictureFile;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceAnalyzer;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Pictures;
import daumier.faces.models.FaceReading;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Rendering;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code inspect face} with models of the user's, as the command line sees it. */
final class InspectFaceTest {
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

    private JsonObject inspected(Path picture) {
        String models = SharedMaterial.of("real/models").toString();
        assertEquals(
                0,
                run("inspect", "face", picture.toString(), "--json", "--models", models),
                err::toString);
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    private static double[] numbers(JsonArray array) {
        double[] v = new double[array.size()];
        for (int i = 0; i < v.length; i++) {
            v[i] = array.get(i).getAsDouble();
        }
        return v;
    }

    @Test
    void aPhotographIsMeasuredAsInPython() throws IOException {
        Path photos = SharedMaterial.of("real/photos");
        JsonObject expected =
                JsonParser.parseString(Files.readString(photos.resolve("expected.json")))
                        .getAsJsonObject()
                        .getAsJsonObject("photos");
        String name = expected.keySet().iterator().next();
        JsonObject theirs = expected.getAsJsonObject(name);
        JsonObject ours = inspected(photos.resolve(name));
        double[] box = numbers(theirs.getAsJsonArray("yunet_box_xywh"));
        for (int i = 0; i < 4; i++) {
            assertEquals(box[i], ours.getAsJsonArray("box").get(i).getAsDouble(), 0.5);
        }
        for (int row = 0; row < 2; row++) {
            double[] a = numbers(theirs.getAsJsonArray("align_2x3").get(row).getAsJsonArray());
            double[] b = numbers(ours.getAsJsonArray("aligned_2x3").get(row).getAsJsonArray());
            for (int i = 0; i < 3; i++) {
                assertEquals(a[i], b[i], 1e-3);
            }
        }
        double[] a = numbers(theirs.getAsJsonArray("emb"));
        double[] b = numbers(ours.getAsJsonArray("identity"));
        double cosine = 0;
        for (int i = 0; i < a.length; i++) {
            cosine += a[i] * b[i];
        }
        assertTrue(cosine > 0.999, "cosine " + cosine);
        JsonObject models = ours.getAsJsonObject("models");
        assertTrue(models.get("detector").getAsString().startsWith("YuNet"));
        assertTrue(models.get("identity").getAsString().contains("mobilefacenet"));
        assertEquals(5, ours.getAsJsonArray("five_points").size());
    }

    @Test
    void everyKindOfFileGivesTheSameFace() throws IOException {
        Path photos = SharedMaterial.of("real/photos");
        Path astronaut = photos.resolve("astronaut.png");
        double[] box = numbers(inspected(astronaut).getAsJsonArray("box"));
        Picture picture = Pictures.read(astronaut);
        Path large = folder.resolve("large.png");
        Pictures.write(large, Pictures.resize(picture, 4096, 4096), Map.of());
        double[] eight = numbers(inspected(large).getAsJsonArray("box"));
        for (int i = 0; i < 4; i++) {
            assertEquals(8 * box[i], eight[i], 60);
        }
        Path turned = folder.resolve("turned.jpg");
        Pictures.write(turned, quarter(picture), Map.of());
        assertEquals(1, inspected(turned).get("faces").getAsInt());
    }

    private static Picture quarter(Picture p) {
        byte[] rgb = new byte[p.rgb().length];
        int n = p.height();
        for (int y = 0; y < p.height(); y++) {
            for (int x = 0; x < p.width(); x++) {
                int to = 3 * (x * n + (n - 1 - y));
                System.arraycopy(p.rgb(), 3 * (y * p.width() + x), rgb, to, 3);
            }
        }
        return new Picture(n, p.width(), rgb);
    }

    @Test
    void theTextSaysWhatWasUsed() throws IOException {
        Path sheet = folder.resolve("sheet.png");
        String models = SharedMaterial.of("real/models").toString();
        Path astronaut = SharedMaterial.of("real/photos").resolve("astronaut.png");
        assertEquals(
                0,
                run(
                        "inspect",
                        "face",
                        astronaut.toString(),
                        "--models",
                        models,
                        "--picture",
                        sheet.toString()),
                err::toString);
        for (String word : List.of("box", "detector", "YuNet", "landmarks", "mobilefacenet")) {
            assertTrue(out.toString().contains(word), out.toString());
        }
        assertTrue(PictureFile.read(sheet).width() >= 512);
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        Path picture = folder.resolve("p.png");
        PictureFile.write(picture, new Picture(64, 64, new byte[3 * 64 * 64]), Map.of());
        String none = folder.resolve("none").toString();
        assertEquals(2, run("inspect", "face", picture.toString(), "--models", none));
        assertTrue(err.toString().contains("is no folder"), err.toString());
        String models = SharedMaterial.of("real/models").toString();
        assertEquals(2, run("inspect", "face", picture.toString(), "--models", models));
        assertTrue(err.toString().contains("no face"), err.toString());
        assertFalse(err.toString().contains("Exception"), err.toString());
    }

    @Test
    void landmarksAndRegionsAreToldAndDrawn() throws IOException {
        Rendering drawn =
                new FaceRenderer()
                        .render(Subject.sample(new Random(3)), View.neutral(), Look.PHOTO);
        ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
        FaceAnalysis analysis =
                new FaceAnalyzer(
                                p -> List.of(),
                                p -> drawn.landmarks(),
                                fit,
                                LandmarkNoise.isotropic(0.5),
                                Optional.empty())
                        .analyzePortrait(drawn.picture());
        FaceReading reading =
                new FaceReading(
                        drawn.picture(),
                        1,
                        Optional.empty(),
                        FivePoints.of(drawn.landmarks()),
                        Optional.of(analysis),
                        Optional.empty());
        JsonObject all =
                InspectFaceCommand.describe(reading, Map.of("landmarks", "the renderer's"));
        assertEquals(68, all.getAsJsonArray("landmarks68").size());
        assertEquals(6, all.getAsJsonObject("regions").size());
        assertTrue(all.getAsJsonObject("pose").has("yaw"));
        assertTrue(all.getAsJsonObject("models").get("identity").isJsonNull());
        Picture sheet = FaceSheet.of(reading);
        assertTrue(sheet.width() > 600 && sheet.height() > 400);
        String keep = System.getProperty("daumier.draw");
        if (keep != null) {
            PictureFile.write(Path.of(keep, "sheet.png"), sheet, Map.of());
        }
    }
}
