package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import daumier.faces.Picture;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.Likeness;
import daumier.faces.measure.Population;
import daumier.faces.measure.SubjectEstimator;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.ModelFolder;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints whether drawings look like their sitters: {@code REAL FACES SHEET [DRAWINGS]}, the folder
 * of real material, a pack's folder of face networks, a picture to write and a folder of what
 * {@code daumier generate} drew of all portraits. Without drawings, the likenesses that are fitted
 * to the photographs, as the face world draws them, are judged: no drawing can be better than they
 * are. The sheet shows photograph beside drawing and stays with whoever made it.
 */
public final class RetrievalTool {
    private static final int COLUMNS = 10;
    private static final int SIDE = 150;

    private RetrievalTool() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 3) {
            out.println("Name REAL, a pack's FACES, the picture SHEET and, if you have, DRAWINGS.");
            System.exit(2);
        }
        Optional<RealPortraits> found = RealPortraits.find(args[0]);
        if (found.isEmpty()) {
            out.println("There are no real portraits in " + args[0] + ": nothing is measured.");
            return;
        }
        RealPortraits portraits = found.get();
        Path faces = Path.of(args[1]);
        Optional<Path> folder = args.length > 3 ? Optional.of(Path.of(args[3])) : Optional.empty();
        try (NDManager manager = NDManager.newBaseManager();
                LikenessJudges judges = new LikenessJudges(portraits, faces, manager)) {
            List<Picture> drawings = new ArrayList<>();
            List<String> captions = new ArrayList<>();
            if (folder.isPresent()) {
                drawn(portraits, folder.get(), drawings, captions);
            } else {
                likenesses(portraits, faces, manager, drawings, captions);
            }
            print(out, portraits, judges, drawings);
            sheet(judges, drawings, captions, Path.of(args[2]));
        }
    }

    private static void likenesses(
            RealPortraits portraits,
            Path faces,
            NDManager manager,
            List<Picture> drawings,
            List<String> captions)
            throws IOException {
        SubjectEstimator estimator =
                new SubjectEstimator(
                        Camera.PORTRAIT, Population.photographs(new ProceduralModel()));
        FaceRenderer renderer = new FaceRenderer();
        try (FaceMeasures measures =
                FaceMeasures.open(ModelFolder.NONE, Optional.of(faces), manager)) {
            for (RealPortraits.Portrait p : portraits.all()) {
                FaceAnalysis face = measures.read(p.picture(), 1).analysis().orElseThrow();
                Likeness l = estimator.estimate(face);
                drawings.add(renderer.render(l.subject(), l.view(), Look.PHOTO).picture());
                captions.add(l.subject().caption(l.view()).replaceFirst("photo of an? ", ""));
            }
        }
    }

    private static void drawn(
            RealPortraits portraits, Path folder, List<Picture> drawings, List<String> captions)
            throws IOException {
        for (RealPortraits.Portrait p : portraits.all()) {
            String stem = p.name().replaceFirst("\\.[a-z]+$", "");
            Path file = folder.resolve(stem + ".png");
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " is missing; draw all portraits first.");
            }
            drawings.add(Alignment.identity().crop(PictureFile.read(file)));
            captions.add(stem);
        }
    }

    private static void print(
            PrintStream out,
            RealPortraits portraits,
            LikenessJudges judges,
            List<Picture> drawings) {
        List<String> people = portraits.all().stream().map(RealPortraits.Portrait::person).toList();
        Map<String, double[][]> all = new LinkedHashMap<>(judges.distances(drawings));
        all.put("all judges together", Retrieval.together(List.copyOf(all.values())));
        out.printf("%-36s %7s %9s%n", people.size() + " portraits, judged by", "rank 1", "of four");
        all.forEach(
                (judge, distance) -> {
                    Retrieval r = Retrieval.of(distance, people);
                    out.printf(
                            Locale.ROOT,
                            "%-36s %6.0f%% %8.0f%%%n",
                            judge,
                            100 * r.rankOne(),
                            100 * r.fourChoice());
                });
        Retrieval other = otherPhotograph(portraits, judges.geometryOfPhotographs(), people);
        out.printf(
                Locale.ROOT,
                "%-36s %6.0f%% %8.0f%%  (%d photographs)%n",
                "geometry, the person's other photo",
                100 * other.rankOne(),
                100 * other.fourChoice(),
                other.drawings());
    }

    /** What geometry can do at best: one photograph finds the other of the same person. */
    private static Retrieval otherPhotograph(
            RealPortraits portraits, double[][] distance, List<String> people) {
        double first = 0;
        double four = 0;
        int n = 0;
        for (int[] pair : portraits.pairs()) {
            for (int k = 0; k < 2; k++) {
                int a = pair[k];
                int b = pair[1 - k];
                List<String> names = new ArrayList<>();
                double[] row = new double[people.size()];
                // The pair's other photograph takes the place of the drawing's own.
                for (int j = 0; j < row.length; j++) {
                    row[j] = distance[a][j == a ? b : j == b ? a : j];
                    names.add(people.get(j));
                }
                java.util.Collections.swap(names, 0, a);
                double own = row[a];
                row[a] = row[0];
                row[0] = own;
                Retrieval one = Retrieval.of(new double[][] {row}, names);
                first += one.rankOne();
                four += one.fourChoice();
                n++;
            }
        }
        return new Retrieval(first / n, four / n, n);
    }

    private static void sheet(
            LikenessJudges judges, List<Picture> drawings, List<String> captions, Path file)
            throws IOException {
        Sheet sheet = new Sheet(COLUMNS, SIDE, List.of());
        for (int i = 0; i < drawings.size(); i++) {
            sheet.add(judges.crop(i, 2 * Alignment.SIZE), "");
            sheet.add(drawings.get(i), captions.get(i));
        }
        PictureFile.write(file, sheet.draw(), Map.of());
    }
}
