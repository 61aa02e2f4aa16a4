package daumier.env.caricature;

import ai.djl.Device;
import daumier.diffusion.nn.PackedCache;
import daumier.diffusion.nn.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a studio is opened with.
 *
 * @param pack folder in the diffusers layout, or one checkpoint file
 * @param faces folder of face networks for packs that bring none of their own
 * @param loras style LoRAs to draw with: files, or names of files in the pack's {@code lora/}; none
 *     means all of the pack's
 * @param judges whether finished pictures are also seen by the networks that no reward ever saw
 * @param workers threads that lanes are divided among, 0 for what suits the pack: small pictures
 *     are drawn fastest by one worker for each processor, large ones by one worker whose operations
 *     use all of them. Another number changes what is drawn by rounding only
 * @param technique changes to how a pack like this one is drawn with
 * @param calibrations folder that keeps what was measured of LoRAs that the style networks do not
 *     know; empty keeps nothing
 * @param packed keeps packed weights of large networks; empty keeps nothing
 * @param progress hears of work that takes long
 */
public record StudioConfig(
        Path pack,
        Optional<Path> faces,
        List<String> loras,
        Device device,
        Precision precision,
        boolean judges,
        int workers,
        UnaryOperator<Technique> technique,
        Optional<Path> calibrations,
        Optional<PackedCache> packed,
        Consumer<String> progress) {
    /** Copies the list. */
    public StudioConfig {
        loras = List.copyOf(loras);
    }

    /** A pack with face networks of its own and all its LoRAs. */
    public static StudioConfig of(
            Path pack, Device device, Precision precision, boolean judges, int workers) {
        return new StudioConfig(
                pack,
                Optional.empty(),
                List.of(),
                device,
                precision,
                judges,
                workers,
                UnaryOperator.identity(),
                Optional.empty(),
                Optional.empty(),
                line -> {});
    }
}
