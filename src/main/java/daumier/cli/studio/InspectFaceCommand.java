package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.Outputs;
import daumier.cli.picture.PictureFile;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.Pose;
import daumier.faces.measure.RegionPopulation;
import daumier.faces.measure.Similarity;
import daumier.faces.models.FaceReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier inspect face}: what is measured of a face. */
@Command(
        name = "face",
        sortOptions = false,
        description = {
            "Measures a face in a picture: box, landmarks, pose, and how far each region is from "
                    + "the average of photographed people, with its standard error."
        },
        footer = {"", "Example:", "  daumier inspect face me.jpg --json --picture points.png"})
public final class InspectFaceCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "IMAGE", description = "A PNG, JPEG, WebP or TIFF file.")
    private Path image;

    @Option(
            names = "--face",
            defaultValue = "1",
            description = "Which of several faces, 1 for the largest (default: ${DEFAULT-VALUE}).")
    private int face;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = {
                "Writes the picture with box, landmarks and fitted model drawn on it, and the "
                        + "regions' deviations with error bars beside it."
            })
    private Path picture;

    @Option(
            names = "--population",
            paramLabel = "FILE",
            description = {
                "Also says how unusual each region is among the people that daumier population "
                        + "measured, in their standard deviations. Measure both with the same "
                        + "models."
            })
    private Path population;

    @Mixin private MeasureOptions measuring;

    @Override
    public Integer call() throws IOException {
        if (face < 1) {
            throw new ParameterException(spec.commandLine(), "--face counts from 1.");
        }
        if (picture != null) {
            Outputs.check(picture);
        }
        Optional<RegionPopulation> norm =
                population == null
                        ? Optional.empty()
                        : Optional.of(RegionPopulation.read(population));
        Picture seen = MeasuredFaces.picture(image);
        try (MeasuredFaces measures = measuring.open()) {
            FaceReading found = measures.read(image, seen, face);
            JsonObject all = describe(found, measures.models());
            norm.ifPresent(n -> found.analysis().ifPresent(a -> place(n, a.geometry(), all)));
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(
                        new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(all));
            } else {
                text(found, all, out);
            }
            if (picture != null) {
                PictureFile.write(picture, FaceSheet.of(found), Map.of());
                if (!json) {
                    out.println(picture);
                }
            }
            out.flush();
        }
        return 0;
    }

    /** Everything that is known of a face. */
    static JsonObject describe(FaceReading found, Map<String, String> models) {
        JsonObject all = new JsonObject();
        all.addProperty("faces", found.faces());
        found.box().ifPresent(box -> all.add("box", numbers(box)));
        found.detection().ifPresent(d -> all.addProperty("score", rounded(d.score())));
        JsonArray five = new JsonArray();
        for (int i = 0; i < FivePoints.COUNT; i++) {
            five.add(numbers(found.points().x(i), found.points().y(i)));
        }
        all.add("five_points", five);
        Similarity s = found.aligned();
        JsonArray aligned = new JsonArray();
        aligned.add(exact(s.a(), -s.b(), s.tx()));
        aligned.add(exact(s.b(), s.a(), s.ty()));
        all.add("aligned_2x3", aligned);
        found.identity()
                .ifPresent(
                        vector -> {
                            JsonArray values = new JsonArray();
                            for (float v : vector) {
                                values.add(v);
                            }
                            all.add("identity", values);
                        });
        found.analysis().ifPresent(a -> describe(a, all));
        JsonObject names = new JsonObject();
        for (String part : List.of("detector", "landmarks", "identity", "morphable")) {
            names.addProperty(part, models.get(part));
        }
        all.add("models", names);
        return all;
    }

    private static void describe(FaceAnalysis found, JsonObject all) {
        Landmarks points = found.landmarksInPicture();
        JsonArray landmarks = new JsonArray();
        for (int i = 0; i < Landmarks.COUNT; i++) {
            landmarks.add(numbers(points.x(i), points.y(i)));
        }
        all.add("landmarks68", landmarks);
        all.addProperty("landmark_spread", rounded(found.landmarkSpread()));
        FaceGeometry geometry = found.geometry();
        Pose pose = geometry.pose();
        double roll =
                Math.toDegrees(
                        Math.atan2(
                                -found.alignment().toPortrait().b(),
                                found.alignment().toPortrait().a()));
        JsonObject angles = new JsonObject();
        angles.addProperty("yaw", rounded(pose.yaw()));
        angles.addProperty("pitch", rounded(pose.pitch()));
        angles.addProperty("roll", rounded(pose.roll() + roll));
        all.add("pose", angles);
        JsonObject regions = new JsonObject();
        for (FaceRegion region : MeterTarget.REGIONS) {
            JsonObject one = new JsonObject();
            one.addProperty("deviation", rounded(geometry.deviation().get(region)));
            one.addProperty("sigma", rounded(geometry.sigma().get(region)));
            regions.add(Intent.name(region), one);
        }
        all.add("regions", regions);
        all.addProperty("residual_rms", rounded(geometry.residualRms()));
        all.addProperty("plausibility", rounded(found.plausibility().total()));
    }

    /** Adds how unusual the face is to what is known of it. */
    private static void place(RegionPopulation norm, FaceGeometry face, JsonObject all) {
        norm.place(face)
                .forEach(
                        (region, place) -> {
                            JsonObject one =
                                    all.getAsJsonObject("regions")
                                            .getAsJsonObject(Intent.name(region));
                            if (one != null) {
                                one.addProperty("z", rounded(place.z()));
                                one.addProperty("z_sigma", rounded(place.sigma()));
                            }
                        });
        JsonObject whole = new JsonObject();
        whole.addProperty("people", norm.people());
        whole.addProperty("distance", rounded(norm.distance(face)));
        all.add("population", whole);
    }

    private static void text(FaceReading found, JsonObject all, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d face%s%n",
                Math.max(1, found.faces()),
                found.faces() > 1 ? "s; the one chosen:" : "");
        if (all.has("box")) {
            out.println("box            " + all.get("box") + "  (x, y, width, height)");
        }
        if (found.analysis().isPresent()) {
            text(found.analysis().get(), all, out);
        } else {
            out.println(
                    "landmarks      none could be measured; regions need a landmark network and a"
                            + " sharp, frontal face");
        }
        found.identity()
                .ifPresent(v -> out.println("identity       " + v.length + " values (see --json)"));
        JsonObject models = all.getAsJsonObject("models");
        for (String part : models.keySet()) {
            String name = models.get(part).isJsonNull() ? "none" : models.get(part).getAsString();
            out.printf(Locale.ROOT, "%-14s %s%n", part, name);
        }
    }

    private static void text(FaceAnalysis found, JsonObject all, PrintWriter out) {
        JsonObject pose = all.getAsJsonObject("pose");
        out.printf(
                Locale.ROOT,
                "pose           yaw %.1f, pitch %.1f, roll %.1f degrees%n",
                pose.get("yaw").getAsDouble(),
                pose.get("pitch").getAsDouble(),
                pose.get("roll").getAsDouble());
        out.printf(Locale.ROOT, "plausibility   %.2f%n", all.get("plausibility").getAsDouble());
        out.println("region         deviation  (standard deviations from the average face)");
        FaceGeometry geometry = found.geometry();
        List<FaceRegion> sorted =
                MeterTarget.REGIONS.stream()
                        .sorted(
                                Comparator.comparingDouble(
                                        region -> -geometry.deviation().get(region)))
                        .toList();
        for (FaceRegion region : sorted) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %.2f +- %.2f",
                    Intent.name(region),
                    geometry.deviation().get(region),
                    geometry.sigma().get(region));
            JsonObject one = all.getAsJsonObject("regions").getAsJsonObject(Intent.name(region));
            if (one.has("z")) {
                out.printf(
                        Locale.ROOT,
                        "   z %+.1f +- %.1f",
                        one.get("z").getAsDouble(),
                        one.get("z_sigma").getAsDouble());
            }
            out.println();
        }
        if (all.has("population")) {
            JsonObject whole = all.getAsJsonObject("population");
            out.printf(
                    Locale.ROOT,
                    "population     z among %d people; the whole face lies %.1f of their standard deviations away%n",
                    whole.get("people").getAsInt(),
                    whole.get("distance").getAsDouble());
        }
    }

    private static JsonArray numbers(double... values) {
        JsonArray array = new JsonArray();
        for (double value : values) {
            array.add(Math.rint(value * 1000) / 1000);
        }
        return array;
    }

    private static JsonArray exact(double... values) {
        JsonArray array = new JsonArray();
        for (double value : values) {
            array.add(Math.rint(value * 1e6) / 1e6);
        }
        return array;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
