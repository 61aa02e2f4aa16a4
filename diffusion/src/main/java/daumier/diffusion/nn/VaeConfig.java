package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * The configuration of an {@link AutoencoderKL} under diffusers' names and with its defaults.
 *
 * @param scalingFactor what latents are multiplied by before diffusion, so that their variance is
 *     near 1
 */
public record VaeConfig(
        int inChannels,
        int outChannels,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int latentChannels,
        int normNumGroups,
        int sampleSize,
        double scalingFactor,
        double shiftFactor,
        boolean midBlockAddAttention,
        boolean useQuantConv,
        boolean usePostQuantConv) {
    /**
     * Reads {@code config.json}; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static VaeConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static VaeConfig parse(String json) {
        return of(JsonConfig.parse(json, "the autoencoder configuration"));
    }

    private static VaeConfig of(JsonConfig c) {
        List<Integer> channels = c.integers("block_out_channels", List.of(64));
        List<String> down = Collections.nCopies(channels.size(), "DownEncoderBlock2D");
        List<String> up = Collections.nCopies(channels.size(), "UpDecoderBlock2D");
        c.demand(
                "down_block_types",
                "DownEncoderBlock2D is",
                c.texts("down_block_types", down).equals(down));
        c.demand("up_block_types", "UpDecoderBlock2D is", c.texts("up_block_types", up).equals(up));
        String act = c.text("act_fn", "silu");
        c.demand("act_fn", "silu is", act.equals("silu") || act.equals("swish"));
        return new VaeConfig(
                c.integer("in_channels", 3),
                c.integer("out_channels", 3),
                channels,
                c.integer("layers_per_block", 1),
                c.integer("latent_channels", 4),
                c.integer("norm_num_groups", 32),
                c.integer("sample_size", 32),
                c.number("scaling_factor", 0.18215),
                c.number("shift_factor", 0),
                c.flag("mid_block_add_attention", true),
                c.flag("use_quant_conv", true),
                c.flag("use_post_quant_conv", true));
    }

    /** By what height and width of pictures are divided. */
    public int downscale() {
        return 1 << (blockOutChannels.size() - 1);
    }
}
