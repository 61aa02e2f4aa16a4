package daumier.cli.studio;

import ai.djl.Device;
import daumier.cli.EmbeddedPack;
import daumier.cli.PackedWeights;
import daumier.cli.Torch;
import daumier.cli.UserException;
import daumier.diffusion.nn.Precision;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import daumier.env.caricature.StudioConfig;
import daumier.env.caricature.Technique;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that draws under a controller: with what, and where to compute. */
final class StudioOptions {
    private static final int LARGE = 256;
    private static final int FEW = 4;

    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description = "A pack in the diffusers layout (default: the embedded one).")
    private Path pack;

    @Option(
            names = "--means",
            paramLabel = "MEANS",
            description =
                    "How exaggeration acts: ${COMPLETION-CANDIDATES} (default: BOTH where the pack has "
                            + "an adapter, else WARP).")
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

    @Option(
            names = "--lora",
            paramLabel = "FILE",
            description =
                    "A style LoRA to draw with: a file, or a name in the pack's folder lora (default: "
                            + "all of the pack's). Of a LoRA that Daumier did not train itself a few "
                            + "drawings are made first, once, to learn what its style looks like.")
    private List<String> loras = new ArrayList<>();

    @Option(
            names = "--guidance",
            paramLabel = "SCALE",
            description = "Guidance scale (default: 7, with a pack that has a face adapter 1).")
    private Double guidance;

    @Option(
            names = "--negative-prompt",
            paramLabel = "TEXT",
            description = "What guidance leads away from.")
    private String negativePrompt;

    @Option(
            names = "--denoising-strength",
            paramLabel = "S",
            description =
                    "1 draws from words alone; less begins with the photograph, noised so far "
                            + "(default: 0.6, with a pack that has a face adapter 1).")
    private Double denoisingStrength;

    @Option(
            names = "--calls",
            paramLabel = "N",
            description =
                    "U-Net calls for each of six decisions (default: 4, with a pack that has a face "
                            + "adapter 2).")
    private Integer calls;

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

    /** The LoRAs that were named. */
    List<String> loras() {
        return loras;
    }

    /** The technique that suits a pack, with what was asked for. */
    private Technique changed(Technique fitting) {
        try {
            return new Technique(
                    calls == null ? fitting.callsPerDecision() : calls,
                    guidance == null ? fitting.guidanceScale() : guidance,
                    negativePrompt == null ? fitting.negativePrompt() : negativePrompt,
                    denoisingStrength == null ? fitting.strength() : denoisingStrength);
        } catch (IllegalArgumentException e) {
            throw new UserException(e.getMessage(), e);
        }
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
        options.loras = loras.isEmpty() ? plan.loras() : loras;
        Technique technique = plan.technique();
        if (technique != null) {
            options.calls = technique.callsPerDecision();
            options.guidance = technique.guidanceScale();
            options.negativePrompt = technique.negativePrompt();
            options.denoisingStrength = technique.strength();
        }
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
        StudioConfig config =
                new StudioConfig(
                        folder,
                        EmbeddedPack.find().map(own -> own.resolve("faces")),
                        loras,
                        place,
                        dtype(),
                        judges,
                        workers,
                        this::changed,
                        Optional.of(Path.of(System.getProperty("user.home"), ".daumier", "styles")),
                        Optional.ofNullable(PackedWeights.cache()),
                        System.err::println);
        Studio studio = Studio.open(config);
        Torch.threads(threads, studio.pack().pictureSize());
        return studio;
    }

    /**
     * Pictures to draw at once.
     *
     * @param wished what was asked for, or null
     * @param usual for small pictures; large ones are drawn few at a time, for memory's sake
     */
    static int lanes(Studio studio, Integer wished, int usual) {
        if (wished != null) {
            return wished;
        }
        return studio.pack().pictureSize() < LARGE ? usual : Math.min(usual, FEW);
    }

    /** How episodes go in this studio. */
    Settings settings(Studio studio) {
        Settings.Means fitting = Studio.fittingMeans(studio.pack());
        return Settings.standard()
                .with(studio.technique())
                .withMeans(means == null ? fitting : means);
    }
}
