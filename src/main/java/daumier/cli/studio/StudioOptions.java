package daumier.cli.studio;

import ai.djl.Device;
import daumier.cli.EmbeddedPack;
import daumier.cli.Torch;
import daumier.cli.UserException;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that draws under a controller: with what, and where to compute. */
final class StudioOptions {
    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "A pack in the diffusers layout (default: the embedded one).")
    private Path pack;

    @Option(
            names = "--means",
            paramLabel = "MEANS",
            description =
                    "How exaggeration acts: ${COMPLETION-CANDIDATES} (default: ADAPTER where the "
                            + "pack has one, else WARP).")
    private Settings.Means means;

    @Option(
            names = "--dtype",
            description =
                    "Number type of the networks: ${COMPLETION-CANDIDATES} (default: BF16 where the "
                            + "processor computes in it, else FP32).")
    private Precision dtype;

    @Option(
            names = "--device",
            defaultValue = "CPU",
            description = "Where to compute: ${COMPLETION-CANDIDATES}.")
    private Torch.DeviceName device;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description = "Threads of one operation (default: what suits the pack's pictures).")
    private int threads;

    @Option(
            names = "--workers",
            defaultValue = "0",
            description =
                    "Threads that draw side by side (default: one for each processor, for large "
                            + "pictures one).")
    private int workers;

    /** Options as if none was given, for commands that run others. */
    static StudioOptions defaults(Path pack) {
        StudioOptions options = new StudioOptions();
        options.pack = pack;
        options.device = Torch.DeviceName.CPU;
        return options;
    }

    /** The pack's folder. */
    Path folder() {
        return EmbeddedPack.orElse(pack);
    }

    /**
     * The pack as a run remembers it: the folder that was named, or nothing for the embedded one.
     */
    String named() {
        return pack == null ? "" : pack.toString();
    }

    /** The means that were asked for, or null. */
    Settings.Means means() {
        return means;
    }

    /** The number type of the networks. */
    Precision dtype() {
        return dtype == null ? Torch.fitting(device) : dtype;
    }

    /** The same options with what a run was begun with. */
    StudioOptions continuing(TrainPlan plan) {
        StudioOptions options = new StudioOptions();
        options.pack = pack == null && !plan.pack().isEmpty() ? Path.of(plan.pack()) : pack;
        options.means = plan.means();
        options.dtype = plan.dtype();
        options.workers = plan.workers();
        options.device = device;
        options.threads = threads;
        return options;
    }

    /**
     * Opens the studio.
     *
     * @param judges whether the judges look at finished pictures too
     */
    Studio open(boolean judges) throws IOException {
        Path folder = folder();
        Device place = Torch.start(device);
        if (workers < 0) {
            throw new UserException("--workers must not be negative.");
        }
        Studio studio = Studio.open(folder, place, dtype(), judges, workers);
        Torch.threads(threads, studio.pack().pictureSize());
        return studio;
    }

    /** How episodes go in this studio. */
    Settings settings(Studio studio) {
        Settings.Means fitting =
                studio.pack().adapter().isPresent() ? Settings.Means.ADAPTER : Settings.Means.WARP;
        return Settings.standard().withMeans(means == null ? fitting : means);
    }
}
