package daumier.cli.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.Main;
import daumier.cli.SharedMaterial;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.nn.ClipVisionConfig;
import daumier.diffusion.nn.ClipVisionModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.VisionTransformer;
import daumier.diffusion.nn.VitConfig;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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
    void whatTheEmbeddedNetworksReadOfGainsIsTakenOut() throws IOException {
        String photo = SharedMaterial.of("real/photos").resolve("astronaut.png").toString();
        String none = Files.createDirectory(folder.resolve("none")).toString();
        JsonObject corrected = json("score", photo, photo, "--json", "--models", none);
        assertTrue(corrected.get("gains_corrected").getAsBoolean(), corrected.toString());
        assertEquals(0, run("score", photo, photo, "--models", none), err::toString);
        assertTrue(out.toString().contains("corrected by jaw / 0."), out.toString());
        JsonObject read =
                json("score", photo, photo, "--json", "--models", none, "--gains-as-read");
        assertFalse(read.get("gains_corrected").getAsBoolean(), read.toString());
        assertEquals(2, run("score", photo, photo, "--gains", "x.json", "--gains-as-read"));
        assertTrue(err.toString().contains("not both"), err.toString());
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

    @Test
    void networksOfTheUsersCompareWholePictures() throws Exception {
        Path a = folder.resolve("a.png");
        Path b = folder.resolve("b.png");
        PictureFile.write(a, waves(64, 48, 0), Map.of());
        PictureFile.write(b, waves(50, 70, 1), Map.of());
        Path clip =
                model(
                        folder,
                        "clip",
                        "{\"model_type\": \"clip_vision_model\", "
                                + "\"hidden_size\": 8, \"intermediate_size\": 12, \"num_hidden_layers\": 1, "
                                + "\"num_attention_heads\": 2, \"image_size\": 16, \"patch_size\": 8, "
                                + "\"projection_dim\": 6}");
        Path dino =
                model(
                        folder,
                        "dino",
                        "{\"model_type\": \"vit\", \"hidden_size\": 8, "
                                + "\"intermediate_size\": 12, \"num_hidden_layers\": 1, "
                                + "\"num_attention_heads\": 2, \"image_size\": 16, \"patch_size\": 8}");
        JsonObject same =
                json(
                        "score",
                        a.toString(),
                        a.toString(),
                        "--json",
                        "--clip",
                        clip.toString(),
                        "--dino",
                        dino.toString());
        assertEquals(1, same.get("clip_i").getAsDouble(), 1e-4);
        assertEquals(1, same.get("dino").getAsDouble(), 1e-4);
        JsonObject other =
                json(
                        "score",
                        a.toString(),
                        b.toString(),
                        "--json",
                        "--clip",
                        clip.toString(),
                        "--dino",
                        dino.toString());
        assertTrue(other.get("clip_i").getAsDouble() < 1, other::toString);
        assertTrue(other.get("dino").getAsDouble() < 1, other::toString);
        assertFalse(other.has("lpips") || other.has("clip_t_a"), other::toString);
        assertEquals(0, run("score", a.toString(), b.toString(), "--clip", clip.toString()));
        assertTrue(out.toString().contains("CLIP-I"), out::toString);

        assertEquals(2, run("score", a.toString(), b.toString(), "--prompt", "a face"));
        assertTrue(err.toString().contains("--clip"), err::toString);
        assertEquals(
                2,
                run(
                        "score",
                        a.toString(),
                        b.toString(),
                        "--clip",
                        clip.toString(),
                        "--prompt",
                        "a face"));
        assertTrue(err.toString().contains("take a whole one"), err::toString);
        assertEquals(2, run("score", a.toString(), b.toString(), "--clip", folder.toString()));
        assertTrue(err.toString().contains("config.json"), err::toString);
        assertEquals(
                2,
                run(
                        "score",
                        a.toString(),
                        b.toString(),
                        "--lpips",
                        dino.resolve("model.safetensors").toString()));
        assertTrue(err.toString().contains("AlexNet or VGG-16"), err::toString);
    }

    /** A model with weights of chance under the names that its network asks for. */
    private static Path model(Path folder, String name, String config) throws IOException {
        Path at = Files.createDirectories(folder.resolve(name));
        Files.writeString(at.resolve("config.json"), config);
        try (NDManager manager = NDManager.newBaseManager();
                Kernels kernels = Kernels.load(Device.cpu())) {
            Weights weights = Weights.initial(manager, 7);
            if (name.equals("clip")) {
                ClipVisionModel.create(ClipVisionConfig.parse(config), weights, kernels);
            } else {
                VisionTransformer.create(VitConfig.parse(config), weights, kernels);
            }
            Map<String, NDArray> named = new HashMap<>();
            weights.parameters()
                    .forEach((key, array) -> named.put(key.replaceFirst("^vit\\.", ""), array));
            SafetensorsWriter.write(at.resolve("model.safetensors"), named, Map.of(), Dtype.F32);
        }
        if (!name.equals("clip")) {
            Files.writeString(
                    at.resolve("preprocessor_config.json"),
                    "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 16}");
        }
        return at;
    }

    private static Picture waves(int width, int height, int phase) {
        float[] planes = new float[3 * width * height];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (float) Math.sin(i / (4.0 + phase) + (i % width) / 3.0);
        }
        return Picture.fromChw(planes, 0, width, height);
    }
}
