package daumier.diffusion.nn;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A model's {@code config.json} with defaults for what is absent or null. Keys nobody asks for are
 * ignored.
 */
final class JsonConfig {
    private final JsonObject json;
    private final String origin;

    private JsonConfig(JsonObject json, String origin) {
        this.json = json;
        this.origin = origin;
    }

    /**
     * Reads a file, or {@code config.json} in a folder.
     *
     * @throws IOException if the file cannot be read or is no JSON object
     */
    static JsonConfig read(Path fileOrFolder) throws IOException {
        Path file =
                Files.isDirectory(fileOrFolder)
                        ? fileOrFolder.resolve("config.json")
                        : fileOrFolder;
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            JsonElement root = JsonParser.parseReader(reader);
            if (!root.isJsonObject()) {
                throw new IOException(file + " must hold one JSON object.");
            }
            return new JsonConfig(root.getAsJsonObject(), file.toString());
        } catch (JsonParseException e) {
            throw new IOException(file + " is not JSON: " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    file + " does not exist; a model folder needs its config.json.", e);
        }
    }

    static JsonConfig parse(String text, String origin) {
        return new JsonConfig(JsonParser.parseString(text).getAsJsonObject(), origin);
    }

    boolean has(String name) {
        return json.has(name) && !json.get(name).isJsonNull();
    }

    /** An object inside. */
    JsonConfig at(String name) {
        return new JsonConfig(
                value(name, json.get(name), JsonElement::getAsJsonObject), origin + ", " + name);
    }

    int integer(String name, int absent) {
        return has(name) ? value(name, json.get(name), JsonElement::getAsInt) : absent;
    }

    double number(String name, double absent) {
        return has(name) ? value(name, json.get(name), JsonElement::getAsDouble) : absent;
    }

    boolean flag(String name, boolean absent) {
        return has(name) ? value(name, json.get(name), JsonElement::getAsBoolean) : absent;
    }

    String text(String name, String absent) {
        return has(name) ? value(name, json.get(name), JsonElement::getAsString) : absent;
    }

    List<String> texts(String name, List<String> absent) {
        return has(name) ? all(name, JsonElement::getAsString) : absent;
    }

    List<Integer> integers(String name, List<Integer> absent) {
        return has(name) ? all(name, JsonElement::getAsInt) : absent;
    }

    /** A list of {@code count} integers; a single number stands for a list of equal ones. */
    List<Integer> integers(String name, int count, int absent) {
        List<Integer> values =
                has(name) && json.get(name).isJsonArray()
                        ? all(name, JsonElement::getAsInt)
                        : Collections.nCopies(count, integer(name, absent));
        if (values.size() != count) {
            throw new IllegalArgumentException(
                    "%s: '%s' has %d entries where %d are needed."
                            .formatted(origin, name, values.size(), count));
        }
        return values;
    }

    /** Refuses a variant this code does not have. */
    void demand(String name, String what, boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s: '%s' is %s, which is not supported; %s."
                            .formatted(origin, name, json.get(name), what));
        }
    }

    private <T> List<T> all(String name, Function<JsonElement, T> as) {
        List<T> values = new ArrayList<>();
        for (JsonElement element : value(name, json.get(name), JsonElement::getAsJsonArray)) {
            values.add(value(name, element, as));
        }
        return List.copyOf(values);
    }

    private <T> T value(String name, JsonElement element, Function<JsonElement, T> as) {
        try {
            return as.apply(element);
        } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "%s: '%s' has the wrong type: %s.".formatted(origin, name, element), e);
        }
    }

    @Override
    public String toString() {
        return origin;
    }

    /** An empty configuration: all defaults. */
    static JsonConfig empty() {
        return new JsonConfig(new JsonObject(), "the default configuration");
    }
}
