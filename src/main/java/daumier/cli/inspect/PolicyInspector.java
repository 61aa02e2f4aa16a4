package daumier.cli.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Describes a policy file: a zip of JSON and arrays. */
final class PolicyInspector {
    private static final int LONGEST_JSON = 1 << 20;

    private PolicyInspector() {}

    static JsonObject describe(Path path) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("kind", "policy");
        json.addProperty("file", path.toString());
        json.addProperty("size", Sizes.bytes(Files.size(path)));
        JsonArray arrays = new JsonArray();
        try (ZipFile zip = new ZipFile(path.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".json") && entry.getSize() < LONGEST_JSON) {
                    json.add(entry.getName().replaceFirst("\\.json$", ""), parse(zip, entry, path));
                } else {
                    JsonObject row = new JsonObject();
                    row.addProperty("name", entry.getName());
                    row.addProperty("size", Sizes.bytes(entry.getSize()));
                    arrays.add(row);
                }
            }
        } catch (ZipException e) {
            throw new IOException(path + " is no policy: it is not a sound zip file.", e);
        }
        json.add("files", arrays);
        return json;
    }

    private static JsonElement parse(ZipFile zip, ZipEntry entry, Path path) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return JsonParser.parseString(
                    new String(in.readNBytes(LONGEST_JSON), StandardCharsets.UTF_8));
        } catch (JsonParseException e) {
            throw new IOException(
                    "%s in %s is damaged: it is not valid JSON.".formatted(entry.getName(), path),
                    e);
        }
    }
}
