package daumier.diffusion.lora;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What PEFT says of an adapter outside its tensors: alpha, exceptions by layer, and rank-stabilised
 * scaling. It stands in adapter_config.json beside the weights, or, from diffusers, in the file's
 * metadata with the model's name before each entry.
 */
record AdapterConfig(JsonObject json, boolean prefixed) {

    /** Key of diffusers' metadata (diffusers.loaders.lora_base.LORA_ADAPTER_METADATA_KEY). */
    private static final String METADATA = "lora_adapter_metadata";

    static AdapterConfig read(Path weights, Map<String, String> metadata) throws IOException {
        if (metadata.containsKey(METADATA)) {
            return new AdapterConfig(parse(weights + " (metadata)", metadata.get(METADATA)), true);
        }
        Path beside = weights.resolveSibling("adapter_config.json");
        boolean raw = String.valueOf(weights.getFileName()).startsWith("adapter_model");
        return raw && Files.isRegularFile(beside)
                ? new AdapterConfig(parse(beside.toString(), text(beside)), false)
                : new AdapterConfig(new JsonObject(), false);
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new LoraException(file + " is not valid JSON.");
        }
    }

    private static JsonObject parse(String where, String text) throws LoraException {
        try {
            if (JsonParser.parseString(text) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException e) {
            throw new LoraException(where + " holds an adapter configuration that is not JSON.");
        }
        throw new LoraException(where + " holds an adapter configuration that is not an object.");
    }

    /**
     * The alpha that makes alpha / rank the scale PEFT uses: alpha, or alpha · sqrt(rank) where the
     * adapter is rank-stabilised and its scale is alpha / sqrt(rank).
     */
    OptionalDouble alpha(LoraTarget target, int rank) {
        String prefix = !prefixed ? "" : target.inTextEncoder() ? "text_encoder." : "unet.";
        OptionalDouble alpha = pattern(prefix + "alpha_pattern", target.path());
        if (alpha.isEmpty()) {
            alpha = number(json.get(prefix + "lora_alpha"));
        }
        if (alpha.isEmpty()) {
            alpha = number(json.get(prefix + "alpha")); // LoHa and LoKr
        }
        if (alpha.isEmpty() || !isTrue(json.get(prefix + "use_rslora"))) {
            return alpha;
        }
        return OptionalDouble.of(alpha.getAsDouble() * Math.sqrt(rank));
    }

    /** The rank the adapter was made with, where it is told. */
    OptionalDouble rank(LoraTarget target) {
        String prefix = !prefixed ? "" : target.inTextEncoder() ? "text_encoder." : "unet.";
        OptionalDouble rank = pattern(prefix + "rank_pattern", target.path());
        return rank.isPresent() ? rank : number(json.get(prefix + "r"));
    }

    /** The first entry whose key is the path or its end; keys are taken as names, not patterns. */
    private OptionalDouble pattern(String name, String path) {
        if (json.get(name) instanceof JsonObject patterns) {
            for (Map.Entry<String, JsonElement> entry : patterns.entrySet()) {
                String key = entry.getKey().replaceFirst("^\\^", "");
                if (path.equals(key) || path.endsWith("." + key)) {
                    return number(entry.getValue());
                }
            }
        }
        return OptionalDouble.empty();
    }

    private static OptionalDouble number(JsonElement element) {
        return element != null
                        && element.isJsonPrimitive()
                        && element.getAsJsonPrimitive().isNumber()
                ? OptionalDouble.of(element.getAsDouble())
                : OptionalDouble.empty();
    }

    private static boolean isTrue(JsonElement element) {
        return element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isBoolean()
                && element.getAsBoolean();
    }
}
