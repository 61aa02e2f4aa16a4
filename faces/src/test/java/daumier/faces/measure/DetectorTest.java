package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Picture;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorTest {
    private static double measure(String name, FaceDetector detector) throws IOException {
        List<Shared.Portrait> portraits = Shared.portraits();
        int found = 0;
        int extra = 0;
        double[][] shares = new double[portraits.size()][];
        long start = System.nanoTime();
        for (int i = 0; i < portraits.size(); i++) {
            Picture p = Pictures.read(portraits.get(i).file());
            List<Detection> d = detector.detect(p);
            Detection truth = portraits.get(i).box();
            extra += Math.max(0, d.size() - 1);
            if (d.isEmpty()) {
                System.out.println(name + " missed " + portraits.get(i).file());
                continue;
            }
            Detection f = d.get(0);
            shares[i] =
                    new double[] {
                        (truth.x() - f.x()) / f.width(),
                        (truth.y() - f.y()) / f.height(),
                        truth.width() / f.width(),
                        truth.height() / f.height(),
                        f.overlap(truth)
                    };
            if (f.overlap(truth) > 0.5) {
                found++;
            } else {
                System.out.println(name + " wrong " + portraits.get(i).file() + " " + d);
            }
        }
        double[][] valid = Arrays.stream(shares).filter(s -> s != null).toArray(double[][]::new);
        StringBuilder s = new StringBuilder();
        for (int c = 0; c < 5; c++) {
            int k = c;
            double[] v = Arrays.stream(valid).mapToDouble(r -> r[k]).sorted().toArray();
            s.append(
                    " %.3f [%.3f %.3f]"
                            .formatted(v[v.length / 2], v[v.length / 20], v[v.length * 19 / 20]));
        }
        System.out.printf(
                "%s: %d of %d, %d further boxes, %.0f ms a picture; left, top, width, height, IoU:%s%n",
                name,
                found,
                portraits.size(),
                extra,
                (System.nanoTime() - start) / 1e6 / portraits.size(),
                s);
        return (double) found / portraits.size();
    }

    @Test
    void cascadesFindThePortraits() throws IOException {
        assertTrue(measure("Haar", new HaarDetector()) >= 0.97);
    }

    @Test
    void yunetFindsThePortraits() throws IOException {
        FaceDetector yunet =
                YuNetDetector.open(Shared.path("real/models/face_detection_yunet_2026may.onnx"));
        assertTrue(measure("YuNet", yunet) >= 0.97);
    }

    @Test
    void noFaceInNoise() throws IOException {
        byte[] rgb = new byte[3 * 200 * 160];
        new java.util.Random(2).nextBytes(rgb);
        assertTrue(new HaarDetector().detect(new Picture(200, 160, rgb)).isEmpty());
        assertTrue(new HaarDetector().detect(new Picture(1, 1, new byte[3])).isEmpty());
    }
}
