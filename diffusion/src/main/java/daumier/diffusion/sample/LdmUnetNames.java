package daumier.diffusion.sample;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From the U-Net's keys here to those of a single-file checkpoint, which counts blocks through
 * (diffusers' scripts/convert_diffusers_to_original_stable_diffusion.py).
 *
 * @param layersPerBlock resnets of each down block; up blocks have one more
 * @param attends whether each up block has attentions
 */
record LdmUnetNames(int layersPerBlock, List<Boolean> attends) implements UnaryOperator<String> {
    /** Where the U-Net stands in the file. */
    static final String PREFIX = "model.diffusion_model.";

    private static final Pattern BLOCK =
            Pattern.compile(
                    "(down|up)_blocks\\.(\\d{1,3})\\.(resnets|attentions|downsamplers|upsamplers)"
                            + "\\.(\\d{1,3})\\.(.+)");
    private static final Pattern MIDDLE =
            Pattern.compile("mid_block\\.(resnets|attentions)\\.(\\d{1,3})\\.(.+)");

    private static final Map<String, String> OUTSIDE =
            Map.of(
                    "conv_in", "input_blocks.0.0",
                    "time_embedding.linear_1", "time_embed.0",
                    "time_embedding.linear_2", "time_embed.2",
                    "conv_norm_out", "out.0",
                    "conv_out", "out.2");
    private static final Map<String, String> RESNET =
            Map.of(
                    "norm1", "in_layers.0",
                    "conv1", "in_layers.2",
                    "time_emb_proj", "emb_layers.1",
                    "norm2", "out_layers.0",
                    "conv2", "out_layers.3",
                    "conv_shortcut", "skip_connection");

    @Override
    public String apply(String key) {
        return PREFIX + name(key);
    }

    private String name(String key) {
        Matcher block = BLOCK.matcher(key);
        if (block.matches()) {
            int i = Integer.parseInt(block.group(2));
            int j = Integer.parseInt(block.group(4));
            boolean down = block.group(1).equals("down");
            String rest = block.group(5);
            int first = (layersPerBlock + 1) * i;
            return switch (block.group(3)) {
                case "resnets" -> at(down, first + j) + ".0." + renamed(RESNET, rest);
                case "attentions" -> at(down, first + j) + ".1." + rest;
                case "downsamplers" ->
                        at(true, first + layersPerBlock) + ".0." + rest.replaceFirst("^conv", "op");
                default ->
                        at(false, first + layersPerBlock) + (attends.get(i) ? ".2." : ".1.") + rest;
            };
        }
        Matcher middle = MIDDLE.matcher(key);
        if (middle.matches()) {
            boolean resnet = middle.group(1).equals("resnets");
            int place = resnet ? 2 * Integer.parseInt(middle.group(2)) : 1;
            String rest = middle.group(3);
            return "middle_block." + place + "." + (resnet ? renamed(RESNET, rest) : rest);
        }
        return renamed(OUTSIDE, key);
    }

    /** conv_in is the first input block, so that down blocks are counted from 1. */
    private static String at(boolean down, int place) {
        return down ? "input_blocks." + (place + 1) : "output_blocks." + place;
    }

    /** A key without its last name, which is weight or bias, under another name. */
    static String renamed(Map<String, String> names, String key) {
        int last = key.lastIndexOf('.');
        String name = last < 0 ? null : names.get(key.substring(0, last));
        return name == null ? key : name + key.substring(last);
    }
}
