package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Shared;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Landmark models of the user's, against onnxruntime where there is something to compare. */
final class UserLandmarksTest {
    private final Landmarks reference =
            new ModelFit(new ProceduralModel(), Camera.PORTRAIT).reference();

    @TempDir private Path folder;

    private static Picture ramp() {
        byte[] rgb = new byte[3 * 128 * 128];
        for (int i = 0; i < 128 * 128; i++) {
            rgb[3 * i] = (byte) (i % 128);
            rgb[3 * i + 1] = (byte) (i / 128);
        }
        return new Picture(128, 128, rgb);
    }

    @Test
    void theWindowIsCutAndPointsComeBack() {
        FaceWindow window = FaceWindow.yunet(reference, 1.1);
        assertTrue(window.side() > 80 && window.side() < 128, "" + window);
        Picture crop = window.crop(ramp(), 112);
        for (int k : new int[] {30, 70}) {
            float[] share = new float[2 * Landmarks.COUNT];
            share[0] = (k + 0.5f) / 112;
            share[1] = (k + 0.5f) / 112;
            Landmarks there = window.toPortrait(share);
            int i = 3 * (k * 112 + k);
            assertEquals(there.x(0), crop.rgb()[i], 0.6);
            assertEquals(there.y(0), crop.rgb()[i + 1], 0.6);
        }
    }

    @Test
    void coordinatesAreThoseOfOnnxruntime() throws IOException {
        // The network sees the picture of the golden: the window is undone beforehand.
        Path file = ArcFaceNetworkTest.resource("tiny-landmarks.onnx");
        float[] golden = ArcFaceNetworkTest.golden("tiny_landmarks");
        OnnxNetwork network = OnnxNetwork.open(file, Preprocessing.uniform(112, 0, 255));
        float[] ours = network.run(ArcFaceNetworkTest.picture(112));
        for (int i = 0; i < golden.length; i++) {
            assertEquals(golden[i], ours[i], 1e-4);
        }
        OnnxLandmarks locator = OnnxLandmarks.open(file, reference);
        FaceWindow window = FaceWindow.yunet(reference, 1.1);
        Landmarks found = locator.locate(ramp());
        Landmarks direct = window.toPortrait(network.run(window.crop(ramp(), 112)));
        assertEquals(direct, found);
        assertEquals("tiny-landmarks", locator.name());
    }

    @Test
    void aCardSaysUnitsAndMargin() throws IOException {
        Path file =
                Files.copy(
                        ArcFaceNetworkTest.resource("tiny-landmarks.onnx"),
                        folder.resolve("l.onnx"));
        Path card = folder.resolve("l.json");
        Files.writeString(
                card, "{\"kind\": \"landmarks\", \"margin\": 1.3, \"output\": \"centred\"}");
        Landmarks wide = OnnxLandmarks.open(file, reference).locate(ramp());
        FaceWindow window = FaceWindow.yunet(reference, 1.3);
        float[] out =
                OnnxNetwork.open(file, Preprocessing.uniform(112, 0, 255))
                        .run(window.crop(ramp(), 112));
        assertEquals(window.x() + window.side() * (out[0] + 1) / 2, wide.x(0), 1e-3);
        for (String wrong : new String[] {"\"output\": \"miles\"", "\"margin\": 9"}) {
            Files.writeString(card, "{\"kind\": \"landmarks\", " + wrong + "}");
            String message =
                    assertThrows(IOException.class, () -> OnnxLandmarks.open(file, reference))
                            .getMessage();
            assertTrue(message.contains("card"), message);
        }
    }

    @Test
    void heatMapsPeakWhereOnnxruntimeSaysSo() throws IOException {
        Path file = ArcFaceNetworkTest.resource("tiny-heatmaps.onnx");
        float[] maps =
                OnnxNetwork.open(file, Preprocessing.uniform(64, 0, 255))
                        .run(ArcFaceNetworkTest.picture(64));
        float[] peaks = OnnxLandmarks.peaks(maps);
        float[] golden = ArcFaceNetworkTest.golden("tiny_heatmaps_argmax");
        for (int p = 0; p < Landmarks.COUNT; p++) {
            assertEquals((golden[p] % 16 + 0.5) / 16, peaks[2 * p], 0.25 / 16 + 1e-6);
            assertEquals(((int) golden[p] / 16 + 0.5) / 16, peaks[2 * p + 1], 0.25 / 16 + 1e-6);
        }
        Landmarks found = OnnxLandmarks.open(file, reference).locate(ramp());
        assertEquals(136, found.xy().length);
    }

    @Test
    void filesThatAreNoTreesAreRefused() throws IOException {
        Path none = Files.writeString(folder.resolve("lbfmodel.yaml"), "%YAML:1.0\n---\na: 1\n");
        for (Path file : new Path[] {none, folder.resolve("missing.yaml")}) {
            String message =
                    assertThrows(IOException.class, () -> LbfLandmarks.open(file, reference))
                            .getMessage();
            assertTrue(message.contains("LBF model"), message);
        }
    }

    @Test
    void treesLocateAPortrait() throws IOException {
        LbfLandmarks trees = LbfLandmarks.open(Shared.path("real/models/lbfmodel.yaml"), reference);
        assertEquals(136, trees.locate(ramp()).xy().length);
    }
}
