package daumier.tests;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import daumier.cli.picture.PictureFile;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Generated;
import daumier.diffusion.sample.Generation;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.LoraUse;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.schedule.WeightSchedule;
import daumier.faces.Picture;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws many pictures in one process and watches what it holds: {@code PACK [PICTURES]}, 200 if no
 * number is named. Every second picture has a LoRA on a schedule, where the pack has one; each is
 * written as a PNG. After every picture memory and open handles are printed; the exit code is 1 if
 * one of them rises. The first quarter does not count, as caches fill there, and fewer than 60
 * pictures give no verdict.
 */
public final class SoakTool {
    private static final int PICTURES = 200;
    private static final int STEPS = 8;
    private static final int FEWEST = 60;

    /** Megabytes and handles for each picture; a leaked picture alone would be more. */
    private static final double MEMORY_BOUND = 0.1;

    private static final double HANDLE_BOUND = 0.01;

    private SoakTool() {}

    /** Runs the soak. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length == 0) {
            out.println("Give a pack, then if you like a number of pictures.");
            System.exit(2);
        }
        int pictures = args.length > 1 ? Integer.parseInt(args[1]) : PICTURES;
        double[] megabytes = new double[pictures];
        double[] handles = new double[pictures];
        Path file = Files.createTempFile("daumier-soak-", ".png");
        try (Pack pack = Pack.open(Path.of(args[0]), Device.cpu(), Precision.FP32)) {
            JniUtils.setNumThreads(1);
            for (int i = 0; i < pictures; i++) {
                draw(pack, i, file);
                System.gc(); // what is left afterwards is held, not waiting to be collected
                megabytes[i] = ProcessFigures.residentBytes() / 1e6;
                handles[i] = ProcessFigures.handles();
                out.printf(
                        Locale.ROOT,
                        "picture %d: %.1f MB resident, %.0f handles%n",
                        i + 1,
                        megabytes[i],
                        handles[i]);
            }
        } finally {
            Files.delete(file);
        }
        if (pictures < FEWEST) {
            out.printf("Fewer than %d pictures give no verdict.%n", FEWEST);
            System.exit(0);
        }
        boolean memoryFlat = verdict(out, "memory", "MB", megabytes, MEMORY_BOUND);
        boolean handlesFlat = verdict(out, "handles", "handles", handles, HANDLE_BOUND);
        System.exit(memoryFlat && handlesFlat ? 0 : 1);
    }

    private static void draw(Pack pack, int number, Path file) throws IOException {
        List<Path> loras = pack.loraFiles();
        List<LoraUse> uses =
                number % 2 == 0 || loras.isEmpty()
                        ? List.of()
                        : List.of(
                                new LoraUse(
                                        loras.get(number / 2 % loras.size()),
                                        WeightSchedule.parse("ramp(0.3,0.7)")));
        GenerationRequest request =
                GenerationRequest.of("a portrait of a person")
                        .steps(STEPS)
                        .guidance(3)
                        .seeds(List.of((long) number))
                        .loras(uses)
                        .build();
        try (Generated made = new Generation(pack).run(request)) {
            long[] shape = made.pictures().getShape().getShape();
            float[] pixels = made.pictures().toFloatArray();
            Picture picture = Picture.fromChw(pixels, 0, (int) shape[3], (int) shape[2]);
            PictureFile.write(file, picture, Map.of());
        }
    }

    private static boolean verdict(
            PrintStream out, String what, String unit, double[] values, double bound) {
        Trend trend = Trend.of(Arrays.copyOfRange(values, values.length / 4, values.length));
        boolean flat = !trend.risesBeyond(bound);
        out.printf(
                Locale.ROOT,
                "%s: %+.4f %s a picture (standard error %.4f, bound %.2f): %s%n",
                what,
                trend.slope(),
                unit,
                trend.error(),
                bound,
                flat ? "flat" : "RISES");
        return flat;
    }
}
