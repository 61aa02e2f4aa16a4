package daumier.env.caricature;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.LookAhead;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.faces.measure.Camera;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Plausibility;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that drawing needs and that outlives an episode: a pack with its style LoRAs attached,
 * the networks that look at pictures, and renderers of the procedural faces. Used by one thread at
 * a time.
 */
public final class Studio implements AutoCloseable {
    private static final String FACES = "faces";

    /** Side of pictures from which on single operations gain by several threads. */
    private static final int LARGE = 256;

    private final Pack pack;
    private final FaceNets nets;
    private final FaceNets judges;
    private final NDManager manager;
    private final Plausibility plausibility;
    private final Renderers renderers = new Renderers();
    private final Map<String, Integer> styles = new LinkedHashMap<>();
    private final int workers;
    private LookAhead lookAhead;

    private Studio(Pack pack, NDManager manager, FaceNets nets, FaceNets judges, int workers) {
        this.pack = pack;
        this.workers = workers > 0 ? workers : fitting(pack.pictureSize());
        this.manager = manager;
        this.nets = nets;
        this.judges = judges;
        this.plausibility = new Plausibility(new ModelFit(new ProceduralModel(), Camera.PORTRAIT));
        if (pack.precision() == Precision.BF16) {
            pack.unet().keepRounded(true);
        }
        for (Path file : pack.loraFiles()) {
            String name = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
            if (nets.style().artists().contains(name)) {
                styles.put(name, pack.attachLora(file));
            }
        }
        if (styles.isEmpty()) {
            throw new IllegalArgumentException(
                    "The pack %s has no style LoRA that its style network knows (%s): train them with train-pack."
                            .formatted(pack.folder(), String.join(", ", nets.style().artists())));
        }
    }

    /**
     * Opens a pack for drawing.
     *
     * @param folder in the diffusers layout, with {@code faces/} and {@code lora/} in it
     * @param withJudges whether finished pictures are also seen by the networks that no reward ever
     *     saw
     * @param workers threads that lanes are divided among, 0 for what suits the pack: small
     *     pictures are drawn fastest by one worker for each processor, large ones by one worker
     *     whose operations use all of them. Another number changes what is drawn by rounding only
     * @throws IllegalArgumentException if something is missing, in one sentence
     * @throws IOException if a face network cannot be read, in one sentence
     */
    public static Studio open(
            Path folder, Device device, Precision precision, boolean withJudges, int workers)
            throws IOException {
        Path faces = folder.resolve(FACES);
        Pack pack = Pack.open(folder, device, precision);
        try {
            if (!Files.isDirectory(faces)) {
                throw new IllegalArgumentException(
                        "The pack %s has no folder '%s' with face networks: train them with train-pack."
                                .formatted(folder, FACES));
            }
            NDManager manager = pack.manager().newSubManager();
            FaceNets nets = FaceNets.reward(faces, manager);
            FaceNets judges = withJudges ? FaceNets.judges(faces, manager) : null;
            return new Studio(pack, manager, nets, judges, workers);
        } catch (IOException | IllegalArgumentException e) {
            pack.close();
            throw e;
        }
    }

    /** The same with one worker. */
    public static Studio open(Path folder, Device device, Precision precision, boolean withJudges)
            throws IOException {
        return open(folder, device, precision, withJudges, 1);
    }

    /**
     * A studio with other measures than a pack's own networks.
     *
     * @param pack closed with the studio
     * @param nets what a policy sees through and is paid by
     * @param judges what only judges, or null
     */
    public static Studio of(Pack pack, FaceNets nets, FaceNets judges) {
        return new Studio(pack, pack.manager().newSubManager(), nets, judges, 1);
    }

    /** Names of the style LoRAs that can be drawn with. */
    public List<String> styles() {
        return List.copyOf(styles.keySet());
    }

    /** Episodes of one split with all styles of this studio. */
    public PopulationEpisodes episodes(Split split) {
        return new PopulationEpisodes(
                split, styles(), nets.meter().medianLength(), nets.meter().trusted());
    }

    private static int fitting(int side) {
        return side < LARGE ? Runtime.getRuntime().availableProcessors() : 1;
    }

    /** Threads that the lanes of an environment are divided among. */
    public int workers() {
        return workers;
    }

    /** The pack. */
    public Pack pack() {
        return pack;
    }

    /** Measures of the reward. */
    public FaceNets nets() {
        return nets;
    }

    /** Measures that only judge. */
    public Optional<FaceNets> judges() {
        return Optional.ofNullable(judges);
    }

    Renderers renderers() {
        return renderers;
    }

    Plausibility plausibility() {
        return plausibility;
    }

    Sampler sampler() {
        return pack.sampler("ddim");
    }

    int columnOf(String style) {
        Integer column = styles.get(style);
        if (column == null) {
            throw new IllegalArgumentException(
                    "There is no style LoRA '%s' in this pack, only %s."
                            .formatted(style, String.join(", ", styles.keySet())));
        }
        return column;
    }

    LookAhead lookAhead() {
        if (lookAhead == null) {
            lookAhead = LookAhead.of(pack);
        }
        return lookAhead;
    }

    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
        pack.close();
    }
}
