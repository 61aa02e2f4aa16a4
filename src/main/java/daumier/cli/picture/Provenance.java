package daumier.cli.picture;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.cli.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * How a picture was made, in two forms: {@code parameters}, the text that the AUTOMATIC1111 web UI
 * and the sites that read its pictures understand, and {@code daumier}, the same and more as JSON.
 */
public final class Provenance {
    private final String prompt;
    private final String negativePrompt;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final JsonObject json = new JsonObject();

    /**
     * The provenance of a picture.
     *
     * @param command which command made it, for instance {@code sample}
     * @param prompt what was asked for
     * @param negativePrompt what was to be avoided, may be empty
     */
    public Provenance(String command, String prompt, String negativePrompt) {
        this.prompt = prompt;
        this.negativePrompt = negativePrompt;
        json.addProperty("version", Version.number());
        json.addProperty("command", command);
        json.addProperty("prompt", prompt);
        json.addProperty("negative_prompt", negativePrompt);
    }

    /**
     * A setting in both forms.
     *
     * @param label as the web UI calls it, for instance {@code CFG scale}
     * @param key as diffusers calls it, for instance {@code guidance_scale}
     * @param value its value
     * @return this
     */
    public Provenance put(String label, String key, Number value) {
        settings.put(label, value.toString());
        json.addProperty(key, value);
        return this;
    }

    /**
     * A setting in both forms.
     *
     * @param label as the web UI calls it, for instance {@code Sampler}
     * @param key as diffusers calls it, for instance {@code scheduler}
     * @param value its value
     * @return this
     */
    public Provenance put(String label, String key, String value) {
        settings.put(label, value);
        json.addProperty(key, value);
        return this;
    }

    /**
     * The JSON form, to add what only it can hold.
     *
     * @return the object itself, not a copy
     */
    public JsonObject json() {
        return json;
    }

    /**
     * The texts to write into the picture.
     *
     * @return by PNG keyword
     */
    public Map<String, String> texts() {
        StringJoiner line = new StringJoiner(", ");
        settings.forEach((label, value) -> line.add(label + ": " + quoted(value)));
        line.add("Version: Daumier " + Version.number());
        String parameters =
                prompt
                        + (negativePrompt.isEmpty() ? "" : "\nNegative prompt: " + negativePrompt)
                        + "\n"
                        + line;
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("parameters", parameters);
        texts.put("daumier", new GsonBuilder().disableHtmlEscaping().create().toJson(json));
        return texts;
    }

    /** A value with a comma, colon or line end is a JSON string, as the web UI writes it. */
    private static String quoted(String value) {
        if (value.indexOf(',') < 0 && value.indexOf(':') < 0 && value.indexOf('\n') < 0) {
            return value;
        }
        return new GsonBuilder().disableHtmlEscaping().create().toJson(value);
    }
}
