package daumier.cli.pack;

import daumier.faces.nets.FaceNetSettings;
import daumier.faces.nets.FaceNetTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The networks that measure faces: landmarks, identity, style and the meters, with judges. */
final class FaceStage {
    private final Path pack;
    private final Path work;
    private final long seed;
    private final double effort;
    private final int threads;
    private final StageProgress progress;
    private String task = "";

    /**
     * A stage.
     *
     * @param effort 1 for the shipped networks
     * @param threads that draw portraits
     */
    FaceStage(Path pack, Path work, long seed, double effort, int threads, StageProgress progress) {
        this.pack = pack;
        this.work = work;
        this.seed = seed;
        this.effort = effort;
        this.threads = threads;
        this.progress = progress;
    }

    /** Trains what is missing; what was interrupted goes on from its checkpoint. */
    void run() throws IOException {
        Path out = pack.resolve("faces");
        Path scratch = work.resolve("faces");
        Files.createDirectories(out);
        Files.createDirectories(scratch);
        FaceNetSettings settings = new FaceNetSettings(scratch, out, seed, effort, threads);
        new FaceNetTraining(settings, this::report).run();
    }

    private void report(String name, double fraction, String message) {
        if (!name.equals(task)) {
            task = name;
            progress.begin("face networks, " + name);
        }
        progress.share(fraction, message);
    }
}
