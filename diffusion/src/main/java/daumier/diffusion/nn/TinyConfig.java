package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration of an {@link AutoencoderTiny} under diffusers' names and with its defaults.
 *
 * @param scalingFactor 1 in TAESD: it takes and gives the latents that diffusion works on
 */
public record TinyConfig(
        int inChannels,
        int outChannels,
        List<Integer> encoderBlockOutChannels,
        List<Integer> decoderBlockOutChannels,
        int latentChannels,
        List<Integer> numEncoderBlocks,
        List<Integer> numDecoderBlocks,
        double scalingFactor) {
    /**
     * Reads {@code config.json}; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static TinyConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static TinyConfig parse(String json) {
        return of(JsonConfig.parse(json, "the tiny autoencoder's configuration"));
    }

    private static TinyConfig of(JsonConfig c) {
        c.demand("act_fn", "relu is", c.text("act_fn", "relu").equals("relu"));
        c.demand("upsample_fn", "nearest is", c.text("upsample_fn", "nearest").equals("nearest"));
        c.demand(
                "upsampling_scaling_factor",
                "2 is",
                c.integer("upsampling_scaling_factor", 2) == 2);
        TinyConfig config =
                new TinyConfig(
                        c.integer("in_channels", 3),
                        c.integer("out_channels", 3),
                        c.integers("encoder_block_out_channels", List.of(64, 64, 64, 64)),
                        c.integers("decoder_block_out_channels", List.of(64, 64, 64, 64)),
                        c.integer("latent_channels", 4),
                        c.integers("num_encoder_blocks", List.of(1, 3, 3, 3)),
                        c.integers("num_decoder_blocks", List.of(3, 3, 3, 1)),
                        c.number("scaling_factor", 1));
        c.demand(
                "num_encoder_blocks",
                "it needs one entry for each level",
                config.numEncoderBlocks().size() == config.encoderBlockOutChannels().size());
        c.demand(
                "num_decoder_blocks",
                "it needs one entry for each level",
                config.numDecoderBlocks().size() == config.decoderBlockOutChannels().size());
        return config;
    }

    /** By what height and width of pictures are divided. */
    public int downscale() {
        return 1 << (encoderBlockOutChannels.size() - 1);
    }
}
