package daumier.cli.studio;

import ai.djl.ndarray.NDManager;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.EmbeddedPack;
import daumier.cli.Outputs;
import daumier.cli.Torch;
import daumier.cli.picture.PictureFile;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.Pose;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    /** Outer and inner corners of the eyes, tip of the nose, corners of the mouth. */
    private static final int[][] FIVE = {{36, 39}, {42, 45}, {30}, {48}, {54}};

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "IMAGE", description = "A PNG or JPEG file.")
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
            description = "Writes the picture with box and landmarks drawn on it.")
    private Path picture;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "The pack whose face networks look (default: the embedded one).")
    private Path pack;

    @Override
    public Integer call() throws IOException {
        if (face < 1) {
            throw new ParameterException(spec.commandLine(), "--face counts from 1.");
        }
        if (picture != null) {
            Outputs.check(picture);
        }
        Picture seen = PictureFile.read(image);
        Path folder = EmbeddedPack.orElse(pack);
        Torch.start(Torch.DeviceName.CPU);
        Torch.threads(1, 0);
        try (NDManager manager = NDManager.newBaseManager();
                FaceDoor door = FaceDoor.open(folder, manager)) {
            FaceAnalysis found = door.read(image, seen, face);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(
                        new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(describe(found)));
            } else {
                text(found, out);
            }
            if (picture != null) {
                PictureFile.write(picture, annotated(found), Map.of());
                if (!json) {
                    out.println(picture);
                }
            }
            out.flush();
        }
        return 0;
    }

    /** Everything that is known of a face. */
    static JsonObject describe(FaceAnalysis found) {
        JsonObject all = new JsonObject();
        all.addProperty("faces", found.faces());
        if (found.detection().isPresent()) {
            Detection box = found.detection().get();
            all.add("box", numbers(box.x(), box.y(), box.width(), box.height()));
            all.addProperty("score", rounded(box.score()));
        }
        Landmarks points = found.landmarksInPicture();
        JsonArray five = new JsonArray();
        for (int[] group : FIVE) {
            double x = 0;
            double y = 0;
            for (int i : group) {
                x += points.x(i) / group.length;
                y += points.y(i) / group.length;
            }
            five.add(numbers(x, y));
        }
        all.add("five_points", five);
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
        found.embedding()
                .ifPresent(
                        vector -> {
                            JsonArray values = new JsonArray();
                            for (float v : vector) {
                                values.add(rounded(v));
                            }
                            all.add("identity", values);
                        });
        JsonObject models = new JsonObject();
        new TreeMap<>(FaceDoor.models()).forEach(models::addProperty);
        all.add("models", models);
        return all;
    }

    private static void text(FaceAnalysis found, PrintWriter out) {
        JsonObject all = describe(found);
        out.printf(
                Locale.ROOT,
                "%d face%s%n",
                Math.max(1, found.faces()),
                found.faces() > 1 ? "s; the one chosen:" : "");
        if (all.has("box")) {
            out.println("box            " + all.get("box") + "  (x, y, width, height)");
        }
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
                    "  %-12s %.2f +- %.2f%n",
                    Intent.name(region),
                    geometry.deviation().get(region),
                    geometry.sigma().get(region));
        }
    }

    /** The picture with its box and landmarks. */
    static Picture annotated(FaceAnalysis found) {
        BufferedImage drawn = PictureFile.toImage(found.picture());
        Graphics2D graphics = drawn.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Landmarks points = found.landmarksInPicture();
        double unit = Math.max(1, points.interOcular() / 60);
        graphics.setStroke(new BasicStroke((float) unit));
        found.detection()
                .ifPresent(
                        box -> {
                            graphics.setPaint(new Color(0xd5, 0x5e, 0x00));
                            graphics.draw(
                                    new Rectangle2D.Double(
                                            box.x(), box.y(), box.width(), box.height()));
                        });
        double r = 1.4 * unit;
        for (int i = 0; i < Landmarks.COUNT; i++) {
            graphics.setPaint(Color.WHITE);
            graphics.fill(
                    new Ellipse2D.Double(
                            points.x(i) + 0.5 - 1.4 * r,
                            points.y(i) + 0.5 - 1.4 * r,
                            2.8 * r,
                            2.8 * r));
            graphics.setPaint(new Color(0x00, 0x72, 0xb2));
            graphics.fill(
                    new Ellipse2D.Double(
                            points.x(i) + 0.5 - r, points.y(i) + 0.5 - r, 2 * r, 2 * r));
        }
        graphics.dispose();
        return PictureFile.of(drawn);
    }

    private static JsonArray numbers(double... values) {
        JsonArray array = new JsonArray();
        for (double value : values) {
            array.add(Math.rint(value * 100) / 100);
        }
        return array;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
