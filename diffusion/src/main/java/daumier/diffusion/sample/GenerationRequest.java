package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.schedule.Composition;
import java.nio.file.Path;
import java.util.List;

/**
 * What to draw. Arrays stay the caller's.
 *
 * @param prompt what the picture shows; any length, see {@link Pack#encodePrompt(NDManager, List,
 *     int, LoraScales)}
 * @param negativePrompt what to be guided away from
 * @param sampler a name of {@link Sampler#NAMES}, or null for the one the pack was configured for
 * @param eta fresh noise of the sampler ddim, 0 to 1
 * @param detailPhase the last part of the noise schedule in which fresh noise is normalised, see
 *     {@link Phased}; 0 for none
 * @param steps of the plan; image-to-image runs the last {@code int(steps * strength)} of them
 * @param guidance classifier-free guidance scale; 1 or less for none
 * @param seeds one for each picture
 * @param width in pixels; 0 for the pack's own size, or that of the initial picture or latents
 * @param height in pixels; 0 likewise
 * @param clipSkip 1 for the text encoder's last layer, 2 for the one before it (A1111's count); for
 *     the prompt
 * @param negativeClipSkip the same for the negative prompt: 1 as in diffusers' pipelines, while
 *     A1111 takes the prompt's
 * @param loras what acts beside the U-Net's own weights
 * @param composition how several LoRAs act together
 * @param initImage (1 or b, 3, H, W) in [-1, 1] to start from, or null
 * @param strength how much of the plan image-to-image runs, above 0 to 1
 * @param latents unit noise (b, c, h, w), before the sampler's initial noise scale, or null to draw
 *     it from the seeds
 * @param adapterFolder of a T2I adapter, or null for the pack's own
 * @param condition picture for the adapter (1 or b, c, H, W) in [0, 1], or null for no adapter
 * @param adapterScale factor of the adapter's residuals
 * @param portrait what the pictures' self-attention looks at beside themselves, or null
 * @param previewGuidance what the previews are led by, or null
 */
