package daumier.diffusion.sample;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A pack's {@code scheduler_config.json}, whatever its {@code _class_name}.
 *
 * <p>Keys that are absent have no value here: as in diffusers' {@code from_config}, each sampler
 * puts in its own default. Unknown keys are ignored.
 */
public final class SchedulerConfig {
    private final JsonObject values;
    private final String source;

    private SchedulerConfig(JsonObject values, String source) {
        this.values = values;
        this.source = source;
    }

    /** Reads a file. */
    public static SchedulerConfig read(Path file) throws IOException {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new java.nio.file.NoSuchFileException(
                    file.toString(), null, "the pack has no scheduler configuration there");
        }
    }

    /**
     * Parses the text of a configuration.
     *
     * @param source what to call it in messages
     */
    public static SchedulerConfig parse(String json, String source) {
        try {
            JsonElement root = JsonParser.parseString(json);
            if (!root.isJsonObject()) {
                throw new IllegalArgumentException(
                        source + " is no scheduler configuration: it is no JSON object.");
            }
            return new SchedulerConfig(root.getAsJsonObject(), source);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(source + " is not valid JSON.", e);
        }
    }

    /** The class this configuration was written for, such as {@code PNDMScheduler}. */
    public Optional<String> className() {
        return primitive("_class_name").map(JsonPrimitive::getAsString);
    }

    /** The number of training timesteps T. */
    public int numTrainTimesteps() {
        int steps = integer("num_train_timesteps", 1000);
        if (steps < 2 || steps > 1_000_000) {
            throw wrong("num_train_timesteps", "a number from 2 to 1000000");
        }
        return steps;
    }

    /** What the network's output means; epsilon if not said. */
    public PredictionType predictionType() {
        return PredictionType.of(text("prediction_type", PredictionType.EPSILON.key()));
    }

    /** The betas given one by one, if they are. */
    public Optional<double[]> trainedBetas() {
        JsonElement element = values.get("trained_betas");
        if (element == null || element.isJsonNull()) {
            return Optional.empty();
        }
        if (!element.isJsonArray()) {
            throw wrong("trained_betas", "a list of numbers");
        }
        JsonArray list = element.getAsJsonArray();
        double[] betas = new double[list.size()];
        try {
            for (int i = 0; i < betas.length; i++) {
                betas[i] = list.get(i).getAsDouble();
            }
        } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
            throw wrong("trained_betas", "a list of numbers");
        }
        return Optional.of(betas);
    }

    /** A number, or the default where the key is absent or null. */
    public double number(String key, double ifAbsent) {
        Optional<JsonPrimitive> value = primitive(key);
        if (value.isEmpty()) {
            return ifAbsent;
        }
        try {
            return value.get().getAsDouble();
        } catch (NumberFormatException e) {
            throw wrong(key, "a number");
        }
    }

    /** A whole number, or the default where the key is absent or null. */
    public int integer(String key, int ifAbsent) {
        double value = number(key, ifAbsent);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw wrong(key, "a whole number");
        }
        return (int) value;
    }

    /** True or false, or the default where the key is absent or null. */
    public boolean flag(String key, boolean ifAbsent) {
        Optional<JsonPrimitive> value = primitive(key);
        if (value.isEmpty()) {
            return ifAbsent;
        }
        if (!value.get().isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.get().getAsBoolean();
    }

    /** A text, or the default where the key is absent or null. */
    public String text(String key, String ifAbsent) {
        return primitive(key).map(JsonPrimitive::getAsString).orElse(ifAbsent);
    }

    /** The same configuration with a flag set. */
    SchedulerConfig with(String key, boolean value) {
        JsonObject copy = values.deepCopy();
        copy.addProperty(key, value);
        return new SchedulerConfig(copy, source);
    }

    /** The same configuration with a number set. */
    SchedulerConfig with(String key, int value) {
        JsonObject copy = values.deepCopy();
        copy.addProperty(key, value);
        return new SchedulerConfig(copy, source);
    }

    /** The same configuration with keys as if absent. */
    SchedulerConfig without(String... keys) {
        JsonObject copy = values.deepCopy();
        for (String key : keys) {
            copy.remove(key);
        }
        return new SchedulerConfig(copy, source);
    }

    /** Refuses a setting that a sampler does not know how to honour. */
    void refuse(String key, String sampler) {
        if (flag(key, false)) {
            throw cannot(key, sampler);
        }
    }

    /** Refuses a list, unless it is empty, that a sampler does not know how to honour. */
    void refuseList(String key, String sampler) {
        JsonElement list = values.get(key);
        boolean empty =
                list == null
                        || list.isJsonNull()
                        || (list.isJsonArray() && list.getAsJsonArray().isEmpty());
        if (!empty) {
            throw cannot(key, sampler);
        }
    }

    private IllegalArgumentException cannot(String key, String sampler) {
        return new IllegalArgumentException(
                source
                        + " sets "
                        + key
                        + ", which the sampler "
                        + sampler
                        + " cannot do: remove it or take another sampler.");
    }

    /** The exception for a value that is not one of what the key may hold. */
    IllegalArgumentException wrong(String key, String expected) {
        return new IllegalArgumentException(
                source
                        + " has "
                        + key
                        + " = "
                        + values.get(key)
                        + ", but it must be "
                        + expected
                        + ".");
    }

    private Optional<JsonPrimitive> primitive(String key) {
        JsonElement element = values.get(key);
        if (element == null || element.isJsonNull()) {
            return Optional.empty();
        }
        if (!element.isJsonPrimitive()) {
            throw wrong(key, "a single value");
        }
        return Optional.of(element.getAsJsonPrimitive());
    }
}
