package daumier.diffusion.lora;

import java.util.ArrayList;
import java.util.List;

/** Layers of Stable Diffusion 1 that early LoRAs change. */
final class StableDiffusionLayers {

    private StableDiffusionLayers() {}

    static List<LoraTarget> attentionAndText() {
        List<LoraTarget> layers = new ArrayList<>();
        addTransformer(layers, "mid_block.attentions.0", 1280);
        int[] widths = {320, 640, 1280};
        for (int block = 0; block < 3; block++) {
            for (int i = 0; i < 2; i++) {
                addTransformer(layers, "down_blocks." + block + ".attentions." + i, widths[block]);
            }
            for (int i = 0; i < 3; i++) {
                addTransformer(
                        layers, "up_blocks." + (3 - block) + ".attentions." + i, widths[block]);
            }
        }
        for (int layer = 0; layer < 12; layer++) {
            String path = "text_model.encoder.layers." + layer + ".";
            for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                layers.add(LoraTarget.linear(path + "self_attn." + name, 768, 768));
            }
            layers.add(LoraTarget.linear(path + "mlp.fc1", 768, 3072));
        }
        return layers;
    }

    private static void addTransformer(List<LoraTarget> layers, String attention, int width) {
        layers.add(LoraTarget.conv(attention + ".proj_in", width, width, 1));
        String block = attention + ".transformer_blocks.0.";
        for (String attn : List.of("attn1.", "attn2.")) {
            int context = attn.equals("attn2.") ? 768 : width;
            layers.add(LoraTarget.linear(block + attn + "to_q", width, width));
            layers.add(LoraTarget.linear(block + attn + "to_k", context, width));
            layers.add(LoraTarget.linear(block + attn + "to_v", context, width));
            layers.add(LoraTarget.linear(block + attn + "to_out.0", width, width));
        }
        layers.add(LoraTarget.linear(block + "ff.net.0.proj", width, 8L * width));
        layers.add(LoraTarget.linear(block + "ff.net.2", 4L * width, width));
    }
}
