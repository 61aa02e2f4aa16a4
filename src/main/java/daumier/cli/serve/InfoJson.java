package daumier.cli.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.faces.Picture;
import java.util.Map;
import java.util.Optional;

/** An info as JSON: numbers, words and maps as they are, episodes and outcomes by their figures. */
final class InfoJson {
    private InfoJson() {}

    static JsonObject of(Map<String, ?> info) {
        JsonObject json = new JsonObject();
        info.forEach((key, value) -> value(value).ifPresent(element -> json.add(key, element)));
        return json;
    }

    /** Nothing for what has no words: pictures are asked for by a request of their own. */
    private static Optional<JsonElement> value(Object value) {
        if (value instanceof Number number) {
            double size = number.doubleValue();
            return Double.isFinite(size)
                    ? Optional.of(new JsonPrimitive(number))
                    : Optional.empty();
        }
        if (value instanceof String words) {
            return Optional.of(new JsonPrimitive(words));
        }
        if (value instanceof Boolean flag) {
            return Optional.of(new JsonPrimitive(flag));
        }
        if (value instanceof double[] numbers) {
            return Optional.of(array(numbers));
        }
        if (value instanceof EpisodeSpec spec) {
            return Optional.of(episode(spec));
        }
        if (value instanceof Outcome outcome) {
            return Optional.of(outcome(outcome));
        }
        if (value instanceof Map<?, ?> map) {
            JsonObject json = new JsonObject();
            map.forEach(
                    (key, inner) ->
                            value(inner).ifPresent(element -> json.add(key.toString(), element)));
            return Optional.of(json);
        }
        if (value instanceof Picture) {
            return Optional.empty();
        }
        return Optional.of(new JsonPrimitive(String.valueOf(value)));
    }

    private static JsonObject episode(EpisodeSpec spec) {
        JsonObject json = new JsonObject();
        json.addProperty("lora", spec.lora());
        json.addProperty("prompt", spec.prompt());
        json.addProperty("noise_seed", spec.noiseSeed());
        json.add("intent", array(spec.intent()));
        return json;
    }

    /** Without the seconds: the same seed and actions shall give the same info. */
    private static JsonObject outcome(Outcome outcome) {
        JsonObject json = new JsonObject();
        json.add("reward", of(outcome.reward().asMap()));
        if (outcome.judged() != null) {
            json.add("judged", of(outcome.judged().asMap()));
        }
        json.addProperty("unet_calls", outcome.unetCalls());
        json.addProperty("decisions", outcome.decisions().size());
        return json;
    }

    static JsonArray array(double[] values) {
        JsonArray array = new JsonArray(values.length);
        for (double value : values) {
            array.add(value);
        }
        return array;
    }
}
