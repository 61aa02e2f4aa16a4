package daumier.diffusion.sample;

import com.google.gson.Gson;
import daumier.diffusion.weights.SafetensorsException;
import daumier.diffusion.weights.SafetensorsFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The configurations that a single-file Stable Diffusion 1 checkpoint does not hold, told by the
 * shapes of its tensors; what shapes do not tell is Stable Diffusion 1.5's.
 */
final class LdmConfigs {
    /** Where the text encoder stands in the file. */
    static final String TEXT_PREFIX = "cond_stage_model.transformer.";

    /** Stable Diffusion 1.5's scheduler_config.json. */
    static final String SCHEDULER =
            "{\"_class_name\": \"PNDMScheduler\", \"beta_start\": 0.00085, \"beta_end\": 0.012,"
                    + " \"beta_schedule\": \"scaled_linear\", \"num_train_timesteps\": 1000,"
                    + " \"set_alpha_to_one\": false, \"skip_prk_steps\": true, \"steps_offset\": 1,"
                    + " \"clip_sample\": false}";

    private static final int HEADS = 8;
    private static final int CLIP_HEAD = 64;

    private final SafetensorsFile file;

    LdmConfigs(SafetensorsFile file) {
        this.file = file;
    }

    /**
     * Refuses files of other models by name.
     *
     * @throws SafetensorsException with one sentence
     */
    void check() throws SafetensorsException {
        String other = null;
        if (any("conditioner.embedders.")) {
            other = "Stable Diffusion XL";
        } else if (any("cond_stage_model.model.")) {
            other = "Stable Diffusion 2";
        } else if (any(LdmUnetNames.PREFIX + "joint_blocks.")) {
            other = "Stable Diffusion 3";
        } else if (any(LdmUnetNames.PREFIX + "double_blocks.") || any("double_blocks.")) {
            other = "Flux";
        }
        if (other != null) {
            throw new SafetensorsException(
                    file
                            + " is a "
                            + other
                            + " checkpoint, but only Stable Diffusion 1.x is read.");
        }
        if (!file.has(unet("input_blocks.0.0.weight"))) {
            throw new SafetensorsException(
                    file
                            + " is no checkpoint of a whole model: it has no"
                            + " model.diffusion_model.input_blocks.0.0.weight; name a"
                            + " single-file Stable Diffusion 1.x checkpoint or a folder in the"
                            + " diffusers layout.");
        }
        long in = size(unet("input_blocks.0.0.weight"), 1);
        if (in != 4) {
            throw new SafetensorsException(
                    "%s takes latents of %d channels: it is an inpainting model or another kind, and only plain ones of 4 are read."
                            .formatted(file, in));
        }
    }

    /** The U-Net's config.json. */
    String unet() {
        List<Long> channels = new ArrayList<>();
        List<String> down = new ArrayList<>();
        List<String> up = new ArrayList<>();
        int layers = layersPerBlock();
        for (int i = 0; file.has(unet(resnet(i * (layers + 1) + 1))); i++) {
            int place = i * (layers + 1) + 1;
            channels.add(size(unet(resnet(place)), 0));
            boolean attends = file.has(unet("input_blocks." + place + ".1.norm.weight"));
            down.add(attends ? "CrossAttnDownBlock2D" : "DownBlock2D");
            up.add(0, attends ? "CrossAttnUpBlock2D" : "UpBlock2D");
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("_class_name", "UNet2DConditionModel");
        config.put("block_out_channels", channels);
        config.put("down_block_types", down);
        config.put("up_block_types", up);
        config.put("layers_per_block", layers);
        config.put("attention_head_dim", HEADS);
        config.put("cross_attention_dim", size(unet(MIDDLE_KEY), 1));
        config.put("in_channels", size(unet("input_blocks.0.0.weight"), 1));
        config.put("out_channels", size(unet("out.2.weight"), 0));
        config.put("sample_size", 64);
        return new Gson().toJson(config);
    }

    private static final String MIDDLE_KEY =
            "middle_block.1.transformer_blocks.0.attn2.to_k.weight";

    /** The autoencoder's config.json. */
    String vae() {
        List<Long> channels = new ArrayList<>();
        IntFunction<String> first =
                i -> LdmVaeNames.PREFIX + "encoder.down." + i + ".block.0.conv1.weight";
        for (int i = 0; file.has(first.apply(i)); i++) {
            channels.add(size(first.apply(i), 0));
        }
        int layers = count(j -> LdmVaeNames.PREFIX + "encoder.down.0.block." + j + ".conv1.weight");
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("_class_name", "AutoencoderKL");
        config.put("block_out_channels", channels.isEmpty() ? List.of(128) : channels);
        config.put("layers_per_block", layers);
        config.put("latent_channels", size(LdmVaeNames.PREFIX + "decoder.conv_in.weight", 1));
        config.put("sample_size", 512);
        return new Gson().toJson(config);
    }

    /** The text encoder's config.json. */
    String text() {
        String root = TEXT_PREFIX + (any(TEXT_PREFIX + "text_model.") ? "text_model." : "");
        long hidden = size(root + "embeddings.token_embedding.weight", 1);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("CLIPTextModel"));
        config.put("vocab_size", size(root + "embeddings.token_embedding.weight", 0));
        config.put("hidden_size", hidden);
        config.put("intermediate_size", size(root + "encoder.layers.0.mlp.fc1.weight", 0));
        config.put(
                "num_hidden_layers", count(i -> root + "encoder.layers." + i + ".mlp.fc1.weight"));
        config.put("num_attention_heads", Math.max(1, hidden / CLIP_HEAD));
        config.put(
                "max_position_embeddings", size(root + "embeddings.position_embedding.weight", 0));
        config.put("hidden_act", "quick_gelu");
        return new Gson().toJson(config);
    }

    private int layersPerBlock() {
        int place = 1;
        while (file.has(unet(resnet(place)))) {
            place++;
        }
        return Math.max(1, place - 1);
    }

    private static String resnet(int place) {
        return "input_blocks." + place + ".0.in_layers.2.weight";
    }

    private static String unet(String key) {
        return LdmUnetNames.PREFIX + key;
    }

    private boolean any(String prefix) {
        return file.names().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private int count(IntFunction<String> keys) {
        int n = 0;
        while (file.has(keys.apply(n))) {
            n++;
        }
        return n;
    }

    /** A side of a tensor; 1 where it is missing, which building the model then reports. */
    private long size(String key, int axis) {
        if (!file.has(key) || file.info(key).shape().length <= axis) {
            return 1;
        }
        return file.info(key).shape()[axis];
    }
}
