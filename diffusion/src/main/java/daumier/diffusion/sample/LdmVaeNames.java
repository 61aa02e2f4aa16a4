package daumier.diffusion.sample;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From the autoencoder's keys here to those of a single-file checkpoint, which counts the decoder's
 * levels from the fine one (diffusers' scripts/convert_diffusers_to_original_stable_diffusion.py).
 *
 * @param levels of encoder and decoder
 */
record LdmVaeNames(int levels) implements UnaryOperator<String> {
    /** Where the autoencoder stands in the file. */
    static final String PREFIX = "first_stage_model.";

    private static final Pattern BLOCK =
            Pattern.compile(
                    "(encoder\\.down|decoder\\.up)_blocks\\.(\\d{1,3})\\.(resnets|downsamplers"
                            + "|upsamplers)\\.(\\d{1,3})\\.(.+)");
    private static final Pattern MIDDLE =
            Pattern.compile("(encoder|decoder)\\.mid_block\\.(resnets|attentions)\\.(\\d)\\.(.+)");

    private static final Map<String, String> RESNET = Map.of("conv_shortcut", "nin_shortcut");
    private static final Map<String, String> ATTENTION =
            Map.of(
                    "group_norm", "norm",
                    "to_q", "q",
                    "to_k", "k",
                    "to_v", "v",
                    "to_out.0", "proj_out");
    private static final Map<String, String> OUTSIDE =
            Map.of(
                    "encoder.conv_norm_out", "encoder.norm_out",
                    "decoder.conv_norm_out", "decoder.norm_out");

    @Override
    public String apply(String key) {
        return PREFIX + name(key);
    }

    private String name(String key) {
        Matcher block = BLOCK.matcher(key);
        if (block.matches()) {
            int i = Integer.parseInt(block.group(2));
            boolean down = block.group(1).endsWith("down");
            String level = block.group(1) + "." + (down ? i : levels - 1 - i) + ".";
            String rest = block.group(5);
            return switch (block.group(3)) {
                case "resnets" ->
                        level
                                + "block."
                                + block.group(4)
                                + "."
                                + LdmUnetNames.renamed(RESNET, rest);
                case "downsamplers" -> level + "downsample." + rest;
                default -> level + "upsample." + rest;
            };
        }
        Matcher middle = MIDDLE.matcher(key);
        if (middle.matches()) {
            int j = Integer.parseInt(middle.group(3));
            String rest = middle.group(4);
            return middle.group(1)
                    + ".mid."
                    + (middle.group(2).equals("resnets")
                            ? "block_" + (j + 1) + "." + rest
                            : "attn_" + (j + 1) + "." + LdmUnetNames.renamed(ATTENTION, rest));
        }
        return LdmUnetNames.renamed(OUTSIDE, key);
    }
}
