package daumier.agent;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.env.Box;
import daumier.env.Space;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A policy and everything needed to go on training it, as one zip: {@code policy.json} and an NPY
 * file for each array, so that {@code numpy.load} opens it too. Equal contents give equal bytes.
 *
 * @param kind what wrote it, such as "ppo"
 * @param config the learner's configuration
 * @param provenance where it comes from, in the writer's own words
 * @param observationSpace what it was trained to see
 * @param actionSpace what it was trained to do
 * @param counters steps, iterations, random state and other whole numbers
 * @param arrays network, optimiser, normaliser and other arrays by name
 */
public record PolicyBundle(
        String kind,
        JsonObject config,
        Map<String, String> provenance,
        Box observationSpace,
        Box actionSpace,
        Map<String, Long> counters,
        Map<String, NamedArray> arrays) {
    /** The version of the format that is written, and the newest that can be read. */
    public static final int VERSION = 1;

    private static final String FORMAT = "daumier-policy";
    private static final String MANIFEST = "policy.json";
    private static final String ARRAY_SUFFIX = ".npy";
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    /** Takes copies in a stable order. */
    public PolicyBundle {
        config = config.deepCopy();
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
        counters = Collections.unmodifiableMap(new TreeMap<>(counters));
        arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
    }

    /** Writes the zip and leaves {@code out} open. */
    public void write(OutputStream out) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("format", FORMAT);
        json.addProperty("version", VERSION);
        json.addProperty("kind", kind);
        json.add("config", config);
        json.add("provenance", GSON.toJsonTree(provenance));
        json.add("observation_space", SpaceJson.write(observationSpace));
        json.add("action_space", SpaceJson.write(actionSpace));
        json.add("counters", GSON.toJsonTree(counters));
        ZipOutputStream zip = new ZipOutputStream(out);
        entry(zip, MANIFEST);
        zip.write(GSON.toJson(json).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        for (Map.Entry<String, NamedArray> array : arrays.entrySet()) {
            entry(zip, array.getKey() + ARRAY_SUFFIX);
            Npy.write(array.getValue(), zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void entry(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws PolicyFormatException if it is no policy file, is damaged, or is of a newer version
     * @throws IOException if the stream fails
     */
    public static PolicyBundle read(InputStream in) throws IOException {
        JsonObject json = null;
        Map<String, NamedArray> arrays = new LinkedHashMap<>();
        try {
            ZipInputStream zip = new ZipInputStream(in);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (name.equals(MANIFEST)) {
                    String text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                    json = JsonParser.parseString(text).getAsJsonObject();
                } else if (name.endsWith(ARRAY_SUFFIX)) {
                    name = name.substring(0, name.length() - ARRAY_SUFFIX.length());
                    arrays.put(name, Npy.read(name, zip));
                }
            }
        } catch (ZipException | EOFException e) {
            throw new PolicyFormatException("The policy file is damaged or cut short.", e);
        } catch (JsonParseException | IllegalStateException e) {
            throw new PolicyFormatException("The policy.json of the policy file is no JSON.", e);
        }
        if (json == null
                || !json.has("format")
                || !json.get("format").getAsString().equals(FORMAT)) {
            throw new PolicyFormatException("This is no policy file: give one that train wrote.");
        }
        int version = json.get("version").getAsInt();
        if (version > VERSION) {
            throw new PolicyFormatException(
                    "The policy file has version "
                            + version
                            + ", but this program reads up to "
                            + VERSION
                            + ": update the program.");
        }
        return parse(json, arrays);
    }

    private static PolicyBundle parse(JsonObject json, Map<String, NamedArray> arrays) {
        for (String key :
                new String[] {
                    "kind", "config", "provenance", "observation_space", "action_space", "counters"
                }) {
            if (!json.has(key)) {
                throw new PolicyFormatException(
                        "The policy.json of the policy file has no '" + key + "'.");
            }
        }
        try {
            Map<String, String> provenance = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> e : json.getAsJsonObject("provenance").entrySet()) {
                provenance.put(e.getKey(), e.getValue().getAsString());
            }
            Map<String, Long> counters = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> e : json.getAsJsonObject("counters").entrySet()) {
                counters.put(e.getKey(), e.getValue().getAsLong());
            }
            return new PolicyBundle(
                    json.get("kind").getAsString(),
                    json.getAsJsonObject("config"),
                    provenance,
                    SpaceJson.read(json.getAsJsonObject("observation_space")),
                    SpaceJson.read(json.getAsJsonObject("action_space")),
                    counters,
                    arrays);
        } catch (ClassCastException | IllegalStateException | NullPointerException e) {
            throw new PolicyFormatException(
                    "The policy.json of the policy file is not what a policy needs.", e);
        }
    }

    /**
     * Makes sure that this policy fits an environment: the same named parts of the same sizes.
     *
     * @throws PolicyMismatchException if it does not
     */
    public void requireSpaces(Box observations, Space<?> actions) {
        requireSame("observes", observationSpace, observations);
        if (actions instanceof Box box) {
            requireSame("acts on", actionSpace, box);
        } else {
            throw new PolicyMismatchException(
                    "This policy acts on "
                            + actionSpace.describe()
                            + ", but the environment takes "
                            + actions.describe()
                            + ".");
        }
    }

    private static void requireSame(String verb, Box trained, Box given) {
        if (!trained.parts().equals(given.parts())) {
            throw new PolicyMismatchException(
                    "This policy "
                            + verb
                            + " "
                            + trained.describe()
                            + ", but the environment has "
                            + given.describe()
                            + ": train one for it, or use the pack and settings it was trained"
                            + " with.");
        }
    }

    /** The same without what only training needs: optimiser, target network and replay memory. */
    public PolicyBundle forUse() {
        Map<String, NamedArray> kept = new TreeMap<>(arrays);
        kept.keySet()
                .removeIf(
                        name ->
                                name.startsWith("optimizer.")
                                        || name.startsWith("target.")
                                        || name.startsWith("replay."));
        return new PolicyBundle(
                kind, config, provenance, observationSpace, actionSpace, counters, kept);
    }

    /**
     * The counter called {@code name}.
     *
     * @throws PolicyFormatException if there is none
     */
    public long counter(String name) {
        Long value = counters.get(name);
        if (value == null) {
            throw new PolicyFormatException(
                    "The policy file holds no counter '" + name + "': it is damaged.");
        }
        return value;
    }
}
