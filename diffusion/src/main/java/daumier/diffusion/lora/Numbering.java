package daumier.diffusion.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which cloneofsimo's early LoRA files number the layers: that in which the modules of
 * diffusers 0.11 were registered, over attention projections and the gates of feed-forwards
 * (github.com/cloneofsimo/lora, lora_diffusion/lora.py, UNET_DEFAULT_TARGET_REPLACE).
 */
final class Numbering {

    private static final Pattern UNET =
            Pattern.compile(
                    "(down_blocks|up_blocks|mid_block)(?:\\.(\\d{1,4}))?\\.attentions\\.(\\d{1,4})"
                            + "\\.transformer_blocks\\.(\\d{1,4})\\.(.+)");

    private static final List<String> STAGES = List.of("down_blocks", "up_blocks", "mid_block");

    private static final List<String> BLOCK =
            List.of(
                    "attn1.to_q",
                    "attn1.to_k",
                    "attn1.to_v",
                    "attn1.to_out.0",
                    "ff.net.0.proj",
                    "attn2.to_q",
                    "attn2.to_k",
                    "attn2.to_v",
                    "attn2.to_out.0");

    private static final Pattern TEXT =
            Pattern.compile("text_model\\.encoder\\.layers\\.(\\d{1,4})\\.self_attn\\.(\\w+)");

    private static final List<String> CLIP = List.of("k_proj", "v_proj", "q_proj", "out_proj");

    private Numbering() {}

    /** Sort key of a layer of the U-Net; empty if such files never change it. */
    static Optional<long[]> ofUnet(String path) {
        Matcher matcher = UNET.matcher(path);
        if (!matcher.matches() || !BLOCK.contains(matcher.group(5))) {
            return Optional.empty();
        }
        String block = matcher.group(2);
        return Optional.of(
                new long[] {
                    STAGES.indexOf(matcher.group(1)),
                    block == null ? 0 : Long.parseLong(block),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4)),
                    BLOCK.indexOf(matcher.group(5))
                });
    }

    /** Sort key of a layer of the text encoder; empty if such files never change it. */
    static Optional<long[]> ofTextEncoder(String path) {
        Matcher matcher = TEXT.matcher(path);
        if (!matcher.matches() || !CLIP.contains(matcher.group(2))) {
            return Optional.empty();
        }
        return Optional.of(
                new long[] {Long.parseLong(matcher.group(1)), CLIP.indexOf(matcher.group(2))});
    }
}
