package daumier.tests;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.tests.benchmark.Contest;
import daumier.tests.benchmark.Figure;
import daumier.tests.benchmark.Python;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Daumier against diffusers on the processor, over one pack of Stable Diffusion 1.5's sizes with
 * random weights, at 512x512 with guidance 7. Both sides have as many threads and work in turns, so
 * that ratios hold on a busy machine too; a value is the median of the rounds, a ratio the median
 * of the rounds' ratios.
 */
@Command(
        name = "DiffusersBenchmark",
        sortOptions = false,
        description = "Times Daumier and diffusers in turns; exit code 1 if a goal is missed.")
public final class DiffusersBenchmark implements Callable<Integer> {
    /** What can be measured. */
    enum Row {
        /** A guided step in bfloat16. */
        STEP_BF16,
        /** A guided step in float32. */
        STEP_FP32,
        /** Changing weights, and the unfused LoRA's part of a step. */
        LORA,
        /** LoRAs kept to regions. */
        REGIONS,
        /** Process start until the first step begins, and until it has ended. */
        START,
        /** Peak memory in bfloat16. */
        MEMORY,
        /** The same picture in float32, and peak memory. */
        PARITY,
        /** Eight pictures at once. */
        BATCH
    }

    @Spec private CommandSpec spec;

    @Option(
            names = "--python",
            defaultValue = "python3",
            description = "A Python with torch, diffusers, transformers, peft; ${DEFAULT-VALUE}.")
    private String python;

    @Option(
            names = "--script",
            defaultValue = "tests/src/test/python/diffusers_benchmark.py",
            description = "diffusers' side; ${DEFAULT-VALUE}.")
    private Path script;

    @Option(
            names = "--tokenizer",
            defaultValue = "src/main/resources/pack/tokenizer",
            description = "The pack's tokenizer; ${DEFAULT-VALUE}.")
    private Path tokenizer;

    @Option(
            names = "--pack",
            description = "Where the pack is, or is made and stays (4.3 GB); else a temporary one.")
    private Path pack;

    @Option(
            names = "--rows",
            split = ",",
            description = "What to measure: ${COMPLETION-CANDIDATES}; all if none is named.")
    private Set<Row> rows = EnumSet.allOf(Row.class);

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--threads", description = "Threads of each side; one a processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--layout",
            description =
                    "diffusers' memory layout, plain or channels_last; else the faster one is "
                            + "found first.")
    private String layout;

    @Option(names = "--json", description = "A file for the results.")
    private File json;

    /** Measures and prints. */
    public static void main(String[] args) {
        System.exit(
                new CommandLine(new DiffusersBenchmark())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Python diffusers = new Python(python, script.toAbsolutePath());
        Path folder = pack == null ? Files.createTempDirectory("daumier-sd15-") : pack;
        try {
            if (!Files.exists(folder.resolve("model_index.json"))) {
                diffusers.run("make", folder.toString(), tokenizer.toString());
            }
            Path whole = folder.toAbsolutePath();
            return measure(new Contest(whole, diffusers, threads, rounds, layout));
        } finally {
            if (pack == null) {
                delete(folder);
            }
        }
    }

    private int measure(Contest contest) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String versions = contest.versions();
        out.printf("%s; %d threads a side, %d rounds%n", versions, threads, rounds);
        out.println(Figure.HEADER);
        List<Figure> figures = new ArrayList<>();
        for (Row row : EnumSet.copyOf(rows)) {
            List<Figure> measured = figures(contest, row);
            measured.forEach(out::println);
            out.flush();
            figures.addAll(measured);
        }
        out.println("diffusers' faster memory layout: " + contest.layouts());
        out.flush();
        if (json != null) {
            JsonObject all = new JsonObject();
            all.addProperty("time", Instant.now().toString());
            all.addProperty("versions", versions);
            all.addProperty("threads", threads);
            all.addProperty("rounds", rounds);
            JsonArray array = new JsonArray();
            figures.forEach(figure -> array.add(figure.toJson()));
            all.add("figures", array);
            Files.writeString(
                    json.toPath(),
                    new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n");
        }
        return figures.stream().allMatch(Figure::met) ? 0 : 1;
    }

    private static List<Figure> figures(Contest contest, Row row) throws IOException {
        return switch (row) {
            case STEP_BF16 -> contest.step("bf16", 0.8);
            case STEP_FP32 -> contest.step("fp32", 0.9);
            case LORA -> contest.lora();
            case REGIONS -> contest.regions();
            case START -> contest.start();
            case MEMORY -> contest.memory("bf16", 2);
            case PARITY -> contest.parity();
            case BATCH -> contest.batch();
        };
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
