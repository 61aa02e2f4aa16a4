package daumier.cli.inspect;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Finds out what a path is and describes it. */
public final class Inspector {
    private Inspector() {}

    /**
     * Describes a pack, a run, a LoRA or other safetensors file, or a policy.
     *
     * @param path a file or folder
     * @return the description; its {@code kind} says what it is
     * @throws IOException when it cannot be read, is damaged, or is none of these
     */
    public static JsonObject describe(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Files.isDirectory(path)) {
            if (Files.exists(path.resolve("model_index.json"))
                    || Files.exists(path.resolve("unet"))) {
                return PackInspector.describe(path);
            }
            if (Files.exists(path.resolve("config.json"))) {
                return RunInspector.describe(path);
            }
            throw new IOException(
                    path
                            + " is neither a pack (no model_index.json) nor a run (no"
                            + " config.json).");
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            Optional<JsonObject> pack = PackInspector.describeFile(path);
            return pack.isPresent() ? pack.get() : WeightsInspector.describe(path);
        }
        if (name.endsWith(".zip")) {
            return PolicyInspector.describe(path);
        }
        throw new IOException(
                path
                        + " is of no kind that can be described: give a pack or run folder, a"
                        + " .safetensors file or a policy .zip.");
    }

    /**
     * A description as text.
     *
     * @param description from {@link #describe}
     * @return lines, the last one ended too
     */
    public static String text(JsonObject description) {
        return Plain.text(description);
    }

    /**
     * A description as JSON.
     *
     * @param description from {@link #describe}
     * @return indented lines without the last line end
     */
    public static String json(JsonObject description) {
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .serializeSpecialFloatingPointValues()
                .create()
                .toJson(description);
    }
}