public record GenerationRequest(
        String prompt,
        String negativePrompt,
        String sampler,
        double eta,
        double detailPhase,
        int steps,
        double guidance,
        List<Long> seeds,
        int width,
        int height,
        int clipSkip,
        int negativeClipSkip,
        List<LoraUse> loras,
        Composition composition,
        NDArray initImage,
        double strength,
        NDArray latents,
        Path adapterFolder,
        NDArray condition,
        double adapterScale,
        Portrait portrait,
        PreviewGuidance previewGuidance) {

    /**
     * A portrait for {@link Reference}.
     *
     * @param picture (1, 3, H, W) in [-1, 1], of the size that is drawn
     * @param strength factor of the attention that it gets, above 0
     * @param lowest timestep at which it is seen
     * @param highest timestep at which it is seen
     * @param seed of its noise
     */
    public record Portrait(
            NDArray picture, double strength, double lowest, double highest, long seed) {}

    /** Checks what can be checked without a pack. */
    public GenerationRequest {
        seeds = List.copyOf(seeds);
        loras = List.copyOf(loras);
        composition.check(loras.size());
        if (previewGuidance != null && composition instanceof Composition.Composite) {
            throw new IllegalArgumentException(
                    "Guidance by the preview does not go with LoRAs composed by composite: choose another composition.");
        }
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("A generation needs at least one seed.");
        }
        if (!Double.isFinite(guidance) || !Double.isFinite(adapterScale)) {
            throw new IllegalArgumentException(
                    "Guidance and adapter scale must be finite numbers.");
        }
        if (initImage != null && latents != null) {
            throw new IllegalArgumentException(
                    "Give either an initial picture or latents to start from, not both.");
        }
    }

    /** One picture: 30 steps, guidance 7.5, seed 0, the pack's own sampler and size. */
    public static Builder of(String prompt) {
        return new Builder(prompt);
    }

    /** Collects a request; every setter has the default of {@link #of}. */
    public static final class Builder {
        private final String prompt;
        private String negativePrompt = "";
        private String sampler;
        private double eta;
        private double detailPhase;
        private int steps = 30;
        private double guidance = 7.5;
        private List<Long> seeds = List.of(0L);
        private int width;
        private int height;
        private int clipSkip = 1;
        private int negativeClipSkip = 1;
        private List<LoraUse> loras = List.of();
        private Composition composition = Composition.SUM;
        private NDArray initImage;
        private double strength = 0.8;
        private NDArray latents;
        private Path adapterFolder;
        private NDArray condition;
        private double adapterScale = 1;
        private Portrait portrait;
        private PreviewGuidance previewGuidance;

        private Builder(String prompt) {
            this.prompt = prompt;
        }

        /** What to be guided away from. */
        public Builder negativePrompt(String value) {
            negativePrompt = value;
            return this;
        }

        /** A name of {@link Sampler#NAMES}; null for the pack's own. */
        public Builder sampler(String value) {
            sampler = value;
            return this;
        }

        /** Fresh noise of the sampler ddim, 0 to 1. */
        public Builder eta(double value) {
            eta = value;
            return this;
        }

        /** The part of the schedule in which fresh noise is normalised, 0 to 1. */
        public Builder detailPhase(double value) {
            detailPhase = value;
            return this;
        }

        /** Steps of the plan. */
        public Builder steps(int value) {
            steps = value;
            return this;
        }

        /** Guidance scale; 1 or less for none. */
        public Builder guidance(double value) {
            guidance = value;
            return this;
        }

        /** One for each picture. */
        public Builder seeds(List<Long> value) {
            seeds = value;
            return this;
        }

        /** Pixels; 0 for the natural size. */
        public Builder width(int value) {
            width = value;
            return this;
        }

        /** Pixels; 0 for the natural size. */
        public Builder height(int value) {
            height = value;
            return this;
        }

        /** 1 for the text encoder's last layer. */
        public Builder clipSkip(int value) {
            clipSkip = value;
            return this;
        }

        /** The same for the negative prompt. */
        public Builder negativeClipSkip(int value) {
            negativeClipSkip = value;
            return this;
        }

        /** What acts beside the U-Net's own weights. */
        public Builder loras(List<LoraUse> value) {
            loras = value;
            return this;
        }

        /** How several LoRAs act together. */
        public Builder composition(Composition value) {
            composition = value;
            return this;
        }

        /** A picture (1 or b, 3, H, W) in [-1, 1] to start from. */
        public Builder initImage(NDArray value) {
            initImage = value;
            return this;
        }

        /** How much of the plan image-to-image runs, above 0 to 1. */
        public Builder strength(double value) {
            strength = value;
            return this;
        }

        /** Unit noise (b, c, h, w) to start from. */
        public Builder latents(NDArray value) {
            latents = value;
            return this;
        }

        /** A T2I adapter; null for the pack's own. */
        public Builder adapterFolder(Path value) {
            adapterFolder = value;
            return this;
        }

        /** The adapter's picture (1 or b, c, H, W) in [0, 1]. */
        public Builder condition(NDArray value) {
            condition = value;
            return this;
        }

        /** Factor of the adapter's residuals. */
        public Builder adapterScale(double value) {
            adapterScale = value;
            return this;
        }

        /** What self-attention looks at too; null for nothing. */
        public Builder portrait(Portrait value) {
            portrait = value;
            return this;
        }

        /** What the previews are led by; null for nothing. */
        public Builder previewGuidance(PreviewGuidance value) {
            previewGuidance = value;
            return this;
        }

        /** The request, checked. */
        public GenerationRequest build() {
            return new GenerationRequest(
                    prompt,
                    negativePrompt,
                    sampler,
                    eta,
                    detailPhase,
                    steps,
                    guidance,
                    seeds,
                    width,
                    height,
                    clipSkip,
                    negativeClipSkip,
                    loras,
                    composition,
                    initImage,
                    strength,
                    latents,
                    adapterFolder,
                    condition,
                    adapterScale,
                    portrait,
                    previewGuidance);
        }
    }
}
