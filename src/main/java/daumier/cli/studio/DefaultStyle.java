package daumier.cli.studio;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The style that a person is drawn in when nobody named one. */
final class DefaultStyle {
    /**
     * Key of a pack's {@code model_index.json} that names the style. Diffusers passes over keys
     * that begin with an underscore.
     */
    static final String KEY = "_daumier_style";

    private DefaultStyle() {}

    /**
     * The first style that was named, else the one that the pack names, else the first of all.
     *
     * @param named with {@code --lora}
     */
    static String of(Studio studio, List<String> named) throws IOException {
        Path index = studio.pack().folder().resolve("model_index.json");
        if (named.isEmpty() && Files.isRegularFile(index)) {
            String wished = wished(Files.readString(index));
            if (studio.styles().contains(wished)) {
                return wished;
            }
        }
        return studio.styles().get(0);
    }

    private static String wished(String index) {
        try {
            JsonObject json = JsonParser.parseString(index).getAsJsonObject();
            JsonElement wished = json.get(KEY);
            return wished != null && wished.isJsonPrimitive() ? wished.getAsString() : "";
        } catch (JsonParseException | IllegalStateException e) {
            return ""; // An index that cannot be read names no style.
        }
    }
}
