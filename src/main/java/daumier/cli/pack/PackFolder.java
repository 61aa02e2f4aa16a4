package daumier.cli.pack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.diffusion.text.ClipVocabulary;
import daumier.diffusion.train.ExampleStore;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pack being written: the diffusers layout, configurations from a template, weights in half
 * precision.
 */
final class PackFolder {
    static final String UNET = "unet";
    static final String VAE = "vae";
    static final String TINY = "taesd";
    static final String TEXT = "text_encoder";
    static final String ADAPTER = "adapter";

    private static final int VOCABULARY = 900;
    private static final List<String> TEMPLATE =
            List.of(
                    "model_index.json",
                    "unet/config.json",
                    "vae/config.json",
                    "taesd/config.json",
                    "text_encoder/config.json",
                    "scheduler/scheduler_config.json",
                    "adapter/config.json");

    private final Path root;

    PackFolder(Path root) {
        this.root = root;
    }

    Path folder(String component) {
        return root.resolve(component);
    }

    Path lora(String name) {
        return root.resolve("lora").resolve(name + ".safetensors");
    }

    boolean has(String component) {
        return Files.exists(weights(component));
    }

    private Path weights(String component) {
        String stem = component.equals(TEXT) ? "model" : "diffusion_pytorch_model";
        return folder(component).resolve(stem + ".safetensors");
    }

    /** Writes the configurations where there are none. */
    void writeTemplate() throws IOException {
        for (String name : TEMPLATE) {
            Path target = root.resolve(name);
            if (!Files.exists(target)) {
                Files.createDirectories(target.getParent());
                try (InputStream in =
                        PackFolder.class.getResourceAsStream(
                                "/daumier/cli/pack-template/" + name)) {
                    Files.copy(in, target);
                }
            }
        }
    }

    /** Learns the tokenizer from all captions, and tells the text encoder its size. */
    void writeVocabulary(ExampleStore... stores) throws IOException {
        if (Files.exists(folder("tokenizer").resolve("vocab.json"))) {
            return;
        }
        List<String> captions = new ArrayList<>();
        for (ExampleStore store : stores) {
            for (int i = 0; i < store.count(); i++) {
                captions.add(store.caption(i));
            }
        }
        Path config = folder(TEXT).resolve("config.json");
        Gson gson = new GsonBuilder().setPrettyPrinting().create();
        JsonObject json = gson.fromJson(Files.readString(config), JsonObject.class);
        ClipVocabulary vocabulary = ClipVocabulary.train(captions, VOCABULARY);
        json.addProperty("vocab_size", vocabulary.size());
        Files.writeString(config, gson.toJson(json) + "\n");
        vocabulary.write(folder("tokenizer"), json.get("max_position_embeddings").getAsInt());
    }

    /** Writes a component's weights in half precision. */
    void write(String component, SortedMap<String, NDArray> parameters) throws IOException {
        SafetensorsWriter.write(weights(component), parameters, Map.of("format", "pt"), Dtype.F16);
    }

    /**
     * Writes the autoencoder so that its latents have mean 0 and deviation 1 by channel: the 1x1
     * convolutions next to the latents take up the shift and the scale, exactly.
     */
    void writeVae(SortedMap<String, NDArray> parameters, double[] means, double[] deviations)
            throws IOException {
        SortedMap<String, NDArray> folded = new TreeMap<>(parameters);
        NDManager manager = parameters.get("quant_conv.weight").getManager();
        int c = means.length;
        float[] w = parameters.get("quant_conv.weight").toFloatArray();
        float[] b = parameters.get("quant_conv.bias").toFloatArray();
        int in = w.length / (2 * c);
        for (int o = 0; o < c; o++) {
            for (int i = 0; i < in; i++) {
                w[o * in + i] /= (float) deviations[o];
            }
            b[o] = (float) ((b[o] - means[o]) / deviations[o]);
            b[c + o] -= (float) (2 * Math.log(deviations[o]));
        }
        float[] v = parameters.get("post_quant_conv.weight").toFloatArray();
        float[] d = parameters.get("post_quant_conv.bias").toFloatArray();
        for (int o = 0; o < d.length; o++) {
            for (int i = 0; i < c; i++) {
                d[o] += (float) (v[o * c + i] * means[i]);
                v[o * c + i] *= (float) deviations[i];
            }
        }
        folded.put(
                "quant_conv.weight",
                manager.create(w, parameters.get("quant_conv.weight").getShape()));
        folded.put("quant_conv.bias", manager.create(b));
        folded.put(
                "post_quant_conv.weight",
                manager.create(v, parameters.get("post_quant_conv.weight").getShape()));
        folded.put("post_quant_conv.bias", manager.create(d));
        write(VAE, folded);
    }
}
