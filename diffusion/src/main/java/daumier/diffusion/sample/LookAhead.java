package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.LoraScales;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a half-finished sampling will look like (LCM-Lookahead, Gal et al. 2024): one unguided call
 * of the U-Net with an LCM-LoRA beside the LoRAs that act anyway, which answers in one step; or,
 * without such a LoRA, the plain estimate of the clean latents.
 */
public final class LookAhead {
    private final Pack pack;
    private final Lcm consistency;
    private final Integer lora;
    private final float weight;

    private LookAhead(Pack pack, Integer lora, float weight) {
        this.pack = pack;
        this.consistency = Lcm.of(pack.schedulerConfig());
        this.lora = lora;
        this.weight = weight;
    }

    /** With the pack's own LCM-LoRA at weight 1 where it has one, else the plain estimate. */
    public static LookAhead of(Pack pack) {
        Optional<Path> own = pack.lcmLora();
        return own.isPresent() ? with(pack, own.get(), 1) : plain(pack);
    }

    /** With any LCM-LoRA. */
    public static LookAhead with(Pack pack, Path lcmLora, double weight) {
        return new LookAhead(pack, pack.attachLora(lcmLora), (float) weight);
    }

    /** Without one: the plain estimate of the clean latents, guided as the sampling is. */
    public static LookAhead plain(Pack pack) {
        return new LookAhead(pack, null, 0);
    }

    /** Whether an LCM-LoRA is used. */
    public boolean usesLora() {
        return lora != null;
    }

    /**
     * The clean latents that are foreseen from a state (b, c, h, w).
     *
     * @param owner of the result
     * @param denoiser as it is used for the sampling: its text, adapter and LoRA scales hold
     */
    public NDArray latents(NDManager owner, SamplingState state, GuidedUNet denoiser) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray x = SamplingState.borrow(scratch, state.latents());
            NDArray x0 = latents(x, state.at(), denoiser);
            x0.attach(owner);
            return x0;
        }
    }

    /** The same from noisy latents and their levels, differentiable, with their manager. */
    NDArray latents(NDArray x, List<NoiseLevel> at, GuidedUNet denoiser) {
        if (lora == null) {
            return denoiser.x0(x, at);
        }
        LoraScales base = denoiser.scales() == null ? LoraScales.of(0) : denoiser.scales();
        GuidedUNet quick =
                denoiser.withText(denoiser.text().unguided()).withScales(base.with(lora, weight));
        return consistency.estimate(x.getManager(), x, quick.x0(x, at), at);
    }

    /**
     * The picture foreseen, (b, 3, H, W) in about [-1, 1], by the tiny autoencoder if there is one.
     */
    public NDArray picture(NDManager owner, SamplingState state, GuidedUNet denoiser) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray picture = pack.decodePreview(latents(scratch, state, denoiser));
            picture.attach(owner);
            return picture;
        }
    }
}
