package daumier.diffusion.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.text.BytePairs.Pair;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tokenizer folder holds, in either form.
 *
 * @param vocabulary id of each token
 * @param merges in order of rank
 * @param config tokenizer_config.json with special_tokens_map.json filling its gaps
 * @param added added tokens of tokenizer.json or of the configuration: content to JSON
 */
record TokenizerFiles(
        Map<String, Integer> vocabulary,
        List<Pair> merges,
        JsonObject config,
        Map<String, JsonObject> added) {

    static TokenizerFiles read(Path folder) throws IOException {
        JsonObject config =
                object(folder.resolve("tokenizer_config.json")).orElseGet(JsonObject::new);
        JsonObject map =
                object(folder.resolve("special_tokens_map.json")).orElseGet(JsonObject::new);
        map.entrySet().stream()
                .filter(e -> !config.has(e.getKey()))
                .forEach(e -> config.add(e.getKey(), e.getValue()));
        Optional<JsonObject> vocabulary = object(folder.resolve("vocab.json"));
        Path merges = folder.resolve("merges.txt");
        if (vocabulary.isPresent() && Files.isRegularFile(merges)) {
            return new TokenizerFiles(
                    ids(folder, vocabulary.get()), mergesText(merges), config, added(config));
        }
        Path whole = folder.resolve("tokenizer.json");
        JsonObject tokenizer =
                object(whole)
                        .orElseThrow(
                                () ->
                                        new NoSuchFileException(
                                                folder.toString(),
                                                null,
                                                "a tokenizer needs vocab.json and merges.txt, or"
                                                        + " tokenizer.json, in this folder."));
        if (!(tokenizer.get("model") instanceof JsonObject model)
                || !(model.get("vocab") instanceof JsonObject vocab)
                || !(model.get("merges") instanceof JsonArray pairs)) {
            throw new IOException(whole + " is not a byte-pair encoding with vocab and merges.");
        }
        Map<String, JsonObject> added = added(config);
        if (tokenizer.get("added_tokens") instanceof JsonArray tokens) {
            tokens.forEach(token -> addToken(added, token));
        }
        return new TokenizerFiles(ids(folder, vocab), mergesArray(whole, pairs), config, added);
    }

    private static Map<String, JsonObject> added(JsonObject config) {
        Map<String, JsonObject> added = new LinkedHashMap<>();
        if (config.get("added_tokens_decoder") instanceof JsonObject byId) {
            for (Map.Entry<String, JsonElement> entry : byId.entrySet()) {
                if (entry.getValue() instanceof JsonObject token) {
                    JsonObject withId = token.deepCopy();
                    withId.addProperty("id", entry.getKey());
                    addToken(added, withId);
                }
            }
        }
        return added;
    }

    private static void addToken(Map<String, JsonObject> added, JsonElement token) {
        if (token instanceof JsonObject object && object.has("content") && object.has("id")) {
            added.putIfAbsent(object.get("content").getAsString(), object);
        }
    }

    private static Map<String, Integer> ids(Path folder, JsonObject vocabulary) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : vocabulary.entrySet()) {
            try {
                ids.put(entry.getKey(), entry.getValue().getAsInt());
            } catch (NumberFormatException
                    | IllegalStateException
                    | UnsupportedOperationException e) {
                throw new IOException(
                        "The vocabulary in %s gives token '%s' an id that is no number."
                                .formatted(folder, entry.getKey()),
                        e);
            }
        }
        return ids;
    }

    private static List<Pair> mergesText(Path file) throws IOException {
        List<Pair> merges = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text.", e);
        }
        for (String line : text.split("\r?\n")) {
            if (!line.startsWith("#version") && !line.isBlank()) {
                merges.add(pair(file, line.split(" ")));
            }
        }
        return merges;
    }

    private static List<Pair> mergesArray(Path file, JsonArray pairs) throws IOException {
        List<Pair> merges = new ArrayList<>();
        for (JsonElement element : pairs) {
            String[] parts =
                    element instanceof JsonArray two
                            ? two.asList().stream()
                                    .map(JsonElement::getAsString)
                                    .toArray(String[]::new)
                            : element.getAsString().split(" ");
            merges.add(pair(file, parts));
        }
        return merges;
    }

    private static Pair pair(Path file, String[] parts) throws IOException {
        if (parts.length != 2) {
            throw new IOException(
                    "%s holds the merge '%s', which is not two symbols."
                            .formatted(file, String.join(" ", parts)));
        }
        return new Pair(parts[0], parts[1]);
    }

    private static Optional<JsonObject> object(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (JsonParser.parseString(Files.readString(file)) instanceof JsonObject object) {
                return Optional.of(object);
            }
        } catch (JsonParseException | CharacterCodingException e) {
            throw new IOException(file + " is not valid JSON.", e);
        }
        throw new IOException(file + " is not a JSON object.");
    }
}
