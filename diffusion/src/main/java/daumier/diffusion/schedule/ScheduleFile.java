package daumier.diffusion.schedule;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.diffusion.schedule.WeightSchedule.Point;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reads the weights of a LoRA over a sampling from files as other programs keep them: the text of
 * the A1111 extension loractl, a JSON list of one scale for each step (what diffusers' callbacks
 * set), or a ComfyUI workflow in API format with nodes {@code CreateHookKeyframe}.
 */
public final class ScheduleFile {
    private static final String KEYFRAME = "CreateHookKeyframe";

    private ScheduleFile() {}

    /**
     * Reads a file of any of the three kinds.
     *
     * @throws IllegalArgumentException with one sentence if it is none of them
     * @throws IOException if it cannot be read
     */
    public static LoraSchedule read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " holds no schedule: it is no text.", e);
        }
        try {
            if (text.startsWith("[")) {
                return LoraSchedule.of(scales(JsonParser.parseString(text).getAsJsonArray()));
            }
            if (text.startsWith("{")) {
                return LoraSchedule.of(keyframes(JsonParser.parseString(text).getAsJsonObject()));
            }
            return LoraSchedule.parse(text);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s holds no schedule: its JSON is neither a list of numbers nor a workflow with %s nodes."
                            .formatted(file, KEYFRAME),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Step i of n stands at i / (n - 1). */
    private static WeightSchedule scales(JsonArray list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("The list of scales is empty.");
        }
        if (list.size() == 1) {
            return WeightSchedule.constant(number(list.get(0)));
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            points.add(new Point(number(list.get(i)), WeightSchedule.progress(i, list.size())));
        }
        return new WeightSchedule.Points(points);
    }

    private static WeightSchedule keyframes(JsonObject workflow) {
        List<Point> frames = new ArrayList<>();
        for (Map.Entry<String, JsonElement> node : workflow.entrySet()) {
            JsonObject json = node.getValue().getAsJsonObject();
            if (json.has("class_type") && json.get("class_type").getAsString().equals(KEYFRAME)) {
                JsonObject inputs = json.getAsJsonObject("inputs");
                frames.add(
                        new Point(
                                number(inputs.get("strength_mult")),
                                number(inputs.get("start_percent"))));
            }
        }
        if (frames.isEmpty()) {
            throw new IllegalStateException("no keyframes");
        }
        frames.sort(Comparator.comparingDouble(Point::progress));
        if (frames.size() == 1) {
            return WeightSchedule.constant(frames.get(0).weight());
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            Point frame = frames.get(i);
            points.add(frame);
            // It holds until the next one.
            double end = i + 1 < frames.size() ? frames.get(i + 1).progress() : 1;
            points.add(new Point(frame.weight(), end));
        }
        return new WeightSchedule.Points(points);
    }

    /** Gson would take a list of one number, or a word that looks like one, for a number. */
    private static double number(JsonElement json) {
        if (json == null || !json.isJsonPrimitive() || !json.getAsJsonPrimitive().isNumber()) {
            throw new IllegalStateException("no number");
        }
        return json.getAsDouble();
    }
}
