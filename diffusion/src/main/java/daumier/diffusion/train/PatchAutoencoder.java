package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.nn.VaeConfig;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes a {@link PatchCode} into the weights of an AutoencoderKL. The encoder becomes the code
 * itself: its convolutions gather the 48 values of a patch, the last pointwise convolution weighs
 * them, its residual branches are silent. The decoder starts with the mean colours of the patches
 * and learns the rest. Diffusers reads the result like any other AutoencoderKL.
 *
 * <p>Why: group norms over the whole picture hide its overall colour, and an autoencoder of this
 * kind learns it back very slowly. Here two constant channels of opposite sign dominate the
 * statistics of the last norm, which thereby is a fixed scaling, and signals travel as pairs of
 * opposite sign, since silu(x) - silu(-x) = x.
 */
public final class PatchAutoencoder {
    private static final int COLOURS = 3;
    private static final int TAPS = 4;
    private static final float ENCODER_CONSTANT = 30;
    private static final float DECODER_CONSTANT = 12;

    /** Variance of everything but the constants, about, where the last norms stand. */
    private static final float SIGNAL = 8;

    /** Of the posterior: as good as none. */
    private static final float LOG_VARIANCE = -20;

    private static final float OTHER_FEATURES = 0.1f;

    private final SortedMap<String, NDArray> parameters;
    private final VaeConfig config;
    private final PatchCode code;

    private PatchAutoencoder(
            SortedMap<String, NDArray> parameters, VaeConfig config, PatchCode code) {
        this.parameters = parameters;
        this.config = config;
        this.code = code;
    }

    /**
     * Overwrites the encoder, and what the decoder starts with.
     *
     * @param parameters of a fresh AutoencoderKL
     * @param config three levels, one group in the norms, a scaling factor of 1, at least 12, 48
     *     and 2 latent channels + 2 channels
     * @throws IllegalArgumentException if the configuration has no room for the code
     */
    public static void write(
            SortedMap<String, NDArray> parameters, VaeConfig config, PatchCode code) {
        int latents = code.components().length;
        boolean fits =
                config.blockOutChannels().size() == 3
                        && config.blockOutChannels().get(0) >= COLOURS * TAPS
                        && config.blockOutChannels().get(1) >= COLOURS * TAPS * TAPS
                        && config.blockOutChannels().get(2) >= 2 * latents + 2
                        && config.blockOutChannels().get(0) < config.blockOutChannels().get(1)
                        && config.blockOutChannels().get(1) < config.blockOutChannels().get(2)
                        && config.normNumGroups() == 1
                        && config.latentChannels() == latents
                        && config.scalingFactor() == 1;
        if (!fits) {
            throw new IllegalArgumentException(
                    "A patch code needs an autoencoder of three widening levels (at least 12, 48 and"
                            + " %d channels), one group, %d latent channels and a scaling factor of 1."
                                    .formatted(2 * latents + 2, latents));
        }
        PatchAutoencoder writer = new PatchAutoencoder(parameters, config, code);
        writer.encoder();
        writer.decoder();
    }

    private void encoder() {
        parameters.forEach(
                (name, value) -> {
                    boolean scale = name.contains("norm") && name.endsWith(".weight");
                    if ((name.startsWith("encoder.") || name.startsWith("quant_conv")) && !scale) {
                        value.muli(0);
                    }
                });
        edit("encoder.conv_in.weight", w -> w.each(COLOURS, c -> w.put(c, c, w.middle(), 1)));
        edit(
                "encoder.down_blocks.0.downsamplers.0.conv.weight",
                w -> w.each(COLOURS, c -> gather(w, c)));
        edit(
                "encoder.down_blocks.1.resnets.0.conv_shortcut.weight",
                w -> w.each(COLOURS * TAPS, c -> w.put(c, c, 0, 1)));
        edit(
                "encoder.down_blocks.1.downsamplers.0.conv.weight",
                w -> w.each(COLOURS * TAPS, c -> gather(w, c)));
        String shortcut = "encoder.down_blocks.2.resnets.0.conv_shortcut";
        double[] scales = code.scales();
        edit(
                shortcut + ".weight",
                w ->
                        w.each(
                                code.components().length,
                                k -> {
                                    for (int i = 0; i < COLOURS * TAPS * TAPS; i++) {
                                        double v = scales[k] * code.components()[k][pixel(i)];
                                        w.put(2 * k, i, 0, v);
                                        w.put(2 * k + 1, i, 0, -v);
                                    }
                                }));
        int width = config.blockOutChannels().get(2);
        edit(
                shortcut + ".bias",
                b -> {
                    for (int k = 0; k < scales.length; k++) {
                        double offset = 0;
                        for (int i = 0; i < code.mean().length; i++) {
                            offset -= scales[k] * code.components()[k][i] * code.mean()[i];
                        }
                        b.values[2 * k] = (float) offset;
                        b.values[2 * k + 1] = (float) -offset;
                    }
                    b.values[width - 2] = ENCODER_CONSTANT;
                    b.values[width - 1] = -ENCODER_CONSTANT;
                });
        norm("encoder.conv_norm_out", width, ENCODER_CONSTANT, 2 * scales.length);
        edit(
                "encoder.conv_out.weight",
                w ->
                        w.each(
                                scales.length,
                                k -> {
                                    w.put(k, 2 * k, w.middle(), 1);
                                    w.put(k, 2 * k + 1, w.middle(), -1);
                                }));
        edit("quant_conv.weight", w -> w.each(2 * scales.length, k -> w.put(k, k, 0, 1)));
        edit(
                "quant_conv.bias",
                b -> {
                    for (int k = 0; k < scales.length; k++) {
                        b.values[scales.length + k] = LOG_VARIANCE;
                    }
                });
    }

