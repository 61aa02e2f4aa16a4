package daumier.diffusion.train;

import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.sample.NoiseSchedule;
import daumier.diffusion.text.ClipTokenizer;

/**
 * What a denoising loss is computed with.
 *
 * @param unet the denoiser
 * @param text the text encoder
 * @param tokenizer the text encoder's tokenizer
 * @param adapter the geometry adapter, or null to train without a map
 * @param schedule the noise schedule
 * @param velocity whether the network predicts v (else epsilon)
 * @param precision of the products
 */
public record Networks(
        UNet2DConditionModel unet,
        ClipTextModel text,
        ClipTokenizer tokenizer,
        T2IAdapter adapter,
        NoiseSchedule schedule,
        boolean velocity,
        Precision precision) {}
