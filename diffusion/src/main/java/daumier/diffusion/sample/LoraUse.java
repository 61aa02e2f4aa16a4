package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.schedule.WeightSchedule;
import java.nio.file.Path;

/**
 * A LoRA and how strongly it acts over a sampling. Text is encoded anew whenever the weight of a
 * text encoder changes; without such a weight it is encoded once, with the first step's.
 *
 * @param file the LoRA
 * @param schedule its weights
 * @param mask (1, 1, h, w) of any size, 1 where it acts in the U-Net and 0 where not, or null for
 *     everywhere. It stays the caller's.
 */
public record LoraUse(Path file, LoraSchedule schedule, NDArray mask) {
    /** The same weight in the whole picture and in all blocks. */
    public LoraUse(Path file, WeightSchedule weight) {
        this(file, LoraSchedule.of(weight), null);
    }
}
