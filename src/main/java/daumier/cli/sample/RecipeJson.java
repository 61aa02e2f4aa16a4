package daumier.cli.sample;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import daumier.cli.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON that {@code daumier sample} writes into a picture, or an object in it, read without
 * trust: anyone may have changed the file.
 *
 * @param picture the file, for messages
 * @param json what was read from it
 */
record RecipeJson(Path picture, JsonObject json) {
    /** A string or number as text; nothing where there is none. */
    Optional<String> text(String key) {
        JsonElement value = json.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive()) {
            throw damaged(key);
        }
        return Optional.of(value.getAsString());
    }

    /** A string or number as text that must be there. */
    String demanded(String key) {
        return text(key).orElseThrow(() -> damaged(key));
    }

    /** The objects of a list; none where there is no list. */
    List<RecipeJson> objects(String key) {
        List<RecipeJson> objects = new ArrayList<>();
        for (JsonElement element : list(key)) {
            if (!element.isJsonObject()) {
                throw damaged(key);
            }
            objects.add(new RecipeJson(picture, element.getAsJsonObject()));
        }
        return objects;
    }

    /** The strings of a list; none where there is no list. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : list(key)) {
            if (!element.isJsonPrimitive()) {
                throw damaged(key);
            }
            texts.add(element.getAsString());
        }
        return texts;
    }

    private JsonArray list(String key) {
        JsonElement list = json.get(key);
        if (list == null) {
            return new JsonArray();
        }
        if (!list.isJsonArray()) {
            throw damaged(key);
        }
        return list.getAsJsonArray();
    }

    private UserException damaged(String key) {
        return new UserException(
                "%s has damaged metadata: its %s is not what sample writes."
                        .formatted(picture, key.replace('_', ' ')));
    }
}
