package daumier.diffusion.sample;

import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The LoRAs of a pack: its own files, and what is attached to its U-Net and text encoder. */
final class PackLoras {
    private static final Logger LOG = LoggerFactory.getLogger(PackLoras.class);
    private static final int MOST_NAMED = 5;

    private final Pack pack;
    private final PackSource source;
    private final Map<Path, Integer> attached = new LinkedHashMap<>();

    PackLoras(Pack pack, PackSource source) {
        this.pack = pack;
        this.source = source;
    }

    List<Path> files() {
        Path own = source.folder("lora");
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
        } catch (IOException e) {
            throw new PackException(own + " cannot be listed: " + e.getMessage(), e);
        }
    }

    Optional<Path> lcm() {
        Path own = source.folder("lora").resolve("lcm.safetensors");
        return Files.isRegularFile(own) ? Optional.of(own) : Optional.empty();
    }

    int attach(Path file) {
        Path key = file.toAbsolutePath().normalize();
        Integer known = attached.get(key);
        if (known != null) {
            return known;
        }
        int index;
        try (NDManager scratch = pack.manager().newSubManager()) {
            LoraWeights lora = read(scratch, file); // attaching copies the arrays
            if (!lora.unmatched().isEmpty()) {
                warn(lora, file);
            }
            index = attach(lora);
        }
        attached.put(key, index);
        return index;
    }

    private static void warn(LoraWeights lora, Path file) {
        List<String> names = lora.unmatched();
        LOG.warn(
                "{} of {} takes effect: {} of its tensors fit no layer of the pack and do"
                        + " nothing ({}{}).",
                String.format(Locale.ROOT, "%.1f%%", 100 * lora.fraction()),
                file,
                names.size(),
                String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))),
                names.size() > MOST_NAMED ? ", ..." : "");
    }

    int attach(LoraWeights lora) {
        int index = pack.unet().lora().attach(lora);
        if (pack.textEncoder().lora().attach(lora) != index) {
            throw new IllegalStateException(
                    "LoRAs must be attached to the U-Net and the text encoder alike.");
        }
        return index;
    }

    LoraWeights read(NDManager owner, Path file) {
        List<LoraTarget> targets = new ArrayList<>(pack.unet().loraTargets());
        targets.addAll(pack.textEncoder().loraTargets());
        return source.timed(file, f -> LoraFile.read(f, owner, targets));
    }

    /** Forgets which files were attached. */
    void clear() {
        attached.clear();
    }
}
