package daumier.faces.measure;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.Landmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Real material that is not part of the product; tests that need it skip where it is absent. */
public final class Shared {
    private Shared() {}

    /** A file or folder below the shared folder. */
    public static Path path(String relative) {
        String root = System.getProperty("daumier.shared");
        for (String candidate :
                root != null
                        ? List.of(root)
                        : List.of("../shared", "../../shared", "../../../shared")) {
            Path p = Path.of(candidate).resolve(relative);
            if (Files.exists(p)) {
                return p;
            }
        }
        Assumptions.abort("Skipped: " + relative + " is not on this machine.");
        throw new IllegalStateException("unreachable");
    }

    /** One portrait with what public networks said about it. */
    public record Portrait(Path file, Landmarks pfld, double[] yunetBox) {
        /** Bounding box of the landmarks. */
        public Detection box() {
            return boundingBox(pfld);
        }
    }

    public static Detection boundingBox(Landmarks points) {
        double x0 = Double.MAX_VALUE;
        double y0 = Double.MAX_VALUE;
        double x1 = -Double.MAX_VALUE;
        double y1 = -Double.MAX_VALUE;
        for (int i = 0; i < Landmarks.COUNT; i++) {
            x0 = Math.min(x0, points.x(i));
            x1 = Math.max(x1, points.x(i));
            y0 = Math.min(y0, points.y(i));
            y1 = Math.max(y1, points.y(i));
        }
        return new Detection(x0, y0, x1 - x0, y1 - y0, 1);
    }

    public static List<Portrait> portraits() throws IOException {
        Path folder = path("real/photos");
        JsonObject photos =
                JsonParser.parseString(Files.readString(folder.resolve("expected.json")))
                        .getAsJsonObject()
                        .getAsJsonObject("photos");
        List<Portrait> all = new ArrayList<>();
        for (String name : photos.keySet()) {
            JsonObject one = photos.getAsJsonObject(name);
            float[] xy = new float[2 * Landmarks.COUNT];
            for (int i = 0; i < xy.length; i++) {
                xy[i] =
                        one.getAsJsonArray("pfld68")
                                .get(i / 2)
                                .getAsJsonArray()
                                .get(i % 2)
                                .getAsFloat();
            }
            double[] box = new double[4];
            for (int i = 0; i < 4; i++) {
                box[i] = one.getAsJsonArray("yunet_box_xywh").get(i).getAsDouble();
            }
            all.add(new Portrait(folder.resolve(name), new Landmarks(xy), box));
        }
        return all;
    }

    /** All that public networks said about the portraits, by file name. */
    public static JsonObject expected() throws IOException {
        return JsonParser.parseString(
                        Files.readString(path("real/photos").resolve("expected.json")))
                .getAsJsonObject();
    }

    /** An array of numbers, nested or not, as one. */
    public static double[] numbers(JsonElement element) {
        List<Double> all = new ArrayList<>();
        collect(element, all);
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonElement element, List<Double> into) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(e -> collect(e, into));
        } else {
            into.add(element.getAsDouble());
        }
    }
}
