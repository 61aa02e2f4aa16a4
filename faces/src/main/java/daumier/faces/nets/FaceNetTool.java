package daumier.faces.nets;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Trains the face networks from a command line: {@code WORK OUT [SEED [EFFORT]]}. */
public final class FaceNetTool {
    private FaceNetTool() {}

    /**
     * Trains what is missing, and says how it goes on.
     *
     * @param args work folder, output folder, seed (1), effort (1)
     * @throws IOException if a folder cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length < 2) {
            out.println("Give a work folder and an output folder, then if you like seed, effort.");
            return;
        }
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        double effort = args.length > 3 ? Double.parseDouble(args[3]) : 1;
        Path work = Path.of(args[0]);
        FaceNetSettings settings = new FaceNetSettings(work, Path.of(args[1]), seed, effort, 1);
        long start = System.nanoTime();
        new FaceNetTraining(
                        settings,
                        (task, fraction, message) ->
                                out.printf(
                                        "%.0f s %s %.0f%% %s%n",
                                        (System.nanoTime() - start) * 1e-9,
                                        task,
                                        100 * fraction,
                                        message))
                .run();
    }
}
