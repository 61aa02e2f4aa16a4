package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.Picture;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.Pictures;
import daumier.faces.measure.Shared;
import daumier.faces.measure.Similarity;
import daumier.faces.measure.YuNetDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Identity vectors against onnxruntime (make_goldens.py) and against the chain in Python. */
final class ArcFaceNetworkTest {
    static Path resource(String name) {
        return Path.of("src/test/resources/daumier/faces/models").resolve(name);
    }

    static float[] golden(String name) throws IOException {
        JsonObject all =
                JsonParser.parseString(Files.readString(resource("goldens.json")))
                        .getAsJsonObject();
        double[] v = Shared.numbers(all.get(name));
        float[] f = new float[v.length];
        for (int i = 0; i < v.length; i++) {
            f[i] = (float) v[i];
        }
        return f;
    }

    /** The picture of make_goldens.py. */
    static Picture picture(int side) {
        byte[] rgb = new byte[3 * side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * side + x) + c] = (byte) (3 * x + 5 * y + 40 * c + x * y / 7);
                }
            }
        }
        return new Picture(side, side, rgb);
    }

    @Test
    void equalPixelsGiveTheVectorsOfOnnxruntime() throws IOException {
        float[] tiny = ArcFaceNetwork.open(resource("tiny-identity.onnx")).embed(picture(112));
        assertEquals(1, ArcFaceNetwork.cosine(tiny, golden("tiny_identity")), 1e-5);
        for (int i = 0; i < tiny.length; i++) {
            assertEquals(golden("tiny_identity")[i], tiny[i], 1e-4);
        }
        Path real = Shared.path("real/models/mobilefacenet.onnx");
        float[] v = ArcFaceNetwork.open(real).embed(picture(112));
        assertEquals(1, ArcFaceNetwork.cosine(v, golden("mobilefacenet")), 1e-4);
    }

    @Test
    void portraitsGiveTheVectorsOfPython() throws IOException {
        Path models = Shared.path("real/models");
        Path folder = Shared.path("real/photos");
        ArcFaceNetwork network = ArcFaceNetwork.open(models.resolve("mobilefacenet.onnx"));
        YuNetDetector detector =
                YuNetDetector.open(models.resolve("face_detection_yunet_2026may.onnx"));
        JsonObject photos = Shared.expected().getAsJsonObject("photos");
        double cosine = 1;
        double matrix = 0;
        for (String name : photos.keySet()) {
            JsonObject one = photos.getAsJsonObject(name);
            Picture p = Pictures.read(folder.resolve(name));
            Detection.Seen seen = detector.detect(p).get(0).seen().orElseThrow();
            Similarity s = ArcFaceNetwork.alignment(seen.points());
            double[] ours = {s.a(), -s.b(), s.tx(), s.b(), s.a(), s.ty()};
            double[] theirs = Shared.numbers(one.get("align_2x3"));
            for (int i = 0; i < 6; i++) {
                matrix = Math.max(matrix, Math.abs(ours[i] - theirs[i]));
            }
            double[] expected = Shared.numbers(one.get("emb"));
            float[] their = new float[expected.length];
            for (int i = 0; i < their.length; i++) {
                their[i] = (float) expected[i];
            }
            cosine =
                    Math.min(cosine, ArcFaceNetwork.cosine(network.embed(p, seen.points()), their));
        }
        System.out.printf(
                "Identity against Python: lowest cosine %.5f; alignment within %.5f.%n",
                cosine, matrix);
        assertTrue(cosine >= 0.999, "cosine " + cosine);
        assertTrue(matrix < 1e-3, "alignment " + matrix);
    }

    @Test
    void largePicturesAreShrunkFirst() {
        byte[] rgb = new byte[3 * 3000 * 2000];
        for (int i = 0; i < 3000 * 2000; i++) {
            rgb[3 * i] = (byte) (i % 3000 / 12);
            rgb[3 * i + 1] = (byte) (i / 3000 / 8);
        }
        Picture large = new Picture(3000, 2000, rgb);
        FivePoints points = ArcFaceNetwork.TEMPLATE.moved(new Similarity(10, 0, 600, 400));
        Picture aligned = ArcFaceNetwork.aligned(large, points);
        assertEquals(112, aligned.width());
        // Frame pixel (50, 50) shows picture pixel (1100, 900).
        int i = 3 * (50 * 112 + 50);
        assertEquals(1100 / 12.0, aligned.rgb()[i] & 0xff, 1.5);
        assertEquals(900 / 8.0, aligned.rgb()[i + 1] & 0xff, 1.5);
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        String message =
                assertThrows(
                                IOException.class,
                                () -> ArcFaceNetwork.open(resource("tiny-landmarks.onnx")))
                        .getMessage();
        assertTrue(message.contains("identity network"), message);
        ArcFaceNetwork tiny = ArcFaceNetwork.open(resource("tiny-identity.onnx"));
        assertThrows(IllegalArgumentException.class, () -> tiny.embed(picture(64)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ArcFaceNetwork.cosine(new float[3], new float[4]));
    }
}
