package daumier.diffusion.lora;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Optional;

/**
 * The words that call a LoRA, from its file's metadata: {@code modelspec.trigger_phrase}, or the
 * one tag that kohya's {@code ss_tag_frequency} counts more often than every other.
 */
public final class TriggerWords {
    private static final String PHRASE = "modelspec.trigger_phrase";
    private static final String FREQUENCY = "ss_tag_frequency";

    private TriggerWords() {}

    /** The words, or nothing where the metadata does not tell. */
    public static Optional<String> of(Map<String, String> metadata) {
        String phrase = metadata.getOrDefault(PHRASE, "").strip();
        if (!phrase.isEmpty()) {
            return Optional.of(phrase);
        }
        try {
            JsonElement counted = JsonParser.parseString(metadata.getOrDefault(FREQUENCY, "{}"));
            return counted.isJsonObject() ? leading(counted.getAsJsonObject()) : Optional.empty();
        } catch (JsonParseException e) {
            return Optional.empty(); // metadata is free text: what cannot be read tells nothing
        }
    }

    private static Optional<String> leading(JsonObject folders) {
        String best = null;
        long most = 0;
        boolean alone = false;
        for (Map.Entry<String, JsonElement> folder : folders.entrySet()) {
            if (!folder.getValue().isJsonObject()) {
                continue;
            }
            for (Map.Entry<String, JsonElement> tag :
                    folder.getValue().getAsJsonObject().entrySet()) {
                if (!tag.getValue().isJsonPrimitive()
                        || !tag.getValue().getAsJsonPrimitive().isNumber()) {
                    continue;
                }
                long count = tag.getValue().getAsLong();
                if (count > most) {
                    best = tag.getKey().strip();
                    most = count;
                    alone = true;
                } else if (count == most) {
                    alone = false;
                }
            }
        }
        return alone && most > 1 && !best.isEmpty() ? Optional.of(best) : Optional.empty();
    }
}
