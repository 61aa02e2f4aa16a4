package daumier.faces.nets;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.SteadyLocator;
import daumier.faces.nets.MeterCalibration.Known;
import daumier.faces.world.Artist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Trains the face networks of the embedded pack from nothing on procedural portraits: landmark
 * networks for the meter, for its judge and for photographs, identity and style networks for
 * rewards and for judging. Judges differ in seed, architecture and portraits. What is finished is
 * not made again; what was interrupted goes on from its checkpoint.
 */
public final class FaceNetTraining {
    /** Landmarks that rewards are measured with. */
    public static final String METER = "landmarks-meter";

    /** Landmarks that only judge. */
    public static final String METER_JUDGE = "landmarks-judge";

    /** Landmarks of photographs. */
    public static final String PHOTO = "landmarks-photo";

    /** Identity for rewards. */
    public static final String IDENTITY = "identity";

    /** Identity that only judges. */
    public static final String IDENTITY_JUDGE = "identity-judge";

    /** Style levels for rewards. */
    public static final String STYLE = "style";

    /** Style levels that only judge. */
    public static final String STYLE_JUDGE = "style-judge";

    /** File of the meter that reads {@link #METER}. */
    public static final String METER_FILE = "meter.json";

    /** File of the meter that reads {@link #METER_JUDGE}. */
    public static final String METER_JUDGE_FILE = "meter-judge.json";

    private static final int LANDMARK_BATCH = 32;
    private static final int IDENTITY_BATCH = 48;
    private static final int STYLE_BATCH = 32;
    private static final int GROUPS_IN_BATCH = 6;
    private static final int HELD_OUT_PAIRS = 100;
    private static final int HELD_OUT_GROUPS = 50;

    private static final int CALIBRATION_RENDERS = 720;
    private static final double SOFTENED = 0.4;

    private static final List<String> IDENTITY_LAYERS =
            List.of(
                    "block 24 5 2",
                    "block 48 3 2",
                    "block 96 3 2",
                    "residual",
                    "block 128 3 2",
                    "residual",
                    "block 160 3 2",
                    "flatten",
                    "linear 128");
    private static final List<String> IDENTITY_JUDGE_LAYERS =
            List.of(
                    "block 20 3 2",
                    "block 40 3 2",
                    "residual",
                    "block 80 3 2",
                    "residual",
                    "block 144 3 2",
                    "residual",
                    "block 144 3 2",
                    "flatten",
                    "dropout 0.1",
                    "linear 128");

    private final FaceNetSettings settings;
    private final TrainingProgress progress;