    /** Where a channel of the second gathering lies in a patch: ((colour, a, b), A, B). */
    private static int pixel(int channel) {
        int first = channel / TAPS;
        int colour = first / TAPS;
        int row = 2 * (channel % TAPS / 2) + first % TAPS / 2;
        int column = 2 * (channel % 2) + first % 2;
        return (colour * PatchCode.SIDE + row) * PatchCode.SIDE + column;
    }

    /** Channel {@code c} of 2 x 2 points becomes four channels of one point. */
    private static void gather(Edit w, int c) {
        for (int tap = 0; tap < TAPS; tap++) {
            w.put(TAPS * c + tap, c, tap / 2 * 3 + tap % 2, 1);
        }
    }

    private void decoder() {
        for (Map.Entry<String, NDArray> entry : parameters.entrySet()) {
            String name = entry.getKey();
            boolean last = name.endsWith(".conv2.weight") || name.endsWith("to_out.0.weight");
            if (name.startsWith("decoder.") && last) {
                entry.getValue().muli(0);
            }
        }
        int latents = config.latentChannels();
        edit(
                "post_quant_conv.weight",
                w -> {
                    w.clear();
                    w.each(latents, k -> w.put(k, k, 0, 1));
                });
        edit("post_quant_conv.bias", Edit::clear);
        double[] scales = code.scales();
        edit(
                "decoder.conv_in.weight",
                w ->
                        w.each(
                                COLOURS,
                                c -> {
                                    w.clearRow(2 * c);
                                    w.clearRow(2 * c + 1);
                                    for (int k = 0; k < latents; k++) {
                                        double v = code.colour(k, c) / scales[k];
                                        w.put(2 * c, k, w.middle(), v);
                                        w.put(2 * c + 1, k, w.middle(), -v);
                                    }
                                }));
        edit(
                "decoder.conv_in.bias",
                b -> {
                    for (int c = 0; c < COLOURS; c++) {
                        b.values[2 * c] = (float) code.colour(c);
                        b.values[2 * c + 1] = (float) -code.colour(c);
                    }
                });
        pass("decoder.up_blocks.0.upsamplers.0.conv");
        pass("decoder.up_blocks.1.resnets.0.conv_shortcut");
        pass("decoder.up_blocks.1.upsamplers.0.conv");
        String shortcut = "decoder.up_blocks.2.resnets.0.conv_shortcut";
        pass(shortcut);
        int width = config.blockOutChannels().get(0);
        edit(
                shortcut + ".weight",
                w -> {
                    w.clearRow(width - 2);
                    w.clearRow(width - 1);
                });
        edit(
                shortcut + ".bias",
                b -> {
                    b.values[width - 2] = DECODER_CONSTANT;
                    b.values[width - 1] = -DECODER_CONSTANT;
                });
        norm("decoder.conv_norm_out", width, DECODER_CONSTANT, SIGNAL);
        edit(
                "decoder.conv_out.weight",
                w -> {
                    w.scale(OTHER_FEATURES);
                    for (int o = 0; o < COLOURS; o++) {
                        w.clear(o, width - 2);
                        w.clear(o, width - 1);
                    }
                    w.each(
                            COLOURS,
                            c -> {
                                for (int o = 0; o < COLOURS; o++) {
                                    w.put(o, 2 * c, w.middle(), o == c ? 1 : 0);
                                    w.put(o, 2 * c + 1, w.middle(), o == c ? -1 : 0);
                                }
                            });
                });
        edit("decoder.conv_out.bias", Edit::clear);
    }

    /** The colour pairs go through a convolution as they are. */
    private void pass(String name) {
        edit(
                name + ".weight",
                w ->
                        w.each(
                                2 * COLOURS,
                                c -> {
                                    w.clearRow(c);
                                    w.put(c, c, w.middle(), 1);
                                }));
        edit(
                name + ".bias",
                b -> {
                    for (int c = 0; c < 2 * COLOURS; c++) {
                        b.values[c] = 0;
                    }
                });
    }

    /** A norm that the constants make a fixed scaling leaves its input as it is. */
    private void norm(String name, int width, float constant, float signal) {
        float deviation = (float) Math.sqrt((2 * constant * constant + signal) / width);
        edit(name + ".weight", w -> Arrays.fill(w.values, deviation));
        edit(name + ".bias", Edit::clear);
    }

    private void edit(String name, Consumer<Edit> change) {
        NDArray array = parameters.get(name);
        if (array == null) {
            throw new IllegalArgumentException("The autoencoder has no parameter " + name + ".");
        }
        Edit edit = new Edit(array.toFloatArray(), array.getShape().getShape());
        change.accept(edit);
        array.set(FloatBuffer.wrap(edit.values));
    }

    /** Values of one parameter with their (out, in, taps) places. */
    private static final class Edit {
        private final float[] values;
        private final int in;
        private final int taps;

        Edit(float[] values, long[] shape) {
            this.values = values;
            in = shape.length > 1 ? (int) shape[1] : 1;
            taps = shape.length > 2 ? (int) (shape[2] * shape[3]) : 1;
        }

        int middle() {
            return taps / 2;
        }

        void put(int out, int from, int tap, double value) {
            values[(out * in + from) * taps + tap] = (float) value;
        }

        void each(int count, IntConsumer change) {
            for (int i = 0; i < count; i++) {
                change.accept(i);
            }
        }

        void clear() {
            Arrays.fill(values, 0);
        }

        void clear(int out, int from) {
            int first = (out * in + from) * taps;
            Arrays.fill(values, first, first + taps, 0);
        }

        void clearRow(int out) {
            Arrays.fill(values, out * in * taps, (out + 1) * in * taps, 0);
        }

        void scale(float factor) {
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
        }
    }
}
