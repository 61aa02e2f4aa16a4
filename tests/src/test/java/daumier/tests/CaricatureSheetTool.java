package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import daumier.faces.FaceRegion;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.DisplacementField;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceWarp;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Plausibility;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.ModelFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Draws the classic caricature, the difference from the mean made larger by a warp, of every real
 * portrait: {@code REAL FACES SHEET [GAIN]}, by default with gain 1.5. Prints for each the smallest
 * Jacobian of the warp (a fold is at 0 or below) and how intact outlines and order of the moved
 * landmarks are; the sheet shows before and after and stays with whoever made it.
 */
public final class CaricatureSheetTool {
    private static final int COLUMNS = 8;
    private static final int SIDE = 3 * Alignment.SIZE;
    private static final double GAIN = 1.5;

    private CaricatureSheetTool() {}

    /** Draws and prints. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 3) {
            out.println("Name REAL, a pack's FACES, the picture SHEET and, if you like, GAIN.");
            System.exit(2);
        }
        Optional<RealPortraits> found = RealPortraits.find(args[0]);
        if (found.isEmpty()) {
            out.println("There are no real portraits in " + args[0] + ": nothing is drawn.");
            return;
        }
        double gain = args.length > 3 ? Double.parseDouble(args[3]) : GAIN;
        Map<FaceRegion, Double> gains = new EnumMap<>(FaceRegion.class);
        MeterTarget.REGIONS.forEach(region -> gains.put(region, gain));
        Sheet sheet = new Sheet(COLUMNS, 200, List.of());
        out.printf("%-28s %8s %8s%n", "gain " + gain, "jacobian", "intact");
        try (NDManager manager = NDManager.newBaseManager();
                FaceMeasures measures =
                        FaceMeasures.open(
                                ModelFolder.NONE, Optional.of(Path.of(args[1])), manager)) {
            ModelFit fit = measures.fit().orElseThrow();
            FaceWarp warp = new FaceWarp(fit);
            Plausibility plausibility = new Plausibility(fit);
            double least = Double.POSITIVE_INFINITY;
            double worst = 1;
            for (RealPortraits.Portrait p : found.get().all()) {
                FaceAnalysis face = measures.read(p.picture(), 1).analysis().orElseThrow();
                DisplacementField field = warp.field(face.geometry(), gains);
                Plausibility.Score score =
                        plausibility.score(field.move(face.geometry().landmarks()));
                double intact = score.folds() * score.order();
                least = Math.min(least, field.minJacobian());
                worst = Math.min(worst, intact);
                out.printf(
                        Locale.ROOT, "%-28s %8.2f %8.2f%n", p.name(), field.minJacobian(), intact);
                Picture crop = face.alignment().crop(p.picture(), SIDE);
                sheet.add(crop, "");
                sheet.add(enlarged(field).apply(crop), p.name());
            }
            out.printf(Locale.ROOT, "%-28s %8.2f %8.2f%n", "least of all", least, worst);
        }
        PictureFile.write(Path.of(args[2]), sheet.draw(), Map.of());
    }

    /** The same warp for a larger picture of the portrait frame. */
    private static DisplacementField enlarged(DisplacementField field) {
        double factor = (SIDE - 1.0) / (Alignment.SIZE - 1);
        DisplacementField longer = field.scaled(factor);
        return new DisplacementField(SIDE, SIDE, field.nodes(), longer.dx(), longer.dy());
    }
}
