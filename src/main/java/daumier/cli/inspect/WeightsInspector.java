package daumier.cli.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.lora.LoraSummary;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Describes a safetensors file from its header alone; knows LoRA files by their keys. */
final class WeightsInspector {
    private static final int TAGS = 12;

    private WeightsInspector() {}

    static JsonObject describe(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            LoraSummary lora = LoraSummary.of(file);
            boolean isLora = lora.layers() > 0;
            JsonObject json = new JsonObject();
            json.addProperty("kind", isLora ? "LoRA" : "weights");
            json.addProperty("file", path.toString());
            json.addProperty("size", Sizes.bytes(Files.size(path)));
            summary(file, json);
            if (isLora) {
                lora(lora, json);
            }
            metadata(file.metadata(), json);
            if (!isLora) {
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

    private static void lora(LoraSummary lora, JsonObject json) {
        json.addProperty("format", lora.family());
        lora.baseModel().ifPresent(model -> json.addProperty("made_for", model));
        json.addProperty("layers", lora.layers());
        json.addProperty("layers_in_text_encoder", lora.textEncoderLayers());
        json.addProperty("layers_that_convolve", lora.convolutions());
        Map<String, Integer> ranks = new LinkedHashMap<>();
        lora.ranks().forEach((rank, layers) -> ranks.put(rank == 0 ? "whole" : "" + rank, layers));
        json.addProperty("rank", counted(ranks));
        Map<String, Integer> alphas = new LinkedHashMap<>();
        lora.alphas().forEach((alpha, layers) -> alphas.put(plain(alpha), layers));
        if (!alphas.isEmpty()) {
            json.addProperty("alpha", counted(alphas));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.4g", number);
    }

    private static String counted(Map<String, Integer> layers) {
        List<String> shown = new ArrayList<>();
        layers.forEach(
                (value, count) ->
                        shown.add(layers.size() == 1 ? value : value + " (" + count + "x)"));
        return String.join(", ", shown);
    }

    private static void metadata(Map<String, String> metadata, JsonObject json) {
        Map<String, String> known = new LinkedHashMap<>();
        known.put("modelspec.title", "title");
        known.put("modelspec.architecture", "architecture");
        known.put("ss_base_model_version", "base_model");
        known.put("ss_sd_model_name", "trained_on");
        known.put("ss_network_module", "network");
        known.put("ss_steps", "training_steps");
        known.put("ss_epoch", "epochs");
        known.put("ss_num_train_images", "training_images");
        known.put("ss_resolution", "resolution");
        known.put("ss_learning_rate", "learning_rate");
        known.put("ss_optimizer", "optimizer");
        known.put("ss_lr_scheduler", "learning_rate_scheduler");
        known.put("ss_clip_skip", "clip_skip");
        known.put("ss_noise_offset", "noise_offset");
        known.put("ss_min_snr_gamma", "min_snr_gamma");
        known.put("ss_seed", "seed");
        known.put("modelspec.trigger_phrase", "trigger_words");
        known.put("modelspec.timestep_range", "timestep_range");
        known.put("modelspec.description", "description");
        known.put("modelspec.author", "author");
        known.put("modelspec.date", "date");
        known.put("modelspec.license", "license");
        if (!json.has("alpha") && metadata.containsKey("ss_network_alpha")) {
            json.addProperty("alpha", metadata.get("ss_network_alpha"));
        }
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
