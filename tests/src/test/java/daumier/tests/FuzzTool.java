package daumier.tests;

import daumier.tests.fuzz.Fuzz;
import daumier.tests.fuzz.FuzzTarget;
import daumier.tests.fuzz.HeaderTarget;
import daumier.tests.fuzz.LoraFileTarget;
import daumier.tests.fuzz.PictureTarget;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Tries made-up safetensors headers, LoRA files and PNG texts: {@code [CASES [SEED]]}, a million
 * from seed 1 if none are named, half of them headers. Each is read, or refused with one sentence;
 * what is not in order is printed with a seed that shows it again ({@code 1 SEED}), and the exit
 * code is 1.
 */
public final class FuzzTool {
    private static final long CASES = 1_000_000;
    private static final long EVERY_NANOS = 30_000_000_000L;

    private FuzzTool() {}

    /** Runs the trials. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        long cases = args.length > 0 ? Long.parseLong(args[0]) : CASES;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        Path folder = Files.createTempDirectory("daumier-fuzz-");
        boolean sound = true;
        try {
            for (FuzzTarget target :
                    List.of(
                            new HeaderTarget(folder),
                            new LoraFileTarget(folder),
                            new PictureTarget(folder))) {
                long share = target instanceof HeaderTarget ? cases / 2 : cases / 4;
                sound &= run(target, seed, Math.max(1, share), out);
            }
        } finally {
            delete(folder);
        }
        System.exit(sound ? 0 : 1); // threads of the engine would keep the process
    }

    private static boolean run(FuzzTarget target, long seed, long cases, PrintStream out)
            throws Exception {
        out.printf("%s: seeds %d to %d%n", target.name(), seed, seed + cases - 1);
        Fuzz fuzz = new Fuzz(target);
        long rss = ProcessFigures.residentBytes();
        try (target) {
            long[] next = {System.nanoTime() + EVERY_NANOS};
            fuzz.run(
                    seed,
                    cases,
                    done -> {
                        if (System.nanoTime() > next[0]) {
                            next[0] = System.nanoTime() + EVERY_NANOS;
                            out.printf(
                                    "  %d tried, %d MB resident%n",
                                    done, ProcessFigures.residentBytes() >> 20);
                        }
                    });
        }
        out.printf(
                Locale.ROOT,
                "  %d read, %d refused with one sentence, %d findings; at most %.1f MB for one; "
                        + "resident %d MB before, %d MB after%n",
                fuzz.accepted(),
                fuzz.refused(),
                fuzz.findings().size(),
                fuzz.mostBytes() / 1e6,
                rss >> 20,
                ProcessFigures.residentBytes() >> 20);
        fuzz.findings().forEach((place, what) -> out.printf("  %s%n    %s%n", place, what));
        return fuzz.findings().isEmpty();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
