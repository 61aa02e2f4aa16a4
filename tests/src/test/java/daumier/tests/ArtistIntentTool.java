package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.faces.Picture;
import daumier.faces.measure.ArtistIntent;
import daumier.faces.measure.DisplacementField;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Pictures;
import daumier.faces.models.ArtistWarps;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.FaceReading;
import daumier.faces.models.ModelFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Fits what artists do from a folder of photographs with an artist's warps: {@code WARPS FACES OUT
 * [MODELS]}, with a pack's folder of face networks and the user's models. Prints the cosine with
 * the artists' moves by ten-fold cross-validation, in which everything is fitted and chosen on the
 * nine parts alone, and writes the fit of all.
 */
public final class ArtistIntentTool {
    private static final int PARTS = 10;
    private static final int SHUFFLES = 5;

    private ArtistIntentTool() {}

    /** Fits, judges and writes. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 3) {
            out.println("Name WARPS, a pack's FACES, the file OUT and, if you have, MODELS.");
            System.exit(2);
        }
        if (!Files.isDirectory(Path.of(args[0]))) {
            out.println("There are no artists' warps in " + args[0] + ": nothing is fitted.");
            return;
        }
        ModelFolder models =
                args.length > 3 ? ModelFolder.open(Path.of(args[3])) : ModelFolder.NONE;
        List<ArtistIntent.Example> examples = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                FaceMeasures measures =
                        FaceMeasures.open(models, Optional.of(Path.of(args[1])), manager)) {
            for (ArtistWarps.Pair pair : ArtistWarps.open(Path.of(args[0])).pairs()) {
                example(measures, pair)
                        .ifPresentOrElse(
                                examples::add,
                                () -> out.println("no landmarks: " + pair.photo().getFileName()));
            }
        }
        out.printf(Locale.ROOT, "%d pairs, %d-fold cross-validation%n", examples.size(), PARTS);
        print(out, examples);
        ArtistIntent.fit(examples).write(Path.of(args[2]));
        out.println(args[2]);
    }

    private static Optional<ArtistIntent.Example> example(
            FaceMeasures measures, ArtistWarps.Pair pair) throws IOException {
        Picture photo = Pictures.read(pair.photo());
        try {
            FaceReading reading = measures.read(photo, 1);
            DisplacementField field = pair.field(photo.width(), photo.height());
            return reading.analysis()
                    .map(a -> a.landmarksInPicture())
                    .map(face -> new ArtistIntent.Example(face, field.move(face)));
        } catch (NoFaceException e) {
            return Optional.empty();
        }
    }

    private static void print(PrintStream out, List<ArtistIntent.Example> examples) {
        double[][] shuffles = new double[SHUFFLES][];
        for (int seed = 0; seed < SHUFFLES; seed++) {
            shuffles[seed] = judged(examples, new Random(seed));
        }
        String[] names = {"common move alone", "whole move", "individual part"};
        for (int k = 0; k < names.length; k++) {
            double mean = 0;
            double low = 1;
            double high = -1;
            for (double[] s : shuffles) {
                mean += s[k] / SHUFFLES;
                low = Math.min(low, s[k]);
                high = Math.max(high, s[k]);
            }
            out.printf(
                    Locale.ROOT,
                    "%-20s cosine %.3f (%.3f to %.3f over %d shuffles)%n",
                    names[k],
                    mean,
                    low,
                    high,
                    SHUFFLES);
        }
    }

    /** Mean cosines of left-out faces: common move, whole move, individual part. */
    private static double[] judged(List<ArtistIntent.Example> examples, Random random) {
        List<ArtistIntent.Example> mixed = new ArrayList<>(examples);
        Collections.shuffle(mixed, random);
        double[] sum = new double[3];
        for (int part = 0; part < PARTS; part++) {
            List<ArtistIntent.Example> seen = new ArrayList<>();
            List<ArtistIntent.Example> left = new ArrayList<>();
            for (int i = 0; i < mixed.size(); i++) {
                (i % PARTS == part ? left : seen).add(mixed.get(i));
            }
            ArtistIntent fit = ArtistIntent.fit(seen);
            double[] average = average(fit, seen);
            for (ArtistIntent.Example e : left) {
                double[] actual = fit.observed(e);
                double[] own = fit.individual(e.face());
                double[] whole = new double[own.length];
                double[] rest = new double[own.length];
                for (int k = 0; k < own.length; k++) {
                    whole[k] = fit.common()[k] + own[k];
                    rest[k] = actual[k] - average[k];
                }
                sum[0] += ArtistIntent.cosine(fit.common(), actual) / mixed.size();
                sum[1] += ArtistIntent.cosine(whole, actual) / mixed.size();
                sum[2] += ArtistIntent.cosine(own, rest) / mixed.size();
            }
        }
        return sum;
    }

    /** The plain mean of the moves that were seen: what is left after it is individual. */
    private static double[] average(ArtistIntent fit, List<ArtistIntent.Example> seen) {
        double[] mean = new double[fit.common().length];
        for (ArtistIntent.Example e : seen) {
            double[] move = fit.observed(e);
            for (int k = 0; k < mean.length; k++) {
                mean[k] += move[k] / seen.size();
            }
        }
        return mean;
    }
}