    /**
     * A training.
     *
     * @param settings folders, seed and effort
     * @param progress hears how it goes on
     */
    public FaceNetTraining(FaceNetSettings settings, TrainingProgress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Makes every network and meter that is missing in the output folder.
     *
     * @throws IOException if a folder cannot be read or written
     */
    public void run() throws IOException {
        landmarks(METER, LandmarkDesign.meter(), "pairs", 6000, 7000, 1, Augmentation.ALIGNED);
        style(STYLE, "pairs", 6000, 6000, 2, styleLayers(16, 32, 48, 64));
        identity(IDENTITY, "people", 600, 2300, 3, IDENTITY_LAYERS);
        landmarks(
                METER_JUDGE,
                LandmarkDesign.judge(),
                "pairs-judge",
                5000,
                4000,
                101,
                Augmentation.ALIGNED);
        meters();
        style(STYLE_JUDGE, "pairs-judge", 5000, 9000, 102, styleJudgeLayers());
        identity(IDENTITY_JUDGE, "people-judge", 560, 1300, 103, IDENTITY_JUDGE_LAYERS);
        landmarks(PHOTO, LandmarkDesign.photo(), "faces-wild", 6000, 4000, 4, Augmentation.WILD);
    }

    /** The meter's and its judge's calibration: {@code meter.json} and {@code meter-judge.json}. */
    private void meters() throws IOException {
        Path table = settings.out().resolve("meter-table.txt");
        if (Files.exists(table)) {
            return;
        }
        double[] unit = MeterTargets.medianLength(settings.seed(), settings.scaled(500, 20));
        int count = settings.scaled(CALIBRATION_RENDERS, 36);
        List<Known> known = MeterCalibration.renders(settings.seed() + 7, count, SOFTENED, unit);
        List<Known> test = MeterCalibration.renders(settings.seed() + 8, count, SOFTENED, unit);
        StringBuilder text = new StringBuilder();
        double[][][] read = new double[2][][];
        double[][] truth = null;
        String[] nets = {METER, METER_JUDGE};
        ExaggerationMeter[] meters = new ExaggerationMeter[nets.length];
        boolean[] trusted = null;
        for (int i = 0; i < nets.length; i++) {
            try (NDManager manager = NDManager.newBaseManager();
                    LandmarkNet net = LandmarkNet.open(file(nets[i]), manager)) {
                LandmarkLocator locator = nets[i].equals(METER_JUDGE) ? SteadyLocator.of(net) : net;
                ExaggerationMeter meter =
                        MeterCalibration.calibrate(
                                known, MeterCalibration.seen(locator, known), unit);
                meters[i] = meter;
                List<Landmarks> seen = MeterCalibration.seen(locator, test);
                truth = truth == null ? MeterCalibration.truth(meter, test) : truth;
                read[i] = MeterCalibration.readings(meter, test, seen);
                MeterTable measured = MeterTable.measure(meter, test, seen);
                text.append(nets[i]).append('\n').append(measured).append('\n');
                trusted = i == 0 ? measured.trusted() : both(trusted, measured.judged());
            }
        }
        // What the judge cannot see it cannot judge: a region is paid for if both see it.
        meters[0].trusting(trusted).save(settings.out().resolve(METER_FILE));
        meters[1].trusting(trusted).save(settings.out().resolve(METER_JUDGE_FILE));
        text.append("paid for: ").append(names(trusted)).append('\n');
        double[] correlation = MeterTable.correlation(truth, read[0], read[1]);
        text.append("correlation of the two meters' errors by region: ")
                .append(Arrays.toString(correlation));
        Files.writeString(table, text.toString());
        progress.report("meter", 1, text.toString());
    }

    private static boolean[] both(boolean[] a, boolean[] b) {
        boolean[] both = a.clone();
        for (int r = 0; r < both.length; r++) {
            both[r] &= b[r];
        }
        return both;
    }

    private static List<String> names(boolean[] regions) {
        List<String> names = new ArrayList<>();
        for (int r = 0; r < regions.length; r++) {
            if (regions[r]) {
                names.add(MeterTarget.REGIONS.get(r).name().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** The file of a network in the output folder. */
    public Path file(String name) {
        return settings.out().resolve(name + ".safetensors");
    }

    private boolean finished(String name) {
        return Files.exists(file(name)) && Files.exists(NetFiles.cardFile(file(name)));
    }

    /** Portraits of one kind; the first {@code count} of them, scaled by the effort. */
    PortraitStore portraits(String kind, int count) throws IOException {
        boolean judge = kind.endsWith("-judge");
        long seed = settings.seed() * 2 + (judge ? 1 : 0);
        ThreadLocal<PortraitMaker> makers = ThreadLocal.withInitial(() -> new PortraitMaker(seed));
        Function<PortraitMaker, IntFunction<Portrait>> method =
                m ->
                        kind.startsWith("pairs")
                                ? m::pair
                                : kind.endsWith("wild") ? m::wild : m::person;
        Portrait like = method.apply(makers.get()).apply(0);
        return PortraitStore.open(
                settings.work().resolve(kind + ".portraits"),
                like,
                count,
                i -> method.apply(makers.get()).apply(i),
                settings.renderThreads(),
                progress);
    }

    private void landmarks(
            String name,
            LandmarkDesign design,
            String kind,
            int count,
            int steps,
            long salt,
            Augmentation augmentation)
            throws IOException {
        if (finished(name)) {
            return;
        }
        int portraits = settings.scaled(count, 64);
        int usable = portraits - Math.min(portraits / 4, HELD_OUT_PAIRS);
        try (PortraitStore store = portraits(kind, portraits);
                NDManager manager = NDManager.newBaseManager();
                LandmarkNet net =
                        new LandmarkNet(
                                design, mean(store, usable), manager, settings.seed() + salt)) {
            LandmarkTask.Manner manner =
                    augmentation.equals(Augmentation.WILD)
                            ? LandmarkTask.Manner.WILD
                            : LandmarkTask.Manner.ALIGNED;
            LandmarkTask task =
                    new LandmarkTask(net, store, usable, augmentation, manner, LANDMARK_BATCH);
            TrainingLoop.Outcome outcome =
                    new TrainingLoop<>(
                                    name,
                                    task,
                                    Budget.ofSteps(settings.scaled(steps, 2)),
                                    2e-3,
                                    0.01,
                                    settings.seed() + salt,
                                    java.util.Map.of())
                            .run(settings.work().resolve(name), progress);
            JsonObject card = card(name, kind, portraits, outcome, net.size(), salt);
            FaceNetFigures.landmarks(net, store, usable, card);
            net.save(file(name), card);
            progress.report(name, 1, card.toString());
        }
    }

    private static float[] mean(PortraitStore store, int usable) {
        float[] mean = new float[136];
        int n = Math.min(usable, 500);
        for (int i = 0; i < n; i++) {
            float[] l = store.get(i).landmarks();
            for (int k = 0; k < mean.length; k++) {
                mean[k] += l[k] / n;
            }
        }
        return mean;
    }

    private void identity(
            String name, String kind, int groups, int steps, long salt, List<String> layers)
            throws IOException {
        if (finished(name)) {
            return;
        }
        int held = Math.max(2, Math.min(HELD_OUT_GROUPS, settings.scaled(HELD_OUT_GROUPS)));
        int used = settings.scaled(groups, 8);
        int perGroup = PortraitMaker.GROUP * PortraitMaker.VIEWS;
        try (PortraitStore store = portraits(kind, (used + held) * perGroup);
                NDManager manager = NDManager.newBaseManager();
                IdentityNet net = new IdentityNet(layers, manager, settings.seed() + salt)) {
            IdentityTask task =
                    new IdentityTask(
                            net,
                            store,
                            used * PortraitMaker.GROUP,
                            GROUPS_IN_BATCH,
                            IDENTITY_BATCH,
                            manager,
                            settings.seed() + salt);
            TrainingLoop.Outcome outcome =
                    new TrainingLoop<>(
                                    name,
                                    task,
                                    Budget.ofSteps(settings.scaled(steps, 4)),
                                    1.5e-3,
                                    0.01,
                                    settings.seed() + salt,
                                    task.extra())
                            .run(settings.work().resolve(name), progress);
            long size = net.network().size();
            JsonObject card = card(name, kind, used * perGroup, outcome, size, salt);
            FaceNetFigures.identity(net, store, used * PortraitMaker.GROUP, card);
            net.save(file(name), card);
            progress.report(name, 1, card.toString());
        }
    }

    private void style(
            String name, String kind, int count, int steps, long salt, List<String> layers)
            throws IOException {
        if (finished(name)) {
            return;
        }
        int portraits = settings.scaled(count, 64);
        int usable = portraits - Math.min(portraits / 4, HELD_OUT_PAIRS);
        List<String> artists = Artist.all().stream().map(Artist::word).toList();
        try (PortraitStore store = portraits(kind, portraits);
                NDManager manager = NDManager.newBaseManager();
                StyleNet net = new StyleNet(layers, artists, manager, settings.seed() + salt)) {
            StyleTask task = new StyleTask(net, store, usable, STYLE_BATCH);
            TrainingLoop.Outcome outcome =
                    new TrainingLoop<>(
                                    name,
                                    task,
                                    Budget.ofSteps(settings.scaled(steps, 2)),
                                    2e-3,
                                    0.01,
                                    settings.seed() + salt,
                                    java.util.Map.of())
                            .run(settings.work().resolve(name), progress);
            long size = net.network().size();
            JsonObject card = card(name, kind, portraits, outcome, size, salt);
            FaceNetFigures.style(net, store, usable, card);
            net.save(file(name), card);
            progress.report(name, 1, card.toString());
        }
    }

    private static List<String> styleLayers(int a, int b, int c, int d) {
        List<String> layers =
                new ArrayList<>(
                        List.of(
                                "block " + a + " 5 2",
                                "block " + b + " 3 2",
                                "block " + c + " 3 2",
                                "block " + d + " 3 2",
                                "residual",
                                "block " + d + " 3 2",
                                "flatten"));
        layers.add("linear " + Artist.all().size());
        return layers;
    }

    private static List<String> styleJudgeLayers() {
        return List.of(
                "block 12 3 2",
                "block 24 3 2",
                "block 48 3 2",
                "residual",
                "block 72 3 2",
                "mean",
                "linear 64",
                "relu",
                "linear " + Artist.all().size());
    }

    private JsonObject card(
            String name,
            String kind,
            int portraits,
            TrainingLoop.Outcome outcome,
            long size,
            long salt) {
        JsonObject card = new JsonObject();
        card.addProperty("name", name);
        card.addProperty("parameters", size);
        card.addProperty("seed", settings.seed() + salt);
        card.addProperty("effort", settings.effort());
        card.addProperty("portraits", kind);
        card.addProperty("portraitCount", portraits);
        card.addProperty("steps", outcome.steps());
        card.addProperty("processorSeconds", Math.round(outcome.seconds()));
        card.addProperty("lastLoss", outcome.loss());
        return card;
    }
}
