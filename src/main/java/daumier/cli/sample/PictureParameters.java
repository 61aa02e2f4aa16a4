package daumier.cli.sample;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code parameters} text of a picture, taken apart as AUTOMATIC1111's web UI does
 * (modules/infotext_utils.py, parse_generation_parameters).
 *
 * @param prompt the lines before the settings
 * @param negativePrompt what follows {@code Negative prompt:}
 * @param settings values by their label, e.g. {@code CFG scale}
 */
record PictureParameters(String prompt, String negativePrompt, Map<String, String> settings) {
    private static final String NEGATIVE = "Negative prompt:";

    /** What stands before a value; labels are short, and the bound keeps long lines cheap. */
    private static final Pattern LABEL = Pattern.compile("(\\w[\\w \\-/]{1,100}):\\s*");

    /** Fewer settings than this in the last line, and it belongs to the prompt. */
    private static final int FEWEST = 3;

    /** Takes a text apart. */
    static PictureParameters parse(String text) {
        String[] lines = text.strip().split("\n", -1);
        Map<String, String> settings = settings(lines[lines.length - 1]);
        int end = settings.size() < FEWEST ? lines.length : lines.length - 1;
        if (end == lines.length) {
            settings = Map.of();
        }
        StringBuilder prompt = new StringBuilder();
        StringBuilder negative = new StringBuilder();
        boolean after = false;
        for (int i = 0; i < end; i++) {
            String line = lines[i].strip();
            if (line.startsWith(NEGATIVE)) {
                after = true;
                line = line.substring(NEGATIVE.length()).strip();
            }
            StringBuilder part = after ? negative : prompt;
            part.append(part.isEmpty() ? "" : "\n").append(line);
        }
        return new PictureParameters(prompt.toString(), negative.toString(), settings);
    }

    private static Map<String, String> settings(String line) {
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(line);
        int at = 0;
        while (at < line.length() && label.find(at)) {
            int end = valueEnd(line, label.end());
            settings.put(label.group(1), unquoted(line.substring(label.end(), end).strip()));
            at = end + 1;
        }
        return settings;
    }

    /**
     * A value ends at a comma, or behind its quotes if a comma or nothing follows them. A loop, as
     * a regular expression would take stack for each character.
     */
    private static int valueEnd(String line, int start) {
        if (line.startsWith("\"", start)) {
            int i = start + 1;
            while (i < line.length() && line.charAt(i) != '"') {
                i += line.charAt(i) == '\\' ? 2 : 1;
            }
            if (i + 1 == line.length() || (i + 1 < line.length() && line.charAt(i + 1) == ',')) {
                return i + 1;
            }
        }
        int comma = line.indexOf(',', start);
        return comma < 0 ? line.length() : comma;
    }

    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return value;
        }
        try {
            JsonElement json = JsonParser.parseString(value);
            return json.isJsonPrimitive() ? json.getAsString() : value;
        } catch (JsonParseException e) {
            return value; // as the web UI: what is no JSON is taken as it stands
        }
    }
}
