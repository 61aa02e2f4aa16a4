package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import daumier.faces.MorphableModel;
import daumier.faces.measure.Camera;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FaceDetector;
import daumier.faces.measure.HaarDetector;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Population;
import daumier.faces.measure.Similarity;
import daumier.faces.measure.YuNetDetector;
import daumier.faces.models.ArcFaceNetwork;
import daumier.faces.models.FaceCalibration;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.FaceReading;
import daumier.faces.models.IdentityScale;
import daumier.faces.models.LandmarkModel;
import daumier.faces.models.LinearHeads;
import daumier.faces.models.ModelFolder;
import daumier.faces.models.PortraitFolder;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints how well real portraits are measured: {@code [REAL [FACES]]}, the folder of real material
 * and a pack's folder of face networks. What is absent is passed over with a sentence.
 */
public final class FaceFiguresTool {
    /** Beyond this yaw, in degrees, outline and nose are other points of the head. */
    private static final double FRONTAL = 17;

    private final PrintStream out;
    private final RealPortraits portraits;

    private FaceFiguresTool(PrintStream out, RealPortraits portraits) {
        this.out = out;
        this.portraits = portraits;
    }

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        String[] named = args.length > 0 ? new String[] {args[0]} : new String[0];
        Optional<RealPortraits> found = RealPortraits.find(named);
        if (found.isEmpty()) {
            out.println("There are no real portraits on this machine: nothing is measured.");
            return;
        }
        FaceFiguresTool tool = new FaceFiguresTool(out, found.get());
        ModelFolder models = ModelFolder.open(found.get().folder().resolve("models"));
        tool.line("what", "measured", "to reach");
        tool.detectors(models);
        tool.identity(models);
        tool.geometry(models, args.length > 1 ? Path.of(args[1]) : null);
    }

    private void line(String what, String measured, String goal) {
        out.printf(Locale.ROOT, "%-58s %-34s %s%n", what, measured, goal);
    }

    private static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private void detectors(ModelFolder models) throws IOException {
        line("faces found, Haar", number("%.1f%%", 100 * found(new HaarDetector())), "97%");
        if (models.detector().isEmpty()) {
            line("faces found, YuNet", "no YuNet file: passed over", "100%");
            return;
        }
        YuNetDetector yunet = YuNetDetector.open(models.detector().get());
        line("faces found, YuNet", number("%.1f%%", 100 * found(yunet)), "100%");
        double box = 0;
        double matrix = 0;
        for (RealPortraits.Portrait p : portraits.all()) {
            Detection.Seen s = yunet.detect(p.picture()).get(0).seen().orElseThrow();
            double[] own = {s.x(), s.y(), s.width(), s.height()};
            box = Math.max(box, farthest(p.numbers("yunet_box_xywh"), own));
            double[] five = new double[10];
            for (int i = 0; i < 10; i++) {
                five[i] = s.points().xy()[i];
            }
            box = Math.max(box, farthest(p.numbers("yunet_5pts"), five));
            Similarity a = ArcFaceNetwork.alignment(s.points());
            double[] ours = {a.a(), -a.b(), a.tx(), a.b(), a.a(), a.ty()};
            matrix = Math.max(matrix, farthest(p.numbers("align_2x3"), ours));
        }
        line("YuNet boxes and points against Python", number("%.4f pixels", box), "0.5");
        line("alignment against Python", number("%.6f", matrix), "1e-3");
    }

    private double found(FaceDetector detector) {
        double hits = 0;
        for (RealPortraits.Portrait p : portraits.all()) {
            double[] points = new double[4];
            points[0] = Double.MAX_VALUE;
            points[1] = Double.MAX_VALUE;
            for (int i = 0; i < p.pfld().xy().length; i++) {
                int axis = i % 2;
                points[axis] = Math.min(points[axis], p.pfld().xy()[i]);
                points[2 + axis] = Math.max(points[2 + axis], p.pfld().xy()[i]);
            }
            Detection truth =
                    new Detection(
                            points[0], points[1], points[2] - points[0], points[3] - points[1], 1);
            List<Detection> all = detector.detect(p.picture());
            hits += !all.isEmpty() && all.get(0).overlap(truth) > 0.5 ? 1 : 0;
        }
        return hits / portraits.all().size();
    }

    private static double farthest(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private void identity(ModelFolder models) throws IOException {
        if (models.identity().isEmpty() || models.detector().isEmpty()) {
            line("identity", "no ArcFace or YuNet file: passed over", "");
            return;
        }
        ModelFolder two =
                new ModelFolder(
                        models.folder(),
                        models.detector(),
                        models.identity(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (FaceMeasures measures = FaceMeasures.open(two, Optional.empty(), null)) {
            ArcFaceNetwork network = measures.arcFace().orElseThrow();
            double lowest = 1;
            long start = System.nanoTime();
            for (RealPortraits.Portrait p : portraits.all()) {
                float[] ours = measures.read(p.picture(), 1).identity().orElseThrow();
                double[] theirs = p.numbers("emb");
                double cosine = 0;
                for (int i = 0; i < theirs.length; i++) {
                    cosine += theirs[i] * ours[i];
                }
                lowest = Math.min(lowest, cosine);
            }
            double ms = (System.nanoTime() - start) / 1e6 / portraits.all().size();
            line("embedding against Python, lowest cosine", number("%.5f", lowest), "0.999");
            line("YuNet and identity, one thread", number("%.0f ms a portrait", ms), "");
            IdentityScale s =
                    FaceCalibration.of(
                                    PortraitFolder.open(portraits.folder().resolve("photos")),
                                    network,
                                    picture -> find(measures, picture))
                            .scale();
            line(
                    number("lowest of %d pairs of one person", s.samePairs()),
                    number("%.3f", s.sameMin()),
                    "no overlap");
            line(
                    number("highest of %d pairs of strangers", s.strangerPairs()),
                    number("%.3f", s.strangerMax()),
                    "no overlap");
            line(
                    "lost below (false accept rate 1e-3), recognisable from",
                    number("%.3f +- %.3f, %.3f", s.lost(), s.lostError(), s.recognisable()),
                    "computed");
        }
    }

    private static Optional<FaceReading> find(
            FaceMeasures measures, daumier.faces.Picture picture) {
        try {
            return Optional.of(measures.read(picture, 1));
        } catch (NoFaceException e) {
            return Optional.empty();
        }
    }

    private void geometry(ModelFolder models, Path faces) throws IOException {
        ProceduralModel world = new ProceduralModel();
        MorphableModel photographs = Population.photographs(world).in(world);
        figures("public 68 points, procedural heads", photographs, Optional.empty());
        if (models.morphable().isPresent()) {
            LandmarkModel model = LandmarkModel.open(models.morphable().get());
            LinearHeads heads = new LinearHeads(model, world);
            figures("public 68 points, " + model.name(), heads, Optional.empty());
        }
        Path file = faces == null ? null : faces.resolve("landmarks-photo.safetensors");
        if (file == null || !Files.isRegularFile(file)) {
            line("embedded 68 points", "no pack named: passed over", "6%");
            return;
        }
        try (NDManager manager = NDManager.newBaseManager();
                LandmarkNet net = LandmarkNet.open(file, manager)) {
            figures("embedded 68 points, procedural heads", photographs, Optional.of(net));
            line(
                    "  distance, led by a population of the other people alone",
                    number(
                            "%.1f%%",
                            100 * new HeldOutPopulation(portraits, net).distanceFromPublic()),
                    "6%");
        }
    }

    private void figures(String title, MorphableModel model, Optional<LandmarkLocator> locator) {
        out.println(title);
        FittedPortraits fitted =
                new FittedPortraits(portraits, new ModelFit(model, Camera.PORTRAIT), locator);
        if (locator.isPresent()) {
            line(
                    "  distance from the public points / inter-ocular",
                    number("%.1f%%", 100 * fitted.distanceFromPublic(portraits)),
                    "6%");
        }
        line("  residual of the fit", number("%.2f of 128 pixels", fitted.residual()), "");
        List<int[]> frontal = fitted.frontal(portraits.pairs(), FRONTAL);
        line(
                "  pairs of one person, and frontal ones among them",
                number("%d, %d", portraits.pairs().size(), frontal.size()),
                "");
        Map<FaceRegion, FittedPortraits.Undone> undone = fitted.warpsUndone();
        for (FaceRegion region : MeterTarget.REGIONS) {
            String name = region.name().toLowerCase(Locale.ROOT);
            line(
                    "  " + name + ": known warps undone, slope (covered)",
                    number(
                            "%.2f (%.0f%%)",
                            undone.get(region).slope(), 100 * undone.get(region).covered()),
                    "0.85 to 1.15 (95%)");
            line(
                    "  " + name + ": one person, two photographs, ICC (sigma)",
                    number(
                            "%.2f (%.2f)",
                            fitted.agreement(region, portraits.pairs()), fitted.sigma(region)),
                    "0.6 where sigma is small");
            line(
                    "  " + name + ": the same with its sign, of frontal pairs alone",
                    number(
                            "%.2f, %.2f",
                            fitted.signedAgreement(region, portraits.pairs()),
                            fitted.signedAgreement(region, frontal)),
                    "");
        }
        double[] drawn = fitted.caricatures(1.5);
        line(
                "  caricature by warp, gain 1.5: least Jacobian, intact",
                number("%.2f, %.2f", drawn[0], drawn[1]),
                "above 0, near 1");
    }
}
