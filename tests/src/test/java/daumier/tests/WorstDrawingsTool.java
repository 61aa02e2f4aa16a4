package daumier.tests;

import ai.djl.Device;
import daumier.agent.StopSignal;
import daumier.agent.rival.ClosedLoopRule;
import daumier.agent.rival.Portraits;
import daumier.cli.Torch;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import daumier.env.AutoresetMode;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.FaceNets;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import daumier.faces.nets.MeterTargets;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.Subject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows where drawings miss their intent: {@code PACK SHEET [COUNT [SHOWN]]} draws COUNT validation
 * portraits (64) with the closed-loop rule, prints by region how far what was achieved lies from
 * what was wanted, and puts the SHOWN (12) worst by alignment on a sheet: the photograph, what the
 * artist's own rendering of the intent looks like, the drawing, and the drawing with the points
 * that were wanted (red) and seen (green).
 */
public final class WorstDrawingsTool {
    private static final int SIDE = FaceRenderer.SIDE;
    private static final int ZOOM = 3;
    private static final int LANES = 16;
    private static final int REGIONS = MeterTarget.REGIONS.size();

    private final FaceRenderer renderer = new FaceRenderer();
    private final FaceNets nets;
    private final FaceNets judges;
    private final double[] squares = new double[REGIONS];
    private final double[] judgedSquares = new double[REGIONS];
    private final double[] sums = new double[REGIONS];
    private final double[] apart = new double[REGIONS];

    private WorstDrawingsTool(FaceNets nets, FaceNets judges) {
        this.nets = nets;
        this.judges = judges;
    }

