package daumier.diffusion.sample;

import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.schedule.LoraSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The LoRA scales of every step of one generation, for U-Net and text encoder. */
final class LoraPlan {
    /** A LoRA, attached to the pack at an index. */
    private record Attached(int index, LoraUse use) {}

    private final List<Attached> loras;
    private final int columns;

    private LoraPlan(List<Attached> loras, int columns) {
        this.loras = loras;
        this.columns = columns;
    }

    /**
     * Attaches what is asked for.
     *
     * @throws IllegalArgumentException with one sentence if a LoRA is named twice and the two do
     *     not simply add up
     */
    static LoraPlan attach(Pack pack, List<LoraUse> uses) {
        List<Attached> loras = new ArrayList<>();
        for (LoraUse use : uses) {
            int index = pack.attachLora(use.file());
            for (Attached other : loras) {
                if (other.index() == index && !(isPlain(use) && isPlain(other.use()))) {
                    throw new IllegalArgumentException(
                            "The LoRA %s is named twice: with blocks or a mask, name it once."
                                    .formatted(use.file()));
                }
            }
            requireParts(pack, use);
            loras.add(new Attached(index, use));
        }
        return new LoraPlan(loras, pack.loraCount());
    }

    /** A weight for a block that the U-Net does not have would be lost without a word. */
    private static void requireParts(Pack pack, LoraUse use) {
        for (Map.Entry<String, String> part : use.schedule().prefixes().entrySet()) {
            boolean known =
                    pack.unet().lora().targets().stream()
                            .anyMatch(layer -> layer.path().startsWith(part.getValue()));
            if (!known) {
                throw new IllegalArgumentException(
                        "The U-Net of %s has no layers in '%s', which the schedule of the LoRA %s names."
                                .formatted(pack.folder(), part.getKey(), use.file()));
            }
        }
    }

    private static boolean isPlain(LoraUse use) {
        return use.mask() == null && use.schedule().isUniform();
    }

    /** The U-Net's scales at a progress; null without LoRAs. */
    LoraScales unet(double progress) {
        if (loras.isEmpty()) {
            return null;
        }
        float[] scales = new float[columns];
        for (Attached lora : loras) {
            LoraSchedule schedule = lora.use().schedule();
            if (schedule.isUniform()) {
                scales[lora.index()] += (float) schedule.unet().at(progress);
            } else if (schedule.byPrefix(progress).values().stream().anyMatch(w -> w != 0)) {
                scales[lora.index()] = 1; // the blocks' own weights are its factors
            }
        }
        LoraScales all = LoraScales.of(scales);
        for (Attached lora : loras) {
            if (!lora.use().schedule().isUniform()) {
                Map<String, Float> factors = lora.use().schedule().byPrefix(progress);
                all = all.withBlocks(lora.index(), factors);
            }
            if (lora.use().mask() != null) {
                all = all.withMask(lora.index(), lora.use().mask());
            }
        }
        return all;
    }

    /** The text encoder's scales at a progress, one for each attached LoRA; empty without LoRAs. */
    Optional<float[]> te(double progress) {
        if (loras.isEmpty()) {
            return Optional.empty();
        }
        float[] scales = new float[columns];
        for (Attached lora : loras) {
            scales[lora.index()] += (float) lora.use().schedule().teAt(progress);
        }
        return Optional.of(scales);
    }
}
