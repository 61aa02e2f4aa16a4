package daumier.tests.benchmark;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of the table: each starts the processes it needs and lets them work in turns. */
public final class Contest {
    private static final int BATCH = 8;

    private final Path pack;
    private final Python python;
    private final int threads;
    private final int rounds;

    /** The faster memory layout of diffusers by number type, once it is known. */
    private final Map<String, String> layouts = new TreeMap<>();

    /**
     * @param pack made by the script
     * @param threads of each side
     * @param rounds of each measurement
     * @param layout of diffusers' memory, or null to find the faster one
     */
    public Contest(Path pack, Python python, int threads, int rounds, String layout) {
        this.pack = pack;
        this.python = python;
        this.threads = threads;
        this.rounds = rounds;
        if (layout != null) {
            layouts.put("bf16", layout);
            layouts.put("fp32", layout);
        }
    }

    /** Which setting of diffusers was the fastest. */
    public Map<String, String> layouts() {
        return layouts;
    }

    /** What diffusers' side consists of. */
    public String versions() throws IOException {
        try (Side side = Side.diffusers(python, pack, threads)) {
            return side.ask("version").get("versions").getAsString();
        }
    }

    private Side daumier(String type) throws IOException {
        Side side = Side.daumier(pack, threads);
        side.ask("open " + type);
        return side;
    }

    private Side diffusers(String type) throws IOException {
        Side side = Side.diffusers(python, pack, threads);
        String best = layouts.get(type);
        if (best == null) {
            double least = Double.POSITIVE_INFINITY;
            for (String layout : List.of("plain", "channels_last")) {
                side.ask("open " + type + " " + layout);
                double seconds =
                        Turns.of(Math.min(rounds, 3), () -> side.seconds("step")).median(0);
                if (seconds < least) {
                    least = seconds;
                    best = layout;
                }
            }
            layouts.put(type, best);
        }
        side.ask("open " + type + " " + best);
        return side;
    }

    /** A guided step: the U-Net on both halves, guidance and the sampler's update. */
    public List<Figure> step(String type, double goal) throws IOException {
        try (Side ours = daumier(type);
                Side theirs = diffusers(type)) {
            Turns turns =
                    Turns.of(rounds, () -> ours.seconds("step"), () -> theirs.seconds("step"));
            return List.of(
                    Figure.ratio(
                            "guided U-Net step, " + type,
                            turns.median(0),
                            turns.median(1),
                            "s",
                            turns.ratio(0, 1),
                            goal));
        }
    }

    /** What a LoRA costs: another weight, its side branch at a step, the same in four regions. */
    public List<Figure> lora() throws IOException {
        try (Side ours = daumier("bf16");
                Side theirs = diffusers("bf16")) {
            Turns turns =
                    Turns.of(
                            rounds,
                            () -> ours.seconds("step"),
                            () -> ours.seconds("lora-step 0.5"),
                            () -> theirs.seconds("step"),
                            () -> theirs.seconds("lora-step 0.5"),
                            () -> ours.seconds("set-adapters 0.7"),
                            () -> theirs.seconds("set-adapters 0.7"),
                            () -> theirs.seconds("fuse 0.7"));
            double step = turns.median(0);
            double their = turns.median(2);
            double change = turns.median(4) / step;
            List<Figure> figures = new ArrayList<>();
            figures.add(
                    Figure.share(
                            "another LoRA weight (set_adapters)",
                            change,
                            turns.median(5) / their,
                            0.01));
            figures.add(
                    Figure.share(
                            "another LoRA weight (unfuse_lora, fuse_lora)",
                            change,
                            turns.median(6) / their,
                            0.01));
            figures.add(
                    Figure.share(
                            "rank-16 LoRA on all attention, unfused, scheduled",
                            turns.ratio(1, 0) - 1,
                            turns.ratio(3, 2) - 1,
                            0.1));
            return figures;
        }
    }

    /** One LoRA whose strength differs by region, and a LoRA of its own in each region. */
    public List<Figure> regions() throws IOException {
        try (Side ours = daumier("bf16")) {
            Turns turns =
                    Turns.of(
                            rounds,
                            () -> ours.seconds("step"),
                            () -> ours.seconds("regions-step 0.5 1"),
                            () -> ours.seconds("regions-step 0.5 4"));
            return List.of(
                    Figure.share(
                            "one rank-16 LoRA, its weight by 4 regions",
                            turns.ratio(1, 0) - 1,
                            Double.NaN,
                            0.2),
                    Figure.share(
                            "4 rank-16 LoRAs, each in its own region",
                            turns.ratio(2, 0) - 1,
                            Double.NaN,
                            0.2));
        }
    }

