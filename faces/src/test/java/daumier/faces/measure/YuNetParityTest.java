package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import daumier.faces.Picture;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** YuNet against the chain in Python, and pictures in which a face is harder to find. */
final class YuNetParityTest {
    private static YuNetDetector yunet() throws IOException {
        return YuNetDetector.open(Shared.path("real/models/face_detection_yunet_2026may.onnx"));
    }

    private static FaceDetector patient(FaceDetector detector) {
        return new PatientDetector(
                detector, new ModelFit(new ProceduralModel(), Camera.PORTRAIT).reference());
    }

    @Test
    void boxesAndPointsAreThoseOfPython() throws IOException {
        YuNetDetector detector = yunet();
        Path folder = Shared.path("real/photos");
        JsonObject photos = Shared.expected().getAsJsonObject("photos");
        double worst = 0;
        for (String name : photos.keySet()) {
            JsonObject one = photos.getAsJsonObject(name);
            var found = detector.detect(Pictures.read(folder.resolve(name)));
            assertFalse(found.isEmpty(), name);
            Detection.Seen seen = found.get(0).seen().orElseThrow();
            double[] box = Shared.numbers(one.get("yunet_box_xywh"));
            double[] ours = {seen.x(), seen.y(), seen.width(), seen.height()};
            for (int i = 0; i < 4; i++) {
                worst = Math.max(worst, Math.abs(box[i] - ours[i]));
            }
            double[] five = Shared.numbers(one.get("yunet_5pts"));
            for (int i = 0; i < 10; i++) {
                worst = Math.max(worst, Math.abs(five[i] - seen.points().xy()[i]));
            }
        }
        System.out.printf("YuNet differs from Python by at most %.3f pixels.%n", worst);
        assertTrue(worst < 0.5, "off by " + worst);
    }

    private static Picture transformed(Picture p, Similarity s, int side) {
        return Resampler.transform(p, s.inverse(), side, side);
    }

    private static Picture dark(Picture p, double factor) {
        byte[] rgb = new byte[p.rgb().length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ((p.rgb()[i] & 0xff) * factor);
        }
        return new Picture(p.width(), p.height(), rgb);
    }

    /** The share of portraits whose eyes are found where a similarity took them. */
    private static double found(FaceDetector detector, Similarity s, int side, double light)
            throws IOException {
        int hits = 0;
        int all = 0;
        for (Shared.Portrait p : Shared.portraits()) {
            if (all == 4) {
                break;
            }
            all++;
            Picture seen = dark(transformed(Pictures.read(p.file()), s, side), light);
            FivePoints truth = FivePoints.of(s.apply(p.pfld()));
            double eyes = Math.hypot(truth.x(1) - truth.x(0), truth.y(1) - truth.y(0));
            var list = detector.detect(seen);
            if (!list.isEmpty() && list.get(0).seen().isPresent()) {
                FivePoints f = list.get(0).seen().orElseThrow().points();
                double off = Math.hypot(f.x(0) - truth.x(0), f.y(0) - truth.y(0));
                hits += off < 0.5 * eyes ? 1 : 0;
            }
        }
        return (double) hits / all;
    }

    private static Similarity about(double degrees, double scale, int from, int to) {
        double a = scale * Math.cos(Math.toRadians(degrees));
        double b = scale * Math.sin(Math.toRadians(degrees));
        Similarity turn = new Similarity(a, b, 0, 0);
        double c = (from - 1) / 2.0;
        return new Similarity(a, b, (to - 1) / 2.0 - turn.x(c, c), (to - 1) / 2.0 - turn.y(c, c));
    }

    @Test
    void turnedDarkSmallAndLargeFacesAreFound() throws IOException {
        FaceDetector detector = patient(yunet());
        for (double degrees : new double[] {45, -75, 90, 135, 180}) {
            double share = found(detector, about(degrees, 1, 512, 512), 512, 1);
            System.out.printf("turned by %.0f degrees: %.2f found%n", degrees, share);
            assertTrue(share >= 0.75, "turned by " + degrees + ": " + share);
        }
        assertTrue(found(detector, about(0, 1, 512, 512), 512, 0.08) >= 0.9, "dark");
        assertTrue(found(detector, about(0, 0.1, 512, 52), 52, 1) >= 0.9, "small");
        assertTrue(found(detector, about(0, 0.08, 512, 640), 640, 1) >= 0.75, "small in large");
        assertTrue(found(detector, about(0, 6, 512, 3072), 3072, 1) >= 0.9, "large");
    }

    @Test
    void boxesAloneAreTurnedToo() {
        Picture canvas = new Picture(300, 200, new byte[180_000]);
        // Sees a box only in pictures that were turned by 60 degrees: the fifth look.
        int side = (int) Math.ceil(Math.hypot(300, 200));
        int[] looks = {0};
        FaceDetector box =
                p -> {
                    looks[0]++;
                    return p.width() == side && looks[0] == 4
                            ? java.util.List.of(new Detection(150, 150, 60, 60, 0.9))
                            : java.util.List.of();
                };
        Detection d = patient(box).detect(canvas).get(0);
        assertTrue(d.seen().isPresent());
        FivePoints f = d.seen().orElseThrow().points();
        double angle = Math.toDegrees(Math.atan2(f.y(1) - f.y(0), f.x(1) - f.x(0)));
        assertEquals(0, Math.abs(angle) % 30, 0.5);
        assertTrue(Math.abs(angle) > 20, "angle " + angle);
        assertEquals(60, d.width(), 1e-6);
    }
}
