package daumier.cli.pack.card;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.sample.Conditioning;
import daumier.diffusion.sample.GuidedUNet;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.PackException;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.sample.SamplingState;
import daumier.diffusion.sample.SamplingStep;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Pictures of a pack without LoRAs: drawn from words and maps, or coded and decoded. */
final class Painter {
    private static final int BATCH = 8;

    private final Pack pack;

    Painter(Pack pack) {
        this.pack = pack;
    }

    /**
     * Draws with DDIM.
     *
     * @param prompts one a picture
     * @param maps one a picture, or null for none
     * @param firstSeed of the noise; picture i has {@code firstSeed + i}
     * @param guidance 1 for none
     */
    List<Picture> draw(
            List<String> prompts, List<float[]> maps, long firstSeed, int steps, double guidance) {
        List<Picture> pictures = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += BATCH) {
            int to = Math.min(prompts.size(), from + BATCH);
            long[] seeds = new long[to - from];
            for (int i = 0; i < seeds.length; i++) {
                seeds[i] = firstSeed + from + i;
            }
            List<float[]> some = maps == null ? null : maps.subList(from, to);
            pictures.addAll(batch(prompts.subList(from, to), some, seeds, steps, guidance));
        }
        return pictures;
    }

    private List<Picture> batch(
            List<String> prompts, List<float[]> maps, long[] seeds, int steps, double guidance) {
        int side = pack.pictureSize();
        try (NDManager scratch = pack.manager().newSubManager()) {
            NDArray text = pack.encodePrompt(scratch, prompts, 1);
            Conditioning conditioning = Conditioning.unguided(text);
            if (guidance > 1) {
                List<String> nothing = Collections.nCopies(prompts.size(), "");
                NDArray negative = pack.encodePrompt(scratch, nothing, 1);
                conditioning = Conditioning.guided(text, negative, guidance);
            }
            GuidedUNet denoiser =
                    new GuidedUNet(
                            pack.unet(),
                            pack.schedulerConfig().predictionType(),
                            pack.precision(),
                            conditioning,
                            maps == null ? null : residuals(scratch, maps),
                            null);
            Sampler sampler = pack.sampler("ddim");
            List<SamplingStep> plan = sampler.plan(steps);
            Shape row = pack.latentShape(side, side);
            SamplingState state =
                    SamplingState.fromNoise(scratch, sampler, plan.get(0).from(), row, seeds);
            for (SamplingStep step : plan) {
                try (SamplingState last = state) {
                    state = sampler.step(last, denoiser, step);
                }
            }
            NDArray latents = state.latents();
            latents.attach(scratch);
            return pictures(pack.decode(latents));
        }
    }

    private List<NDArray> residuals(NDManager scratch, List<float[]> maps) {
        int side = FaceRenderer.SIDE;
        int size = FaceRenderer.MAP_CHANNELS * side * side;
        float[] all = new float[maps.size() * size];
        for (int i = 0; i < maps.size(); i++) {
            System.arraycopy(maps.get(i), 0, all, i * size, size);
        }
        NDArray condition =
                scratch.create(all, new Shape(maps.size(), FaceRenderer.MAP_CHANNELS, side, side));
        return pack.adapterResiduals(
                pack.adapter().orElseThrow(() -> new PackException("The pack has no adapter.")),
                condition,
                1);
    }

    /**
     * Codes pictures and decodes them again.
     *
     * @param byTiny whether the tiny autoencoder decodes instead of the full one, as it does for
     *     previews
     */
    List<Picture> coded(List<Picture> originals, boolean byTiny) {
        List<Picture> result = new ArrayList<>();
        for (int from = 0; from < originals.size(); from += BATCH) {
            List<Picture> some = originals.subList(from, Math.min(originals.size(), from + BATCH));
            try (NDManager scratch = pack.manager().newSubManager()) {
                NDArray planes = planes(scratch, some);
                NDArray latents = pack.encodeImage(planes, null);
                result.addAll(
                        pictures(byTiny ? pack.decodePreview(latents) : pack.decode(latents)));
            }
        }
        return result;
    }

    private static NDArray planes(NDManager scratch, List<Picture> pictures) {
        int width = pictures.get(0).width();
        int height = pictures.get(0).height();
        int size = 3 * width * height;
        float[] all = new float[pictures.size() * size];
        for (int i = 0; i < pictures.size(); i++) {
            System.arraycopy(pictures.get(i).toChw(), 0, all, i * size, size);
        }
        return scratch.create(all, new Shape(pictures.size(), 3, height, width));
    }

    private static List<Picture> pictures(NDArray planes) {
        Shape shape = planes.getShape();
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        float[] values = planes.toFloatArray();
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < shape.get(0); i++) {
            pictures.add(Picture.fromChw(values, i * 3 * width * height, width, height));
        }
        return pictures;
    }
}
