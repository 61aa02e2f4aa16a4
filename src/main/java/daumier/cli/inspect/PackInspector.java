package daumier.cli.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.sample.PackAudit;
import daumier.diffusion.sample.PackException;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Describes a pack: a folder in the diffusers layout, or a single-file checkpoint. */
final class PackInspector {
    private static final List<String> COMPONENTS =
            List.of("unet", "vae", "text_encoder", "adapter", "taesd", "lora", "faces");

    private static final List<String> SETTINGS =
            List.of(
                    "sample_size",
                    "block_out_channels",
                    "layers_per_block",
                    "cross_attention_dim",
                    "latent_channels",
                    "hidden_size",
                    "num_hidden_layers",
                    "channels",
                    "adapter_type");

    private static final List<String> SCHEDULER =
            List.of(
                    "_class_name",
                    "prediction_type",
                    "beta_schedule",
                    "beta_start",
                    "beta_end",
                    "num_train_timesteps",
                    "timestep_spacing",
                    "steps_offset",
                    "rescale_betas_zero_snr");

    private PackInspector() {}

    static JsonObject describe(Path folder) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("kind", "pack");
        json.addProperty("folder", folder.toString());
        JsonObject index = config(folder.resolve("model_index.json"));
        if (index.has("_class_name")) {
            json.addProperty("pipeline", index.get("_class_name").getAsString());
        }
        JsonArray components = new JsonArray();
        long bytes = 0;
        for (String name : COMPONENTS) {
            Path part = folder.resolve(name);
            if (Files.isDirectory(part)) {
                JsonObject config = config(part.resolve("config.json"));
                for (Path file : weights(part)) {
                    components.add(component(name, file, config));
                    bytes += Files.size(file);
                }
            }
        }
        json.addProperty("weights", Sizes.bytes(bytes));
        JsonObject scheduler = config(folder.resolve("scheduler/scheduler_config.json"));
        json.add("scheduler", chosen(scheduler, SCHEDULER));
        json.add("components", components);
        JsonObject settings = new JsonObject();
        for (String name : COMPONENTS) {
            JsonObject chosen =
                    chosen(config(folder.resolve(name).resolve("config.json")), SETTINGS);
            if (!chosen.isEmpty()) {
                settings.add(name, chosen);
            }
        }
        json.add("settings", settings);
        audit(folder, json);
        return json;
    }

    /**
     * Describes a single-file checkpoint.
     *
     * @return empty if the file is none that can be a pack
     */
    static Optional<JsonObject> describeFile(Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("kind", "pack");
        json.addProperty("file", file.toString());
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            if (weights.names().stream().noneMatch(n -> n.startsWith("model.diffusion_model."))) {
                return Optional.empty();
            }
            json.addProperty("pipeline", "single-file checkpoint");
            json.addProperty("size", Sizes.bytes(Files.size(file)));
            WeightsInspector.summary(weights, json);
        }
        json.addProperty(
                "tokenizer",
                Files.isDirectory(file.resolveSibling("tokenizer"))
                        ? "beside the file"
                        : "missing: put CLIP's vocab.json and merges.txt into a folder tokenizer"
                                + " beside the file");
        audit(file, json);
        return Optional.of(json);
    }

    /** What is missing or left over, component by component. */
    private static void audit(Path pack, JsonObject json) {
        List<PackAudit> audits;
        try {
            audits = PackAudit.of(pack);
        } catch (PackException e) {
            json.addProperty("problem", e.getMessage());
            return;
        }
        JsonArray rows = new JsonArray();
        for (PackAudit audit : audits) {
            JsonObject row = new JsonObject();
            row.addProperty("component", audit.component());
            row.addProperty("whole", audit.whole() ? "yes" : "no");
            row.addProperty("missing", counted(audit.missing()));
            row.addProperty("of_other_shape", counted(audit.misfits()));
            row.addProperty("left_over", counted(audit.leftOver()));
            if (!audit.problem().isEmpty()) {
                row.addProperty("problem", audit.problem());
            }
            rows.add(row);
        }
        json.add("completeness", rows);
    }

    private static String counted(Set<String> keys) {
        if (keys.isEmpty()) {
            return "none";
        }
        String first = keys.iterator().next();
        return keys.size() == 1 ? first : "%d, among them %s".formatted(keys.size(), first);
    }

    private static JsonObject component(String name, Path file, JsonObject config)
            throws IOException {
        JsonObject row = new JsonObject();
        row.addProperty("component", name);
        row.addProperty("file", file.getFileName().toString());
        row.addProperty("class", className(config));
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            WeightsInspector.summary(weights, row);
        }
        row.addProperty("size", Sizes.bytes(Files.size(file)));
        return row;
    }

    private static String className(JsonObject config) {
        if (config.has("_class_name")) {
            return config.get("_class_name").getAsString();
        }
        if (config.has("architectures")) {
            return config.get("architectures").getAsJsonArray().get(0).getAsString();
        }
        return "";
    }

    private static List<Path> weights(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
        }
    }

    private static JsonObject chosen(JsonObject config, List<String> keys) {
        JsonObject chosen = new JsonObject();
        for (String key : keys) {
            if (config.has(key)) {
                chosen.add(key.startsWith("_") ? "class" : key, config.get(key));
            }
        }
        return chosen;
    }

    private static JsonObject config(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new JsonObject();
        }
        try {
            JsonElement json = JsonParser.parseString(Files.readString(file));
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw new IOException(file + " is damaged: it is not valid JSON.", e);
        }
        throw new IOException(file + " is damaged: it is not a JSON object.");
    }
}
