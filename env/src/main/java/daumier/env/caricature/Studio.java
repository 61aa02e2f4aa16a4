package daumier.env.caricature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.LookAhead;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.faces.measure.Camera;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Plausibility;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private final Captions captions;
    private final Technique technique;
    private final Optional<Path> faces;
    private LookAhead lookAhead;

    private Studio(
            Pack pack,
            Map<String, Path> loras,
            FaceNets nets,
            FaceNets judges,
            Captions captions,
            int workers,
            Technique technique,
            Optional<Path> faces) {
        this.technique = technique;
        this.faces = faces;
        this.pack = pack;
        this.workers = workers > 0 ? workers : fitting(pack.pictureSize());
        this.manager = pack.manager().newSubManager();
        this.nets = nets;
        this.judges = judges;
        this.captions = captions;
        this.plausibility = new Plausibility(new ModelFit(new ProceduralModel(), Camera.PORTRAIT));
        if (pack.precision() == Precision.BF16) {
            pack.unet().keepRounded(true);
        }
        loras.forEach((name, file) -> styles.put(name, pack.attachLora(file)));
    }

    /**
     * Opens a pack for drawing.
     *
     * @throws IllegalArgumentException if something is missing, in one sentence
     * @throws IOException if a face network cannot be read, in one sentence
     */
    public static Studio open(StudioConfig config) throws IOException {
        Pack pack =
                Pack.open(
                        config.pack(),
                        config.device(),
                        config.precision(),
                        config.packed().orElse(null));
        try {
            Path own = pack.folder().resolve(FACES);
            boolean elsewhere = !Files.isDirectory(own);
            Path faces = elsewhere ? config.faces().orElse(own) : own;
            if (!Files.isDirectory(faces)) {
                throw new IllegalArgumentException(
                        "The pack %s has no folder '%s' with face networks: train them with train-pack."
                                .formatted(pack.folder(), FACES));
            }
            NDManager manager = pack.manager();
            FaceNets nets =
                    elsewhere
                            ? FaceNets.rewardElsewhere(faces, manager)
                            : FaceNets.reward(faces, manager);
            FaceNets judges = config.judges() ? FaceNets.judges(faces, manager) : null;
            return furnished(pack, faces, nets, judges, config);
        } catch (IOException | IllegalArgumentException e) {
            pack.close();
            throw e;
        }
    }

    private static Studio furnished(
            Pack pack, Path faces, FaceNets nets, FaceNets judges, StudioConfig config)
            throws IOException {
        StyleFiles files =
                StyleFiles.of(pack, config.loras(), !faces.equals(pack.folder().resolve(FACES)));
        if (files.files().isEmpty()) {
            throw new IllegalArgumentException(
                    "The pack %s has no style LoRA: name one with --lora, or put it into its folder 'lora'."
                            .formatted(pack.folder()));
        }
        Technique technique = config.technique().apply(fittingTechnique(pack));
        StyleCalibration calibration =
                new StyleCalibration(pack, files, nets, judges, config, technique);
        List<StyleAxis> axes = new ArrayList<>();
        List<StyleAxis> judged = new ArrayList<>();
        for (String name : files.files().keySet()) {
            if (!nets.style().artists().contains(name)) {
                StyleCalibration.Axes found = calibration.of(name);
                axes.add(found.reward());
                judged.add(found.judge());
            }
        }
        return new Studio(
                pack,
                files.files(),
                axes.isEmpty() ? nets : nets.withStyle(new StyleGauge(nets.style(), axes)),
                axes.isEmpty() || judges == null
                        ? judges
                        : judges.withStyle(new StyleGauge(judges.style(), judged)),
                files,
                config.workers(),
                technique,
                Optional.of(faces));
    }

    /** How a pack is drawn with unless somebody says otherwise. */
    public static Technique fittingTechnique(Pack pack) {
        return pack.adapter().isPresent() ? Technique.words() : Technique.photograph();
    }

    /** How exaggeration acts in a pack unless somebody says otherwise: by all it has. */
    public static Settings.Means fittingMeans(Pack pack) {
        return pack.adapter().isPresent() ? Settings.Means.BOTH : Settings.Means.WARP;
    }

    /** A pack with face networks of its own and all its LoRAs, see {@link StudioConfig}. */
    public static Studio open(
            Path folder, Device device, Precision precision, boolean withJudges, int workers)
            throws IOException {
        return open(StudioConfig.of(folder, device, precision, withJudges, workers));
    }

    /** The same with one worker. */
    public static Studio open(Path folder, Device device, Precision precision, boolean withJudges)
            throws IOException {
        return open(folder, device, precision, withJudges, 1);
    }

    /**
     * A studio with other measures than a pack's own networks, and with those of the pack's LoRAs
     * that they know.
     *
     * @param pack closed with the studio
     * @param nets what a policy sees through and is paid by
     * @param judges what only judges, or null
     */
    public static Studio of(Pack pack, FaceNets nets, FaceNets judges) {
        Map<String, Path> known = new LinkedHashMap<>();
        for (Path file : pack.loraFiles()) {
            String name = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
            if (nets.style().artists().contains(name)) {
                known.put(name, file);
            }
        }
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "The pack %s has no style LoRA that its style network knows (%s): train them with train-pack."
                            .formatted(pack.folder(), String.join(", ", nets.style().artists())));
        }
        return drawing(pack, known, nets, EpisodeSpec::prompt, judges, 1);
    }

    /** A studio of some LoRAs, without judges, that shares the pack with others. */
    static Studio drawing(
            Pack pack, Map<String, Path> loras, FaceNets nets, Captions captions, int workers) {
        return drawing(pack, loras, nets, captions, null, workers);
    }

    private static Studio drawing(
            Pack pack,
            Map<String, Path> loras,
            FaceNets nets,
            Captions captions,
            FaceNets judges,
            int workers) {
        return new Studio(
                pack,
                loras,
                nets,
                judges,
                captions,
                workers,
                fittingTechnique(pack),
                Optional.empty());
    }

    /** Names of the style LoRAs that can be drawn with. */
    public List<String> styles() {
        return List.copyOf(styles.keySet());
    }

    /** Episodes of one split with all styles of this studio. */
    public PopulationEpisodes episodes(Split split) {
        return new PopulationEpisodes(
                split, styles(), nets.meter().medianLength(), nets.meter().trusted(), captions);
    }

    /** How the pack is drawn with here. */
    public Technique technique() {
        return technique;
    }

    /** The folder that the face networks came from. */
    public Optional<Path> faces() {
        return faces;
    }

    /** The words for a person in a style of this studio. */
    public String prompt(Subject subject, View view, String style) {
        return captions.of(subject, view, style);
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

    /**
     * Pictures of previews. What is measured on them decides what is drawn, and a tiny autoencoder
     * blurs the measures: of small pictures, whose decoder costs little, previews are decoded by
     * the full one. On the embedded pack that brings the last preview's regions from 1 to 0.2
     * median displacements of the finished picture's, for a tenth more time.
     *
     * @param latents (b, c, h, w), scaled
     * @return (b, 3, H, W) in [-1, 1]
     */
    NDArray decodePreview(NDArray latents) {
        return previewsAreWhole() ? pack.decode(latents) : pack.decodePreview(latents);
    }

    /** Whether previews are decoded by the full autoencoder, as finished pictures are. */
    boolean previewsAreWhole() {
        return pack.pictureSize() < LARGE;
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
