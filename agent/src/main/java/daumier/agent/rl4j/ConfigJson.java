package daumier.agent.rl4j;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import daumier.agent.PolicyFormatException;

/** Configuration records as JSON, one property a component. */
final class ConfigJson {
    private static final Gson GSON = new Gson();

    private ConfigJson() {}

    static JsonObject write(Object config) {
        return GSON.toJsonTree(config).getAsJsonObject();
    }

    static <T> T read(JsonObject json, Class<T> type) {
        try {
            return GSON.fromJson(json, type);
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor refuses into a bare RuntimeException.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new PolicyFormatException(
                    "The configuration in the policy file cannot be used: " + reason.getMessage(),
                    e);
        }
    }
}
