package daumier.diffusion.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the text forms of a LoRA's weights: the one that {@link LoraSchedule} writes, with commas
 * between its fields, and that of the A1111 web UI and its extension loractl, with colons.
 *
 * <p>With colons, weights without a name are that of the text encoder and then that of the U-Net,
 * and a U-Net without a weight takes the text encoder's.
 */
final class LoraScheduleParser {
    private static final Pattern FIELD = Pattern.compile("[,;](?=\\s*[A-Za-z][\\w.]*\\s*=)");
    private static final WeightSchedule ONE = WeightSchedule.constant(1);

    private final String text;
    private final List<WeightSchedule> unnamed = new ArrayList<>();
    private final Map<String, WeightSchedule> named = new LinkedHashMap<>();

    private LoraScheduleParser(String text) {
        this.text = text;
    }

    static LoraSchedule parse(String text) {
        LoraScheduleParser parser = new LoraScheduleParser(text);
        String[] items = text.split(":", -1);
        for (String item : items) {
            for (String field : FIELD.split(item, -1)) {
                parser.read(field);
            }
        }
        return parser.schedule(items.length > 1);
    }

    private void read(String field) {
        int equals = field.indexOf('=');
        WeightSchedule schedule = WeightSchedule.parse(field.substring(equals + 1));
        if (equals < 0) {
            unnamed.add(schedule);
        } else if (named.put(field.substring(0, equals).strip(), schedule) != null) {
            throw twice(field.substring(0, equals).strip());
        }
    }

    private LoraSchedule schedule(boolean colons) {
        if (unnamed.size() > 2 || named.containsKey("dyn")) {
            throw new IllegalArgumentException(
                    ("'%s' keeps a LoRA to its first ranks (dyn), which cannot be done here: leave"
                                    + " it out.")
                            .formatted(text));
        }
        if (!colons && !unnamed.isEmpty() && named.containsKey("unet")) {
            throw twice("unet");
        }
        WeightSchedule first = unnamed.isEmpty() ? null : unnamed.get(0);
        WeightSchedule te = named.remove("te");
        WeightSchedule unet = named.remove("unet");
        if (colons) {
            boolean both = unnamed.size() > 1;
            unet = unet == null && both ? unnamed.get(1) : unet;
            boolean alone = unet == null && te == null;
            te = te == null && (both || unet != null) ? first : te;
            unet = alone ? first : unet;
        } else {
            unet = unet == null ? first : unet;
        }
        if (te == null && unet != null && first == null) {
            te = ONE; // as in loractl, where only the U-Net has a weight of its own
        }
        if (unet == null) {
            unet = te == null ? ONE : te;
        }
        TreeMap<String, WeightSchedule> highRes = new TreeMap<>();
        for (String name : LoraSchedule.HIGH_RES) {
            WeightSchedule weight = named.remove(name);
            if (weight != null) {
                highRes.put(name, weight);
            }
        }
        return new LoraSchedule(unet, Optional.ofNullable(te), new TreeMap<>(named), highRes);
    }

    private IllegalArgumentException twice(String part) {
        return new IllegalArgumentException(
                "'%s' gives the weight of %s twice.".formatted(text, part));
    }
}
