package daumier.cli.score;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.studio.MeasureOptions;
import daumier.cli.studio.MeasuredFaces;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.RegionDifference;
import daumier.faces.models.FaceReading;
import daumier.faces.models.FaceScore;
import daumier.faces.models.IdentityScale;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier score}: how alike two pictures of a face are, by every measure there is. */
@Command(
        name = "score",
        sortOptions = false,
        subcommands = CalibrateCommand.class,
        description = {
            "Compares two pictures of a face: identity and what its cosine means, the differences "
                    + "of each region, plausibility, and the pixels (PSNR, SSIM); with networks of your "
                    + "own also CLIP-I, CLIP-T, LPIPS and DINO.",
            "A picture without a face has no identity to compare: that is said, and is not a "
                    + "cosine of 0."
        },
        footer = {
            "",
            "Examples:",
            "  daumier score photo.jpg caricature.png --models my-models",
            "  daumier score photo.jpg caricature.png --clip clip-vit-base-patch32 \\",
            "      --prompt \"a caricature\" --lpips alexnet.safetensors lin.safetensors",
            "  daumier score calibrate portraits --models my-models"
        })
public final class ScoreCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "PICTURE", description = "Two pictures.")
    private List<Path> pictures = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description =
                    "What the identity network's cosines mean (default: the file beside it that "
                            + "daumier score calibrate writes).")
    private Path calibration;

    @Option(
            names = "--gains",
            paramLabel = "FILE",
            description =
                    "Corrects the regions' gains for what these landmarks and this model read of "
                            + "known warps; regions that they cannot read are left out (default: "
                            + "the file beside the pack's network, where it measures).")
    private Path gains;

    @Option(names = "--gains-as-read", description = "Leave the regions' gains uncorrected.")
    private boolean asRead;

    @Mixin private LookOptions looks;

    @Mixin private MeasureOptions measuring;

    @Override
    public Integer call() throws IOException {
        if (pictures.size() != 2) {
            throw new ParameterException(
                    spec.commandLine(), "Name two pictures to compare, or calibrate FOLDER.");
        }
        looks.check();
        Path fileA = pictures.get(0);
        Path fileB = pictures.get(1);
        if (asRead && gains != null) {
            throw new ParameterException(
                    spec.commandLine(), "Give --gains or --gains-as-read, not both.");
        }
        Optional<GainCalibration> given =
                gains == null ? Optional.empty() : Optional.of(GainCalibration.read(gains));
        Picture a = MeasuredFaces.picture(fileA);
        Picture b = MeasuredFaces.picture(fileB);
        try (MeasuredFaces measures = measuring.open()) {
            Optional<IdentityScale> scale = scale(measures);
            Optional<GainCalibration> slopes = asRead ? given : given.or(measures::gains);
            Optional<FaceReading> faceA = measures.find(a);
            Optional<FaceReading> faceB = measures.find(b);
            FaceScore score = FaceScore.of(a, b, faceA, faceB, measures.fit(), slopes);
            JsonObject all = new JsonObject();
            all.addProperty("a", Outputs.name(fileA));
            all.addProperty("b", Outputs.name(fileB));
            describe(score, scale, all);
            all.addProperty("gains_corrected", slopes.isPresent());
            Map<String, Double> seen = Looks.of(looks, a, b);
            seen.forEach((name, value) -> all.addProperty(name, rounded(value)));
            all.addProperty("face_a", faceA.isPresent());
            all.addProperty("face_b", faceB.isPresent());
            JsonObject names = new JsonObject();
            for (String part : List.of("detector", "landmarks", "identity", "morphable")) {
                names.addProperty(part, measures.models().get(part));
            }
            all.add("models", names);
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new GsonBuilder().setPrettyPrinting().create().toJson(all));
            } else {
                text(score, scale, faceA.isPresent(), faceB.isPresent(), out);
                if (score.regions().isPresent()) {
                    out.println(gains(slopes));
                }
                seen.forEach(
                        (name, value) ->
                                out.printf(Locale.ROOT, "%-14s %.4f%n", label(name), value));
                models(names, out);
            }
            out.flush();
        }
        return 0;
    }

    private Optional<IdentityScale> scale(MeasuredFaces measures) throws IOException {
        if (measures.arcFace().isEmpty()) {
            if (calibration != null) {
                throw new UserException(
                        "--calibration belongs to an identity network of your own; name its folder"
                                + " with --models.");
            }
            return Optional.empty();
        }
        return IdentityScale.read(measures.arcFace().get(), calibration);
    }

    private static void describe(FaceScore score, Optional<IdentityScale> scale, JsonObject all) {
        if (score.cosine().isPresent()) {
            double cosine = score.cosine().getAsDouble();
            JsonObject identity = new JsonObject();
            identity.addProperty("cosine", rounded(cosine));
            if (scale.isPresent()) {
                identity.addProperty("meaning", name(scale.get().meaning(cosine)));
                identity.addProperty("lost_below", rounded(scale.get().lost()));
                identity.addProperty("lost_error", rounded(scale.get().lostError()));
                identity.addProperty("false_accept_rate", IdentityScale.FALSE_ACCEPTS);
                identity.addProperty("recognisable_from", rounded(scale.get().recognisable()));
            }
            all.add("identity", identity);
        }
        if (score.regions().isPresent()) {
            JsonObject regions = new JsonObject();
            for (Map.Entry<FaceRegion, RegionDifference> e : score.regions().get().entrySet()) {
                RegionDifference d = e.getValue();
                JsonObject one = new JsonObject();
                one.addProperty("difference", rounded(d.difference()));
                one.addProperty("sigma", rounded(d.sigma()));
                one.addProperty("gain", rounded(d.gain()));
                one.addProperty("gain_sigma", rounded(d.gainSigma()));
                regions.add(name(e.getKey()), one);
            }
            all.add("regions", regions);
        }
        add(all, "landmark_distance", score.landmarkDistance());
        add(all, "plausibility_a", score.plausibilityA());
        add(all, "plausibility_b", score.plausibilityB());
        if (Double.isFinite(score.psnr())) {
            all.addProperty("psnr", rounded(score.psnr()));
        } else {
            // JSON has no infinity; equal pictures are told by their SSIM of 1.
            all.add("psnr", com.google.gson.JsonNull.INSTANCE);
        }
        add(all, "ssim", score.ssim());
    }

    private static void add(JsonObject all, String name, OptionalDouble value) {
        value.ifPresent(v -> all.addProperty(name, rounded(v)));
    }

    private static String name(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT);
    }

    private static void text(
            FaceScore score,
            Optional<IdentityScale> scale,
            boolean faceA,
            boolean faceB,
            PrintWriter out) {
        if (!faceA || !faceB) {
            String where =
                    faceA ? "the second picture" : faceB ? "the first picture" : "either picture";
            out.println("face           none was found in " + where + ": no identity, no regions");
        }
        if (score.cosine().isPresent()) {
            double cosine = score.cosine().getAsDouble();
            out.printf(
                    Locale.ROOT, "identity       cosine %.3f%s%n", cosine, meaning(scale, cosine));
        }
        if (score.regions().isPresent()) {
            out.println("region         difference (standard deviations), gain over the first");
            score.regions()
                    .get()
                    .forEach(
                            (region, d) ->
                                    out.printf(
                                            Locale.ROOT,
                                            "  %-12s %.2f +- %.2f    %+.2f +- %.2f%n",
                                            name(region),
                                            d.difference(),
                                            d.sigma(),
                                            d.gain(),
                                            d.gainSigma()));
        }
        score.landmarkDistance()
                .ifPresent(
                        v ->
                                out.printf(
                                        Locale.ROOT,
                                        "landmarks      %.1f%% of the distance of the eyes apart%n",
                                        100 * v));
        if (score.plausibilityA().isPresent() && score.plausibilityB().isPresent()) {
            out.printf(
                    Locale.ROOT,
                    "plausibility   %.2f and %.2f%n",
                    score.plausibilityA().getAsDouble(),
                    score.plausibilityB().getAsDouble());
        }
        out.printf(Locale.ROOT, "PSNR           %.2f dB%n", score.psnr());
        score.ssim().ifPresent(v -> out.printf(Locale.ROOT, "SSIM           %.4f%n", v));
    }

    /** By how much gains were corrected, and which cannot be read. */
    private static String gains(Optional<GainCalibration> slopes) {
        if (slopes.isEmpty()) {
            return "gains          as read: what these models read of known warps is not known";
        }
        StringJoiner text = new StringJoiner(", ", "gains          corrected by ", "");
        for (FaceRegion region : MeterTarget.REGIONS) {
            GainCalibration.Slope s = slopes.get().slopes().get(region);
            text.add(
                    s != null && s.readable()
                            ? String.format(Locale.ROOT, "%s / %.2f", name(region), s.slope())
                            : name(region) + " cannot be read");
        }
        return text.toString();
    }

    private static String label(String name) {
        return switch (name) {
            case "clip_i" -> "CLIP-I";
            case "clip_t_a" -> "CLIP-T, first";
            case "clip_t_b" -> "CLIP-T, second";
            case "lpips" -> "LPIPS";
            default -> "DINO";
        };
    }

    private static void models(JsonObject models, PrintWriter out) {
        for (String part : models.keySet()) {
            if (!models.get(part).isJsonNull()) {
                out.printf(Locale.ROOT, "%-14s %s%n", part, models.get(part).getAsString());
            }
        }
    }

    private static String meaning(Optional<IdentityScale> scale, double cosine) {
        if (scale.isEmpty()) {
            return ", uncalibrated: daumier score calibrate says what that means";
        }
        return switch (scale.get().meaning(cosine)) {
            case RECOGNISABLE ->
                    String.format(
                            Locale.ROOT,
                            ", recognisable (from %.2f on)",
                            scale.get().recognisable());
            case DOUBTFUL ->
                    String.format(
                            Locale.ROOT,
                            ", doubtful (between %.2f and %.2f)",
                            scale.get().lost(),
                            scale.get().recognisable());
            case LOST ->
                    String.format(
                            Locale.ROOT,
                            ", lost (one pair of strangers in a thousand exceeds %.2f)",
                            scale.get().lost());
        };
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