    /**
     * From the start of the process until the first step begins, with everything read and the
     * prompt encoded, and until it ends; ours also without packed weights kept from earlier.
     */
    public List<Figure> start() throws IOException {
        diffusers("bf16").close(); // the faster setting is known, and the files are in memory
        String theirs = "bf16 " + layouts.get("bf16");
        double[][] seconds = new double[6][rounds];
        for (int round = -1; round < rounds; round++) {
            double[][] starts = {
                first(() -> Side.daumier(pack, threads), "bf16"),
                first(() -> Side.diffusers(python, pack, threads), theirs),
                first(() -> Side.daumierKeepingNothing(pack, threads), "bf16")
            };
            for (int i = 0; round >= 0 && i < seconds.length; i++) {
                seconds[i][round] = starts[i / 2][i % 2];
            }
        }
        Turns turns = new Turns(seconds);
        return List.of(
                start("process start until the first step begins, bf16", turns, 0, 2),
                start("process start until the first step has ended, bf16", turns, 1, 3),
                start("no weights kept: until the first step begins, bf16", turns, 4, 2),
                start("no weights kept: until the first step has ended, bf16", turns, 5, 3));
    }

    private static Figure start(String what, Turns turns, int ours, int theirs) {
        return Figure.ratio(
                what,
                turns.median(ours),
                turns.median(theirs),
                "s",
                turns.ratio(ours, theirs),
                0.5);
    }

    private interface Starter {
        Side start() throws IOException;
    }

    /** Seconds until the first step begins, and until it has ended. */
    private static double[] first(Starter starter, String setting) throws IOException {
        long start = System.nanoTime();
        try (Side side = starter.start()) {
            side.ask("open " + setting);
            double begins = (System.nanoTime() - start) / 1e9;
            side.ask("step");
            return new double[] {begins, (System.nanoTime() - start) / 1e9};
        }
    }

    /** Peak memory of a process that loads, draws and decodes. */
    public List<Figure> memory(String type, int steps) throws IOException {
        diffusers(type).close();
        double ours;
        double theirs;
        try (Side side = daumier(type)) {
            ours = side.ask(picture(steps, "daumier")).get("peak").getAsDouble();
        }
        try (Side side = diffusers(type)) {
            theirs = side.ask(picture(steps, "diffusers")).get("peak").getAsDouble();
        }
        return List.of(
                Figure.ratio(
                        "peak memory of the process, " + type,
                        ours / 1e9,
                        theirs / 1e9,
                        "GB",
                        ours / theirs,
                        0.9));
    }

    private String picture(int steps, String side) {
        return "picture %d %s %s".formatted(steps, latents("noise"), latents(side));
    }

    private Path latents(String name) {
        return pack.resolve(name + ".safetensors");
    }

    /** Whether both draw the same picture in float32, and the memory that took. */
    public List<Figure> parity() throws IOException {
        List<Figure> figures = new ArrayList<>(memory("fp32", 4));
        try (Side side = Side.daumier(pack, threads)) {
            JsonObject same =
                    side.ask("compare %s %s".formatted(latents("daumier"), latents("diffusers")));
            double difference = same.get("largest").getAsDouble();
            figures.add(
                    Figure.ratio(
                            "4 steps, fp32: largest difference of latents",
                            difference,
                            Double.NaN,
                            "deviations",
                            difference,
                            0.01));
        }
        return figures;
    }

    /** A step of eight pictures as one batch against eight steps of one. */
    public List<Figure> batch() throws IOException {
        try (Side ours = daumier("bf16");
                Side theirs = diffusers("bf16")) {
            Turns turns =
                    Turns.of(
                            Math.min(rounds, 3),
                            () -> ours.seconds("step"),
                            () -> ours.seconds("batch " + BATCH + " 1"),
                            () -> theirs.seconds("step"),
                            () -> theirs.seconds("batch " + BATCH + " 1"));
            return List.of(
                    Figure.ratio(
                            "8 pictures in one batch, of 8 times one",
                            turns.ratio(1, 0) / BATCH,
                            turns.ratio(3, 2) / BATCH,
                            "times",
                            turns.ratio(1, 0) / BATCH,
                            0.9));
        }
    }
}
