package daumier.diffusion.sample;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pack's folder on disk: checks it, reads from it, keeps the time, words what goes wrong. */
final class PackFolder {
    private final Path path;
    private double loadSeconds;

    /** A folder in the diffusers layout; refuses anything else. */
    PackFolder(Path path) {
        this.path = path;
        Path index = path.resolve("model_index.json");
        if (!Files.isRegularFile(index)) {
            throw new PackException(
                    path + " is no pack: it has no model_index.json (the diffusers layout).");
        }
        try {
            JsonElement json = JsonParser.parseString(Files.readString(index));
            JsonElement name =
                    json.isJsonObject() ? json.getAsJsonObject().get("_class_name") : null;
            String kind = name == null ? "" : name.getAsString();
            if (kind.contains("XL") || kind.contains("3") || kind.startsWith("Flux")) {
                throw new PackException(
                        path + " is a " + kind + ", but only Stable Diffusion 1.x is supported.");
            }
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new PackException(index + " is no sound model index: " + e.getMessage(), e);
        }
    }

    /** Reads a component from a file or folder. */
    interface Reader<T> {
        T read(Path component) throws IOException;
    }

    Path path() {
        return path;
    }

    /** Seconds spent in reading so far. */
    double loadSeconds() {
        return loadSeconds;
    }

    /** Reads a component's folder. */
    <T> T read(String component, Reader<T> reader) {
        Path folder = path.resolve(component);
        if (!Files.isDirectory(folder)) {
            throw new PackException("The pack " + path + " has no folder " + component + ".");
        }
        return timed(folder, reader);
    }

    /** Reads from any path. */
    <T> T timed(Path source, Reader<T> reader) {
        long start = System.nanoTime();
        try {
            return reader.read(source);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            boolean named = reason.contains(source.toString());
            throw new PackException(named ? reason : source + " cannot be read: " + reason, e);
        } finally {
            loadSeconds += (System.nanoTime() - start) / 1e9;
        }
    }
}
