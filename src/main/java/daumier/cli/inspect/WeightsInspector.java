package daumier.cli.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Describes a safetensors file from its header alone; knows LoRA files by their keys. */
final class WeightsInspector {
    /** The endings of the tensor that goes into a layer's bottleneck, and who writes them. */
    private static final Map<String, String> DOWN =
            Map.of(
                    ".lora_down.weight", "kohya",
                    "_lora.down.weight", "diffusers (processor)",
                    ".lora.down.weight", "diffusers",
                    ".lora_linear_layer.down.weight", "diffusers",
                    ".lora_A.weight", "PEFT",
                    ".lora_A.default.weight", "PEFT",
                    ".hada_w1_b", "LyCORIS LoHa",
                    ".lokr_w1", "LyCORIS LoKr");

    private static final Pattern NUMBERED_DOWN = Pattern.compile("(unet|text_encoder):\\d+:down");

    private static final int TAGS = 12;

    private WeightsInspector() {}

    static JsonObject describe(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, String> downs = new TreeMap<>();
            for (String name : file.names()) {
                if (NUMBERED_DOWN.matcher(name).matches()) {
                    downs.put(name, "lora_diffusion (layers by number)");
                }
                DOWN.forEach(
                        (ending, family) -> {
                            if (name.endsWith(ending)) {
                                downs.put(name, family);
                            }
                        });
            }
            JsonObject json = new JsonObject();
            json.addProperty("kind", downs.isEmpty() ? "weights" : "LoRA");
            json.addProperty("file", path.toString());
            json.addProperty("size", Sizes.bytes(Files.size(path)));
            summary(file, json);
            if (!downs.isEmpty()) {
                lora(file, downs, json);
            }
            metadata(file.metadata(), json);
            if (downs.isEmpty()) {
                json.add("tensors", tensors(file));
            }
            return json;
        }
    }

    /** Parameters and number types of a file. */
    static void summary(SafetensorsFile file, JsonObject json) {
        long parameters = 0;
        TreeSet<String> types = new TreeSet<>();
        for (String name : file.names()) {
            TensorInfo info = file.info(name);
            parameters += info.elements();
            types.add(info.dtype().name());
        }
        json.addProperty("parameters", Sizes.count(parameters));
        json.addProperty("number_types", String.join(", ", types));
    }

    private static void lora(SafetensorsFile file, Map<String, String> downs, JsonObject json) {
        TreeMap<Long, Integer> ranks = new TreeMap<>();
        int textEncoder = 0;
        int convolutions = 0;
        for (String name : downs.keySet()) {
            long[] shape = file.info(name).shape();
            if (shape.length > 0) {
                ranks.merge(shape[0], 1, Integer::sum);
            }
            if (name.startsWith("lora_te") || name.contains("text_")) {
                textEncoder++;
            }
            if (shape.length == 4 && shape[2] > 1) {
                convolutions++;
            }
        }
        json.addProperty("format", String.join(", ", new TreeSet<>(downs.values())));
        json.addProperty("layers", downs.size());
        json.addProperty("layers_in_text_encoder", textEncoder);
        json.addProperty("layers_that_convolve", convolutions);
        List<String> shown = new ArrayList<>();
        ranks.forEach(
                (rank, layers) ->
                        shown.add(ranks.size() == 1 ? "" + rank : rank + " (" + layers + "x)"));
        json.addProperty("rank", String.join(", ", shown));
    }

    private static void metadata(Map<String, String> metadata, JsonObject json) {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("modelspec.title", "title");
        known.put("modelspec.architecture", "architecture");
        known.put("ss_base_model_version", "base_model");
        known.put("ss_sd_model_name", "trained_on");
        known.put("ss_network_alpha", "alpha");
        known.put("ss_steps", "training_steps");
        known.put("ss_num_train_images", "training_images");
        known.put("modelspec.trigger_phrase", "trigger_phrase");
        known.put("modelspec.date", "date");
        known.put("modelspec.license", "license");
        known.forEach(
                (key, name) -> {
                    String value = metadata.get(key);
                    if (value != null && !value.isBlank() && !value.equals("None")) {
                        json.addProperty(name, value);
                    }
                });
        List<String> tags = tags(metadata.getOrDefault("ss_tag_frequency", ""));
        if (!tags.isEmpty()) {
            json.addProperty("frequent_words", String.join(", ", tags));
        }
        json.addProperty("metadata_entries", metadata.size());
    }

    /** The words most frequent in the training captions, as kohya's trainer notes them. */
    private static List<String> tags(String frequencies) {
        Map<String, Integer> counts = new TreeMap<>();
        try {
            JsonElement root = JsonParser.parseString(frequencies);
            if (!root.isJsonObject()) {
                return List.of();
            }
            for (JsonElement folder : root.getAsJsonObject().asMap().values()) {
                folder.getAsJsonObject()
                        .asMap()
                        .forEach(
                                (tag, count) ->
                                        counts.merge(tag.strip(), count.getAsInt(), Integer::sum));
            }
        } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
            return List.of(); // free-form text of someone's trainer: nothing to rely on
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(TAGS)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static JsonArray tensors(SafetensorsFile file) {
        JsonArray rows = new JsonArray();
        for (String name : file.names()) {
            TensorInfo info = file.info(name);
            JsonObject row = new JsonObject();
            row.addProperty("name", name);
            row.addProperty("type", info.dtype().name());
            StringBuilder shape = new StringBuilder();
            for (long length : info.shape()) {
                shape.append(shape.isEmpty() ? "" : " x ").append(length);
            }
            row.addProperty("shape", shape.isEmpty() ? "scalar" : shape.toString());
            rows.add(row);
        }
        return rows;
    }
}
