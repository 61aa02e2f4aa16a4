package daumier.env.caricature;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import daumier.faces.world.FaceRenderer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Finds out what a LoRA does that no style network was trained on: draws a few people of the
 * training split without it and with it, and fits a {@link StyleAxis} to the difference. What was
 * found is kept in a file by the digests of LoRA and pack, so that it is done once.
 */
final class StyleCalibration {
    private static final int PEOPLE = 6;

    /** Far from the people that policies are trained and rules are tuned on. */
    private static final int FIRST = 90_000;

    /** Pictures of this side and larger are drawn few at a time. */
    private static final int LARGE = 256;

    private static final int FEW = 2;

    /** Changes when drawings or features do. */
    private static final String VERSION = "1";

    /** What was found. */
    record Axes(StyleAxis reward, StyleAxis judge) {}

    private final Pack pack;
    private final StyleFiles files;
    private final FaceNets nets;
    private final FaceNets judges;
    private final StudioConfig config;
    private final Technique technique;

    /**
     * For one pack.
     *
     * @param judges may be null
     */
    StyleCalibration(
            Pack pack,
            StyleFiles files,
            FaceNets nets,
            FaceNets judges,
            StudioConfig config,
            Technique technique) {
        this.pack = pack;
        this.files = files;
        this.nets = nets;
        this.judges = judges;
        this.config = config;
        this.technique = technique;
    }

    /**
     * The axes of one LoRA; the judges' is null without judges.
     *
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if the LoRA does nothing that can be seen
     */
    Axes of(String name) throws IOException {
        Path kept = kept(name);
        Axes known = kept == null ? null : read(kept, name);
        if (known != null) {
            return known;
        }
        config.progress()
                .accept(
                        "finding out what the LoRA %s does: %d drawings, once"
                                .formatted(name, 2 * PEOPLE));
        List<Picture> without = draw(name, 0);
        List<Picture> with = draw(name, 1);
        Axes axes =
                new Axes(
                        fit(name, nets.style(), without, with),
                        judges == null ? null : fit(name, judges.style(), without, with));
        if (kept != null) {
            write(kept, axes);
        }
        return axes;
    }

    private static StyleAxis fit(
            String name, FaceNets.Style style, List<Picture> without, List<Picture> with) {
        return StyleAxis.fit(name, style.features(without), style.features(with));
    }

    private List<Picture> draw(String name, double weight) {
        // Not closed: that would close the pack. Its arrays live as long as the pack.
        Studio studio =
                Studio.drawing(
                        pack,
                        Map.of(name, files.files().get(name)),
                        nets.withStyle(new StyleGauge(nets.style(), List.of(StyleAxis.none(name)))),
                        files,
                        config.workers());
        Settings settings =
                Settings.standard()
                        .with(technique)
                        .withMeans(Studio.fittingMeans(pack))
                        .withPictures();
        List<EpisodeSpec> people = studio.episodes(Split.TRAIN).numbered(FIRST, PEOPLE);
        int lanes = pack.pictureSize() < LARGE ? PEOPLE : FEW;
        List<Picture> drawn = new ArrayList<>();
        double[] move = new Move(new double[MeterTarget.REGIONS.size()], weight, 1).toAction();
        try (CaricatureVectorEnvironment environment =
                new CaricatureVectorEnvironment(
                        studio,
                        settings,
                        EpisodeSource.of(people),
                        lanes,
                        AutoresetMode.DISABLED)) {
            for (int from = 0; from < PEOPLE; from += lanes) {
                drawn.addAll(draw(environment, people.subList(from, from + lanes), move));
            }
        }
        return drawn;
    }

    private static List<Picture> draw(
            CaricatureVectorEnvironment environment, List<EpisodeSpec> people, double[] move) {
        List<LaneReset> resets = new ArrayList<>();
        for (int lane = 0; lane < people.size(); lane++) {
            resets.add(
                    new LaneReset(
                            lane,
                            OptionalLong.of(lane),
                            Map.of(CaricatureVectorEnvironment.EPISODE, people.get(lane))));
        }
        environment.reset(resets);
        Picture[] pictures = new Picture[people.size()];
        while (Arrays.asList(pictures).contains(null)) {
            VectorStep step = environment.step(Collections.nCopies(people.size(), move));
            for (int lane = 0; lane < pictures.length; lane++) {
                Object outcome = step.infos().get(lane).get(CaricatureVectorEnvironment.OUTCOME);
                if (outcome instanceof Outcome done) {
                    pictures[lane] =
                            Pictures.resize(done.picture(), FaceRenderer.SIDE, FaceRenderer.SIDE);
                }
            }
        }
        return List.of(pictures);
    }

    /** Where the axes of a LoRA are kept, or null if they are not. */
    private Path kept(String name) throws IOException {
        if (config.calibrations().isEmpty()) {
            return null;
        }
        MessageDigest digest = sha256();
        add(digest, VERSION + technique + Studio.fittingMeans(pack) + (judges == null));
        try (InputStream in = Files.newInputStream(files.files().get(name))) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        // A checkpoint of gigabytes is known by its place, size and date.
        Path folder = pack.folder().toAbsolutePath().normalize();
        Path weights = folder.resolve("unet").resolve("diffusion_pytorch_model.safetensors");
        Path known = Files.isRegularFile(weights) ? weights : folder;
        add(digest, known + " " + Files.size(known) + " " + Files.getLastModifiedTime(known));
        String hex = HexFormat.of().formatHex(digest.digest(), 0, 8);
        return config.calibrations().get().resolve(name + "-" + hex + ".json");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform knows SHA-256.", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is kept, or null if it is nothing or damaged: then it is measured anew. */
    private Axes read(Path file, String name) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            Axes axes = new Gson().fromJson(Files.readString(file), Axes.class);
            boolean whole =
                    axes != null
                            && axes.reward() != null
                            && axes.reward().direction() != null
                            && (judges == null || axes.judge() != null);
            return whole ? axes : null;
        } catch (JsonParseException e) {
            config.progress().accept("what was kept of the LoRA " + name + " is damaged");
            return null;
        }
    }

    private static void write(Path file, Axes axes) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = Files.createTempFile(file.getParent(), "axis", ".tmp");
        Files.writeString(beside, new Gson().toJson(axes));
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
