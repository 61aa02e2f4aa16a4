package daumier.tests;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Real portraits with what public networks said of each, which are no part of the product.
 *
 * @param folder {@code photos} and {@code models} lie in it
 * @param all the portraits, by name
 * @param pairs two photographs of one person, as positions in {@code all}; crops of one shot are
 *     left out
 */
record RealPortraits(Path folder, List<Portrait> all, List<int[]> pairs) {
    /** Two photographs that are one shot, cropped twice. */
    private static final String ONE_SHOT = "ron-desantis";

    /**
     * A portrait.
     *
     * @param name of its file
     * @param picture its pixels
     * @param pfld 68 points of a public network
     * @param said everything else that was said
     */
    record Portrait(String name, Picture picture, Landmarks pfld, JsonObject said) {
        /** Who it is: the name of the file up to the letter of the photograph. */
        String person() {
            return name.replaceFirst("(_[a-z])?\\.[a-z]+$", "");
        }

        /** An array of numbers, nested or not, as one. */
        double[] numbers(String field) {
            List<Double> values = new ArrayList<>();
            collect(said.get(field), values);
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    /** Opens the folder that is named, or the usual one; empty if there is none. */
    static Optional<RealPortraits> find(String... named) throws IOException {
        String[] places =
                named.length > 0
                        ? named
                        : new String[] {
                            "../shared/real", "../../shared/real", "../../../shared/real"
                        };
        for (String place : places) {
            Path folder = Path.of(place);
            if (Files.isRegularFile(folder.resolve("photos/expected.json"))) {
                return Optional.of(open(folder));
            }
        }
        return Optional.empty();
    }

    private static RealPortraits open(Path folder) throws IOException {
        Path photos = folder.resolve("photos");
        JsonObject expected =
                JsonParser.parseString(Files.readString(photos.resolve("expected.json")))
                        .getAsJsonObject();
        List<Portrait> all = new ArrayList<>();
        List<String> names = new ArrayList<>(expected.getAsJsonObject("photos").keySet());
        for (String name : names) {
            JsonObject said = expected.getAsJsonObject("photos").getAsJsonObject(name);
            List<Double> xy = new ArrayList<>();
            collect(said.get("pfld68"), xy);
            float[] points = new float[2 * Landmarks.COUNT];
            for (int i = 0; i < points.length; i++) {
                points[i] = xy.get(i).floatValue();
            }
            Picture picture = Pictures.read(photos.resolve(name));
            all.add(new Portrait(name, picture, new Landmarks(points), said));
        }
        List<int[]> pairs = new ArrayList<>();
        for (JsonElement e : expected.getAsJsonArray("same_person_pairs")) {
            JsonArray pair = e.getAsJsonArray();
            int a = names.indexOf(pair.get(0).getAsString());
            int b = names.indexOf(pair.get(1).getAsString());
            if (a >= 0 && b >= 0 && !names.get(a).startsWith(ONE_SHOT)) {
                pairs.add(new int[] {a, b});
            }
        }
        return new RealPortraits(folder, all, pairs);
    }

    private static void collect(JsonElement element, List<Double> into) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(e -> collect(e, into));
        } else {
            into.add(element.getAsDouble());
        }
    }
}