    /** Draws and prints. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 2) {
            out.println("Give a pack and a sheet, then if you like how many to draw and to show.");
            System.exit(2);
        }
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 64;
        int shown = args.length > 3 ? Integer.parseInt(args[3]) : 12;
        try (Studio studio =
                        Studio.open(
                                Path.of(args[0]),
                                Device.cpu(),
                                Torch.fitting(Torch.DeviceName.CPU),
                                true,
                                0);
                CaricatureVectorEnvironment environment =
                        new CaricatureVectorEnvironment(
                                studio,
                                Settings.standard().withPictures(),
                                studio.episodes(Split.VALIDATION),
                                Math.min(LANES, count),
                                AutoresetMode.DISABLED)) {
            ClosedLoopRule rule =
                    new ClosedLoopRule(Observation.SPACE, ClosedLoopRule.Gains.standard());
            List<EpisodeSpec> specs = studio.episodes(Split.VALIDATION).numbered(0, count);
            List<Outcome> all =
                    new ArrayList<>(Portraits.play(environment, rule, specs, new StopSignal()));
            all.sort(Comparator.comparingDouble(o -> o.reward().alignment()));
            WorstDrawingsTool tool =
                    new WorstDrawingsTool(studio.nets(), studio.judges().orElseThrow());
            List<String> headings = List.of("photograph", "intent", "drawing", "points");
            Sheet sheet = new Sheet(headings.size(), ZOOM * SIDE, headings);
            for (int i = 0; i < all.size(); i++) {
                tool.measure(all.get(i), i < shown ? sheet : null);
            }
            tool.print(out, all.size());
            PictureFile.write(Path.of(args[1]), sheet.draw(), Map.of());
        }
    }

    private void measure(Outcome outcome, Sheet sheet) {
        EpisodeSpec spec = outcome.spec();
        Picture photo = renderer.render(spec.subject(), spec.view(), Look.PHOTO).picture();
        Landmarks known = renderer.landmarks(spec.subject(), spec.view());
        Picture small = Pictures.resize(outcome.picture(), SIDE, SIDE);
        List<Landmarks> seen = nets.locator().locate(List.of(photo, small));
        float[] offset = difference(seen.get(0), known);
        double[] moved = moved(nets, spec, seen.get(1), offset);
        List<Landmarks> judged = judges.locator().locate(List.of(photo, small));
        double[] other = moved(judges, spec, judged.get(1), difference(judged.get(0), known));
        double[] wanted = target(nets, spec).moved(spec.intent());
        for (int r = 0; r < REGIONS; r++) {
            sums[r] += moved[r] - wanted[r];
            squares[r] += Math.pow(moved[r] - wanted[r], 2);
            judgedSquares[r] += Math.pow(other[r] - wanted[r], 2);
            apart[r] += Math.pow(other[r] - moved[r], 2);
        }
        if (sheet != null) {
            show(sheet, outcome, photo, shifted(seen.get(1), offset));
        }
    }

    private void show(Sheet sheet, Outcome outcome, Picture photo, Landmarks seen) {
        EpisodeSpec spec = outcome.spec();
        double[] gains = new double[FaceRegion.values().length];
        for (int r = 0; r < REGIONS; r++) {
            gains[MeterTarget.slot(MeterTarget.REGIONS.get(r))] = spec.intent()[r];
        }
        Subject pushed = spec.subject().exaggerated(gains);
        Look look =
                Artist.all().stream()
                        .filter(artist -> artist.word().equals(spec.lora()))
                        .findFirst()
                        .map(Look.class::cast)
                        .orElse(Look.PHOTO);
        Picture large = Pictures.resize(outcome.picture(), ZOOM * SIDE, ZOOM * SIDE);
        Landmarks wanted = renderer.landmarks(pushed, spec.view());
        Picture marked = dots(dots(large, wanted, 0xd02020), seen, 0x10a010);
        sheet.add(photo, spec.lora());
        sheet.add(renderer.render(pushed, spec.view(), look).picture(), intent(spec));
        sheet.add(
                large,
                String.format(
                        Locale.ROOT,
                        "alignment %.2f / judges %.2f",
                        outcome.reward().alignment(),
                        outcome.judged().alignment()));
        sheet.add(marked, String.format(Locale.ROOT, "adapter's scale %.2f", spec.adapterScale()));
    }

    private static String intent(EpisodeSpec spec) {
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < REGIONS; r++) {
            if (spec.intent()[r] != 0) {
                String region = MeterTarget.REGIONS.get(r).name().toLowerCase(Locale.ROOT);
                text.append(String.format(Locale.ROOT, "%s %.1f  ", region, spec.intent()[r]));
            }
        }
        return text.toString();
    }

    private MeterTarget target(FaceNets of, EpisodeSpec spec) {
        return MeterTargets.of(
                renderer.model(), spec.subject(), spec.view(), of.meter().medianLength());
    }

    private double[] moved(FaceNets of, EpisodeSpec spec, Landmarks seen, float[] offset) {
        return of.meter().read(target(of, spec), seen, offset).moved();
    }

    private static float[] difference(Landmarks seen, Landmarks known) {
        float[] offset = seen.xy().clone();
        for (int i = 0; i < offset.length; i++) {
            offset[i] -= known.xy()[i];
        }
        return offset;
    }

    private static Landmarks shifted(Landmarks seen, float[] offset) {
        float[] points = seen.xy().clone();
        for (int i = 0; i < points.length; i++) {
            points[i] -= offset[i];
        }
        return new Landmarks(points);
    }

    private static Picture dots(Picture picture, Landmarks landmarks, int colour) {
        byte[] rgb = picture.rgb().clone();
        int side = picture.width();
        for (int i = 0; i < Landmarks.COUNT; i++) {
            int x = Math.round((landmarks.xy()[2 * i] + 0.5f) * ZOOM);
            int y = Math.round((landmarks.xy()[2 * i + 1] + 0.5f) * ZOOM);
            for (int k = 0; k < 9; k++) {
                int column = Math.max(0, Math.min(side - 1, x + k % 3 - 1));
                int row = Math.max(0, Math.min(side - 1, y + k / 3 - 1));
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (row * side + column) + c] = (byte) (colour >> (16 - 8 * c));
                }
            }
        }
        return new Picture(side, side, rgb);
    }

    private void print(PrintStream out, int count) {
        out.println("achieved less wanted, in units of the median subject's displacement");
        for (int r = 0; r < REGIONS; r++) {
            out.printf(
                    Locale.ROOT,
                    "%-6s mean %+.2f, rms %.2f (%.2f as the judges see it), meters apart %.2f%s%n",
                    MeterTarget.REGIONS.get(r).name().toLowerCase(Locale.ROOT),
                    sums[r] / count,
                    Math.sqrt(squares[r] / count),
                    Math.sqrt(judgedSquares[r] / count),
                    Math.sqrt(apart[r] / count),
                    nets.meter().trusted()[r] ? "" : ", not steered");
        }
    }
}
