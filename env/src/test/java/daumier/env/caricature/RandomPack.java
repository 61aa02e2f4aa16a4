package daumier.env.caricature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.AutoencoderTiny;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.nn.T2IAdapterConfig;
import daumier.diffusion.nn.TinyConfig;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.text.ClipVocabulary;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import daumier.faces.world.Look;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Writes packs of untrained networks: everything works, nothing is pretty. */
final class RandomPack {
    /** Small enough for tests: pictures of 32 x 32. */
    static final RandomPack TINY = new RandomPack(8, "8, 16, 16", 8, 16, "8, 8, 8", 8, 16);

    /** As large as the embedded pack: pictures of 128 x 128. */
    static final RandomPack FULL =
            new RandomPack(32, "64, 128, 192", 16, 128, "32, 64, 128", 32, 48);

    private final int sample;
    private final String channels;
    private final int groups;
    private final int text;
    private final String vae;
    private final int tiny;
    private final int tokens;

    private RandomPack(
            int sample, String channels, int groups, int text, String vae, int tiny, int tokens) {
        this.sample = sample;
        this.channels = channels;
        this.groups = groups;
        this.text = text;
        this.vae = vae;
        this.tiny = tiny;
        this.tokens = tokens;
    }

    /**
     * Writes the pack.
     *
     * @param loras names of the style LoRAs
     */
    void write(Path folder, boolean adapter, String... loras) throws IOException {
        config(folder, "", "model_index", "{'_class_name': 'StableDiffusionPipeline'}");
        config(
                folder,
                "scheduler",
                "scheduler_config",
                """
                {'_class_name': 'DDIMScheduler', 'beta_schedule': 'squaredcos_cap_v2',
                 'prediction_type': 'v_prediction', 'clip_sample': false,
                 'set_alpha_to_one': true, 'timestep_spacing': 'trailing'}""");
        config(
                folder,
                "unet",
                "config",
                """
                {'block_out_channels': [%s], 'layers_per_block': 1, 'sample_size': %d,
                 'down_block_types': ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
                 'up_block_types': ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
                 'attention_head_dim': 4, 'cross_attention_dim': %d, 'norm_num_groups': %d,
                 'use_linear_projection': true}"""
                        .formatted(channels, sample, text, groups));
        config(
                folder,
                "vae",
                "config",
                """
                {'block_out_channels': [%s], 'layers_per_block': 1, 'norm_num_groups': 8,
                 'scaling_factor': 1.0, 'sample_size': %d,
                 'down_block_types': ['DownEncoderBlock2D', 'DownEncoderBlock2D', 'DownEncoderBlock2D'],
                 'up_block_types': ['UpDecoderBlock2D', 'UpDecoderBlock2D', 'UpDecoderBlock2D']}"""
                        .formatted(vae, 4 * sample));
        config(
                folder,
                "taesd",
                "config",
                """
                {'encoder_block_out_channels': [%1$d, %1$d, %1$d],
                 'decoder_block_out_channels': [%1$d, %1$d, %1$d],
                 'num_encoder_blocks': [1, 1, 1], 'num_decoder_blocks': [1, 1, 1]}"""
                        .formatted(tiny));
        if (adapter) {
            config(
                    folder,
                    "adapter",
                    "config",
                    """
                    {'_class_name': 'T2IAdapter', 'adapter_type': 'full_adapter',
                     'channels': [%s], 'downscale_factor': 4, 'in_channels': 13,
                     'num_res_blocks': 1}"""
                            .formatted(channels));
        }
        int words = vocabulary(folder.resolve("tokenizer"));
        config(
                folder,
                "text_encoder",
                "config",
                """
                {'hidden_size': %1$d, 'intermediate_size': %1$d, 'num_attention_heads': 4,
                 'num_hidden_layers': 2, 'max_position_embeddings': %2$d, 'vocab_size': %3$d,
                 'bos_token_id': 0, 'eos_token_id': 2, 'pad_token_id': 1}"""
                        .formatted(text, tokens, words));
        weights(folder, adapter, loras);
    }

    private static void config(Path folder, String part, String name, String json)
            throws IOException {
        Path file = folder.resolve(part).resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, json.replace('\'', '"'));
    }

    private int vocabulary(Path folder) throws IOException {
        List<String> captions = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            captions.add(Subject.sample(random).caption(View.sample(random), Look.PHOTO));
        }
        ClipVocabulary vocabulary = ClipVocabulary.train(captions, ClipVocabulary.SMALLEST + 60);
        vocabulary.write(folder, tokens);
        return vocabulary.size();
    }

    private static void weights(Path folder, boolean adapter, String... loras) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Kernels kernels = Kernels.load(Device.cpu())) {
            Weights[] w = new Weights[5];
            for (int i = 0; i < w.length; i++) {
                w[i] = Weights.initial(manager.newSubManager(), i + 1);
            }
            UNet2DConditionModel unet =
                    UNet2DConditionModel.create(
                            UNetConfig.read(folder.resolve("unet")), w[0], kernels);
            save(folder, "unet", unet.parameters());
            save(
                    folder,
                    "vae",
                    AutoencoderKL.create(VaeConfig.read(folder.resolve("vae")), w[1], kernels)
                            .parameters());
            save(
                    folder,
                    "taesd",
                    AutoencoderTiny.create(TinyConfig.read(folder.resolve("taesd")), w[2], kernels)
                            .parameters());
            save(
                    folder,
                    "text_encoder",
                    ClipTextModel.create(
                                    ClipTextConfig.read(folder.resolve("text_encoder")),
                                    w[3],
                                    kernels)
                            .parameters());
            if (adapter) {
                save(
                        folder,
                        "adapter",
                        T2IAdapter.create(
                                        T2IAdapterConfig.read(folder.resolve("adapter")),
                                        w[4],
                                        kernels)
                                .parameters());
            }
            Files.createDirectories(folder.resolve("lora"));
            for (String name : loras) {
                SortedMap<String, LoraPair> pairs = new TreeMap<>();
                SplittableRandom random = new SplittableRandom(name.hashCode());
                for (LoraTarget target : unet.loraTargets()) {
                    NDArray down = normal(manager, random, target.downShape(8));
                    NDArray up = normal(manager, random, target.upShape(8));
                    pairs.put(target.path(), new LoraPair(down, up, 8, 8));
                }
                LoraFile.write(
                        folder.resolve("lora").resolve(name + ".safetensors"),
                        LoraWeights.of(name, pairs),
                        Map.of());
            }
        }
    }

    private static NDArray normal(NDManager manager, SplittableRandom random, long... shape) {
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.05 * random.nextGaussian());
        }
        return manager.create(values, new Shape(shape));
    }

    private static void save(Path folder, String part, SortedMap<String, NDArray> parameters)
            throws IOException {
        String stem = part.equals("text_encoder") ? "model" : "diffusion_pytorch_model";
        SafetensorsWriter.write(
                folder.resolve(part).resolve(stem + ".safetensors"),
                parameters,
                Map.of("format", "pt"),
                Dtype.F32);
    }
}
