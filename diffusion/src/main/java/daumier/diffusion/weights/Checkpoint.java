package daumier.diffusion.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files one checkpoint is spread over: one file, or the shards of an index. */
final class Checkpoint implements AutoCloseable {

    /** What diffusers and transformers call the weights of a component, full precision first. */
    private static final List<String> STEMS = List.of("diffusion_pytorch_model", "model");

    private static final String ENDING = ".safetensors";
    private static final String INDEX = ".safetensors.index.json";

    private final Path path;
    private final Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, SafetensorsFile> byKey = new LinkedHashMap<>();

    private Checkpoint(Path path) {
        this.path = path;
    }

    /**
     * Opens a file, an index, or what a component folder holds.
     *
     * @throws SafetensorsException if there is nothing readable, with the reason
     */
    static Checkpoint open(Path fileOrFolder) throws IOException {
        Path file = Files.isDirectory(fileOrFolder) ? resolve(fileOrFolder) : fileOrFolder;
        Checkpoint checkpoint = new Checkpoint(file);
        boolean sound = false;
        try {
            if (String.valueOf(file.getFileName()).endsWith(".json")) {
                checkpoint.addShards(file);
            } else {
                SafetensorsFile only = checkpoint.file(file);
                only.names().forEach(name -> checkpoint.byKey.put(name, only));
            }
            sound = true;
            return checkpoint;
        } finally {
            if (!sound) {
                checkpoint.close();
            }
        }
    }

    /** File of each tensor by key, in file order. */
    Map<String, SafetensorsFile> byKey() {
        return byKey;
    }

    /** The file or index that was opened. */
    Path path() {
        return path;
    }

    /** A line for each file. */
    String identity() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (SafetensorsFile file : files.values()) {
            lines.append(file.identity()).append('\n');
        }
        return lines.toString();
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files.values()) {
            file.close();
        }
    }

    /** First of: the stem's file, its index, its fp16 file, its fp16 index; then an only file. */
    private static Path resolve(Path folder) throws IOException {
        for (String stem : STEMS) {
            for (String name :
                    List.of(
                            stem + ENDING,
                            stem + INDEX,
                            stem + ".fp16" + ENDING,
                            stem + ".fp16" + INDEX,
                            stem + ".safetensors.index.fp16.json")) {
                Path candidate = folder.resolve(name);
                if (Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
        }
        List<Path> others;
        try (Stream<Path> entries = Files.list(folder)) {
            others = entries.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> weights = others.stream().filter(p -> lower(p).endsWith(ENDING)).toList();
        if (weights.size() == 1) {
            return weights.get(0);
        }
        if (weights.size() > 1) {
            throw new SafetensorsException(
                    "%s holds several files of weights; name one of them: %s."
                            .formatted(
                                    folder,
                                    weights.stream()
                                            .map(p -> p.getFileName().toString())
                                            .toList()));
        }
        Optional<Path> pickle = others.stream().filter(p -> Pickles.isPickle(lower(p))).findFirst();
        if (pickle.isPresent()) {
            throw Pickles.refusal(pickle.get());
        }
        throw new SafetensorsException(
                folder
                        + " holds no weights: a file like diffusion_pytorch_model.safetensors or"
                        + " model.safetensors is expected there.");
    }

    private static String lower(Path path) {
        return path.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    private SafetensorsFile file(Path file) throws IOException {
        SafetensorsFile open = files.get(file);
        if (open == null) {
            open = SafetensorsFile.open(file);
            files.put(file, open);
        }
        return open;
    }

    private void addShards(Path index) throws IOException {
        for (Map.Entry<String, JsonElement> entry : weightMap(index).entrySet()) {
            String key = entry.getKey();
            JsonElement value = entry.getValue();
            if (!value.isJsonPrimitive() || !isPlainName(value.getAsString())) {
                throw new SafetensorsException(
                        "%s is damaged: tensor '%s' does not name a file in the same folder."
                                .formatted(index, SafetensorsHeader.shortened(key)));
            }
            Path shard = index.resolveSibling(value.getAsString());
            if (!Files.exists(shard)) {
                throw new NoSuchFileException(
                        shard.toString(),
                        null,
                        "this shard is named by %s but is missing; fetch it too."
                                .formatted(index.getFileName()));
            }
            SafetensorsFile file = file(shard);
            if (!file.has(key)) {
                throw new SafetensorsException(
                        "%s says that tensor '%s' is in %s, but it is not there."
                                .formatted(
                                        index,
                                        SafetensorsHeader.shortened(key),
                                        shard.getFileName()));
            }
            byKey.put(key, file);
        }
    }

    /** A shard lies beside its index: a path that leaves the folder is not followed. */
    private static boolean isPlainName(String name) {
        return name.endsWith(ENDING) && !name.contains("/") && !name.contains("\\");
    }

    private static JsonObject weightMap(Path index) throws IOException {
        try {
            JsonElement root = JsonParser.parseString(Files.readString(index));
            if (root.isJsonObject()
                    && root.getAsJsonObject().get("weight_map") instanceof JsonObject map) {
                return map;
            }
        } catch (JsonParseException | CharacterCodingException e) {
            throw new SafetensorsException(index + " is damaged: it is not valid JSON.", e);
        }
        throw new SafetensorsException(index + " is damaged: it has no weight_map.");
    }
}
