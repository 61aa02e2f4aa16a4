package daumier.diffusion.sample;

import daumier.diffusion.schedule.WeightSchedule;
import java.nio.file.Path;

/**
 * A LoRA and how strongly it acts over a sampling. Text is encoded once, with the weight of the
 * first step.
 */
public record LoraUse(Path file, WeightSchedule weight) {}
