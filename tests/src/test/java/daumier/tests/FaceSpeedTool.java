package daumier.tests;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.Landmarks;
import daumier.faces.MorphableModel;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Pictures;
import daumier.faces.measure.Population;
import daumier.faces.models.ArcFaceNetwork;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.FaceReading;
import daumier.faces.models.ModelFolder;
import daumier.faces.world.ProceduralModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Prints how many portraits a second are measured (face, landmarks, fit, identity) at 512 x 512
 * pixels, beside the same chain in Python: {@code REAL FACES PYTHON [THREADS [ROUNDS]]}, the folder
 * of real material, a pack's folder of face networks and a Python with numpy, opencv, onnx and
 * onnxruntime. Both sides take turns, round by round, so that a busy machine is busy for both; the
 * median of the rounds counts. What they found is compared too.
 */
public final class FaceSpeedTool {
    private static final int SIDE = 512;

    private FaceSpeedTool() {}

    /** Measures and prints. */
    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 3) {
            out.println(
                    "Name REAL, a pack's FACES, a PYTHON and, if you like, THREADS and ROUNDS.");
            System.exit(2);
        }
        Optional<RealPortraits> found = RealPortraits.find(args[0]);
        if (found.isEmpty()) {
            out.println("There are no real portraits in " + args[0] + ": nothing is measured.");
            return;
        }
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        int rounds = args.length > 4 ? Integer.parseInt(args[4]) : 7;
        ModelFolder models = ModelFolder.open(found.get().folder().resolve("models"));
        if (models.detector().isEmpty() || models.identity().isEmpty()) {
            out.println(
                    "There are no YuNet and ArcFace files in REAL/models: nothing is measured.");
            return;
        }
        Path work = Files.createTempDirectory("daumier-speed");
        try {
            compare(out, found.get(), models, args, threads, rounds, work);
        } finally {
            try (Stream<Path> all = Files.walk(work)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    private static void compare(
            PrintStream out,
            RealPortraits portraits,
            ModelFolder models,
            String[] args,
            int threads,
            int rounds,
            Path work)
            throws IOException, InterruptedException {
        List<Picture> pictures = new ArrayList<>();
        List<String> files = new ArrayList<>();
        for (RealPortraits.Portrait p : portraits.all()) {
            pictures.add(square(p.picture()));
            Path file = work.resolve(files.size() + ".png");
            Pictures.write(file, pictures.get(files.size()), Map.of());
            files.add(file.toString());
        }
        Path faces = Path.of(args[1]);
        Path config = work.resolve("config.json");
        Files.writeString(config, config(models, faces, files, threads).toString());
        Path script = work.resolve("face_chain.py");
        try (InputStream in = FaceSpeedTool.class.getResourceAsStream("face_chain.py")) {
            Files.copy(in, script);
        }
        Process python =
                new ProcessBuilder(args[2], script.toString(), config.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (NDManager manager = NDManager.newBaseManager();
                Writer ask = python.outputWriter(StandardCharsets.UTF_8);
                BufferedReader answers =
                        new BufferedReader(
                                new InputStreamReader(
                                        python.getInputStream(), StandardCharsets.UTF_8))) {
            JniUtils.setNumThreads(1);
            org.opencv.core.Core.setNumThreads(1);
            ModelFolder used =
                    new ModelFolder(
                            models.folder(),
                            models.detector(),
                            models.identity(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            List<FaceMeasures> measures = new ArrayList<>();
            for (int k = 0; k < threads; k++) {
                measures.add(FaceMeasures.open(used, Optional.of(faces), manager));
            }
            double[] ours = new double[rounds];
            double[] theirs = new double[rounds];
            // The first two rounds compile and fill caches, on both sides.
            for (int round = -2; round < rounds; round++) {
                List<FaceReading> readings = new ArrayList<>();
                double java = java(pool, measures, pictures, readings);
                ask.write("\n");
                ask.flush();
                String line = answers.readLine();
                if (line == null) {
                    throw new IOException("Python ended early; see what it said above.");
                }
                JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
                if (answer.has("landmarks")) {
                    agreement(out, readings, answer);
                }
                if (round >= 0) {
                    ours[round] = java;
                    theirs[round] = answer.get("seconds").getAsDouble();
                }
            }
            print(out, pictures.size(), threads, ours, theirs);
            measures.forEach(FaceMeasures::close);
        } finally {
            pool.shutdown();
            python.destroy();
        }
    }

    /** The middle of a picture as a square, at the size at which speed is told. */
    private static Picture square(Picture p) {
        int side = Math.min(p.width(), p.height());
        Picture middle =
                Pictures.crop(p, (p.width() - side) / 2, (p.height() - side) / 4, side, side);
        return Pictures.resize(middle, SIDE, SIDE);
    }

    private static JsonObject config(
            ModelFolder models, Path faces, List<String> files, int threads) throws IOException {
        ProceduralModel world = new ProceduralModel();
        MorphableModel heads = Population.photographs(world).in(world);
        ModelFit fit = new ModelFit(heads, Camera.PORTRAIT);
        Gson gson = new Gson();
        JsonObject model = new JsonObject();
        model.add("mean", gson.toJsonTree(heads.mean()));
        model.add("identity", gson.toJsonTree(heads.identityBasis()));
        model.add("expression", gson.toJsonTree(heads.expressionBasis()));
        model.add("reference", gson.toJsonTree(fit.reference().xy()));
        Camera c = Camera.PORTRAIT;
        model.add(
                "camera",
                gson.toJsonTree(
                        new double[] {
                            c.pixelsPerUnit(), c.perspective(), c.centreX(), c.centreY()
                        }));
        JsonObject config = new JsonObject();
        config.addProperty("yunet", models.detector().orElseThrow().toString());
        config.addProperty("arcface", models.identity().orElseThrow().toString());
        config.add(
                "pixels",
                gson.toJsonTree(
                        ArcFaceNetwork.open(models.identity().orElseThrow()).preprocessing()));
        config.addProperty("landmarks", faces.resolve("landmarks-photo.safetensors").toString());
        config.add("model", model);
        config.add("pictures", gson.toJsonTree(files));
        config.addProperty("threads", threads);
        return config;
    }

    /** Seconds for all pictures; each thread takes every so many. */
    private static double java(
            ExecutorService pool,
            List<FaceMeasures> measures,
            List<Picture> pictures,
            List<FaceReading> readings)
            throws InterruptedException {
        long start = System.nanoTime();
        List<Future<List<FaceReading>>> parts = new ArrayList<>();
        for (int k = 0; k < measures.size(); k++) {
            int first = k;
            parts.add(
                    pool.submit(
                            () -> {
                                List<FaceReading> own = new ArrayList<>();
                                for (int i = first; i < pictures.size(); i += measures.size()) {
                                    own.add(measures.get(first).read(pictures.get(i), 1));
                                }
                                return own;
                            }));
        }
        List<List<FaceReading>> all = new ArrayList<>();
        for (Future<List<FaceReading>> part : parts) {
            try {
                all.add(part.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        for (int i = 0; i < pictures.size(); i++) {
            readings.add(all.get(i % all.size()).get(i / all.size()));
        }
        return seconds;
    }

    /** That both sides do the same work. */
    private static void agreement(PrintStream out, List<FaceReading> ours, JsonObject theirs) {
        Gson gson = new Gson();
        JsonArray points = theirs.getAsJsonArray("landmarks");
        JsonArray vectors = theirs.getAsJsonArray("identity");
        List<Double> distances = new ArrayList<>();
        double cosine = 1;
        for (int i = 0; i < ours.size(); i++) {
            Optional<FaceAnalysis> face = ours.get(i).analysis();
            if (face.isPresent()) {
                Landmarks a = face.get().landmarksInPicture();
                Landmarks b = new Landmarks(gson.fromJson(points.get(i), float[].class));
                double sum = 0;
                for (int k = 0; k < Landmarks.COUNT; k++) {
                    sum += Math.hypot(a.x(k) - b.x(k), a.y(k) - b.y(k)) / Landmarks.COUNT;
                }
                distances.add(sum / a.interOcular());
            }
            float[] v = ours.get(i).identity().orElseThrow();
            cosine =
                    Math.min(
                            cosine,
                            ArcFaceNetwork.cosine(v, gson.fromJson(vectors.get(i), float[].class)));
        }
        distances.sort(null);
        out.printf(
                Locale.ROOT,
                "landmarks of both differ by %.2f%% of the eyes' distance in the median of %d of %d"
                        + " portraits, lowest cosine of identities %.5f%n",
                100 * distances.get(distances.size() / 2),
                distances.size(),
                ours.size(),
                cosine);
    }

    private static void print(
            PrintStream out, int count, int threads, double[] ours, double[] theirs) {
        double[] ratio = new double[ours.length];
        for (int i = 0; i < ratio.length; i++) {
            ratio[i] = ours[i] / theirs[i];
        }
        out.printf(
                Locale.ROOT,
                "%d portraits of %d x %d, %d threads: Java %.1f a second, Python %.1f; Java takes"
                        + " %.2f times Python's time (to reach: 25 a second, 1.2 times)%n",
                count,
                SIDE,
                SIDE,
                threads,
                count / median(ours),
                count / median(theirs),
                median(ratio));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
