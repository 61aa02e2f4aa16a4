package daumier.diffusion.sample;

import java.util.Map;

/**
 * What really acts of one LoRA in one call of the network, whatever its schedule alone would say.
 *
 * @param unet weight in the U-Net wherever no block says otherwise
 * @param blocks weights of blocks by their names in the schedule
 * @param te weight in the text encoder
 * @param share where these weights hold: 1 for everywhere, else the part of the U-Net's layers that
 *     this LoRA changes (klora) or of the estimates whose mean is taken (composite); 0 while
 *     another LoRA has its turn (switch)
 */
public record LoraMoment(double unet, Map<String, Double> blocks, double te, double share) {}
