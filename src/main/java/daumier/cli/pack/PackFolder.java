package daumier.cli.pack;

import ai.djl.ndarray.NDArray;
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
}
