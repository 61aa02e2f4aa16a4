package daumier.cli.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * JSON as people like to read it: names and values in columns, lists of alike objects as tables.
 */
final class Plain {
    private static final String INDENT = "  ";
    private static final int MOST_ROWS = 60;

    private Plain() {}

    /**
     * Renders an object.
     *
     * @param json the object
     * @return lines, the last one ended too
     */
    static String text(JsonObject json) {
        StringBuilder out = new StringBuilder();
        object(json, "", out);
        return out.toString();
    }

    private static void object(JsonObject json, String indent, StringBuilder out) {
        int width = json.keySet().stream().mapToInt(String::length).max().orElse(0);
        for (String key : json.keySet()) {
            JsonElement value = json.get(key);
            String name = key.replace('_', ' ');
            if (value.isJsonObject()) {
                out.append(indent).append(name).append('\n');
                object(value.getAsJsonObject(), indent + INDENT, out);
            } else if (isTable(value)) {
                out.append(indent).append(name).append('\n');
                table(value.getAsJsonArray(), indent + INDENT, out);
            } else {
                out.append(indent).append(padded(name, width + 2)).append(scalar(value));
                out.append('\n');
            }
        }
    }

    private static boolean isTable(JsonElement value) {
        return value.isJsonArray()
                && !value.getAsJsonArray().isEmpty()
                && value.getAsJsonArray().get(0).isJsonObject();
    }

    private static void table(JsonArray rows, String indent, StringBuilder out) {
        Set<String> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.addAll(row.getAsJsonObject().keySet()));
        List<List<String>> lines = new ArrayList<>();
        lines.add(keys.stream().map(key -> key.replace('_', ' ')).toList());
        for (JsonElement row : rows) {
            if (lines.size() > MOST_ROWS) {
                break;
            }
            lines.add(
                    keys.stream()
                            .map(
                                    key -> {
                                        JsonElement cell = row.getAsJsonObject().get(key);
                                        return cell == null ? "" : scalar(cell);
                                    })
                            .toList());
        }
        int[] widths = new int[keys.size()];
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(indent);
            for (int c = 0; c < widths.length; c++) {
                row.append(padded(line.get(c), widths[c] + 2));
            }
            out.append(row.toString().stripTrailing()).append('\n');
        }
        if (rows.size() > MOST_ROWS) {
            out.append(indent).append("and %d more\n".formatted(rows.size() - MOST_ROWS));
        }
    }

    private static String scalar(JsonElement value) {
        if (value.isJsonArray()) {
            List<String> parts = new ArrayList<>();
            value.getAsJsonArray().forEach(part -> parts.add(scalar(part)));
            return parts.isEmpty() ? "none" : String.join(", ", parts);
        }
        if (value.isJsonNull()) {
            return "none";
        }
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
