package daumier.diffusion.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The configuration of a {@link UNet2DConditionModel} under diffusers' names and with its defaults.
 *
 * @param sampleSize usual height and width of the latents
 * @param attentionHeads number of heads for each block, what diffusers calls attention_head_dim
 * @param layersPerBlock resnets of each down block; up blocks have one more
 * @param transformerLayersPerBlock transformer blocks of each attention
 */
public record UNetConfig(
        int sampleSize,
        int inChannels,
        int outChannels,
        boolean centerInputSample,
        boolean flipSinToCos,
        int freqShift,
        List<String> downBlockTypes,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        List<Integer> layersPerBlock,
        List<Integer> transformerLayersPerBlock,
        List<Integer> attentionHeads,
        List<Integer> crossAttentionDim,
        int downsamplePadding,
        double midBlockScaleFactor,
        int normNumGroups,
        double normEps,
        boolean useLinearProjection) {
    static final String CROSS_DOWN = "CrossAttnDownBlock2D";
    static final String CROSS_UP = "CrossAttnUpBlock2D";
    static final String PLAIN_DOWN = "DownBlock2D";
    static final String PLAIN_UP = "UpBlock2D";

    /**
     * Reads {@code config.json}; unknown keys are ignored.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it asks for a variant that is not implemented
     */
    public static UNetConfig read(Path fileOrFolder) throws IOException {
        return of(JsonConfig.read(fileOrFolder));
    }

    /** The configuration in a JSON text. */
    public static UNetConfig parse(String json) {
        return of(JsonConfig.parse(json, "the U-Net configuration"));
    }

    private static UNetConfig of(JsonConfig c) {
        List<Integer> channels = c.integers("block_out_channels", List.of(320, 640, 1280, 1280));
        int blocks = channels.size();
        List<String> down =
                c.texts(
                        "down_block_types",
                        List.of(CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, PLAIN_DOWN));
        List<String> up =
                c.texts("up_block_types", List.of(PLAIN_UP, CROSS_UP, CROSS_UP, CROSS_UP));
        c.demand(
                "down_block_types",
                "CrossAttnDownBlock2D and DownBlock2D are",
                known(down, blocks, CROSS_DOWN, PLAIN_DOWN));
        c.demand(
                "up_block_types",
                "CrossAttnUpBlock2D and UpBlock2D are",
                known(up, blocks, CROSS_UP, PLAIN_UP));
        c.demand(
                "mid_block_type",
                "UNetMidBlock2DCrossAttn is",
                c.text("mid_block_type", "UNetMidBlock2DCrossAttn")
                        .equals("UNetMidBlock2DCrossAttn"));
        String act = c.text("act_fn", "silu");
        c.demand("act_fn", "silu is", act.equals("silu") || act.equals("swish"));
        c.demand(
                "resnet_time_scale_shift",
                "default is",
                Objects.equals(c.text("resnet_time_scale_shift", "default"), "default"));
        for (String absent :
                List.of("addition_embed_type", "class_embed_type", "encoder_hid_dim_type")) {
            c.demand(absent, "null is, as in Stable Diffusion 1 and 2", !c.has(absent));
        }
        c.demand("dual_cross_attention", "false is", !c.flag("dual_cross_attention", false));
        String heads = c.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
        return new UNetConfig(
                c.integer("sample_size", 64),
                c.integer("in_channels", 4),
                c.integer("out_channels", 4),
                c.flag("center_input_sample", false),
                c.flag("flip_sin_to_cos", true),
                c.integer("freq_shift", 0),
                down,
                up,
                channels,
                c.integers("layers_per_block", blocks, 2),
                c.integers("transformer_layers_per_block", blocks, 1),
                c.integers(heads, blocks, 8),
                c.integers("cross_attention_dim", blocks, 1280),
                c.integer("downsample_padding", 1),
                c.number("mid_block_scale_factor", 1),
                c.integer("norm_num_groups", 32),
                c.number("norm_eps", 1e-5),
                c.flag("use_linear_projection", false));
    }

    private static boolean known(List<String> types, int blocks, String... accepted) {
        return types.size() == blocks && types.stream().allMatch(List.of(accepted)::contains);
    }

    /** Size of the time embedding. */
    public int timeEmbedDim() {
        return 4 * blockOutChannels.get(0);
    }

    /** By what the latents' height and width are divided in the deepest block. */
    public int downscale() {
        return 1 << (blockOutChannels.size() - 1);
    }

    static <T> List<T> reversed(List<T> list) {
        List<T> copy = new java.util.ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }
}
