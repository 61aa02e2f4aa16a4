package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import daumier.env.caricature.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * A LoRA's weight over a drawing in the forms that other programs read: linear between points.
 *
 * @param points in order, the first at 0 and the last at 1
 */
record ScheduleExport(List<Point> points) {
    private static final int GRID = 20;

    /** Weights that differ by less are one keyframe. */
    private static final double SAME = 0.005;

    private static final double EQUAL = 1e-9;

    /**
     * One point.
     *
     * @param at progress, 0 at pure noise to 1 when the picture is finished; non-descending
     * @param weight of the LoRA
     */
    record Point(double at, double weight) {}

    /** Forms of text. */
    enum Form {
        /** {@code 0.55@0,0.8@1}: the A1111 extension loractl, and this program's {@code sample}. */
        LORACTL,
        /** Nodes {@code CreateHookKeyframe} in ComfyUI's API format, one hanging on the other. */
        COMFYUI,
        /** A JSON list of one scale for each step, for {@code set_adapters} in a callback. */
        DIFFUSERS
    }

    /** Checks the order. */
    ScheduleExport {
        points = List.copyOf(points);
        if (points.size() < 2
                || points.get(0).at() != 0
                || points.get(points.size() - 1).at() != 1) {
            throw new IllegalArgumentException("A schedule goes from 0 to 1.");
        }
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).at() < points.get(i - 1).at()) {
                throw new IllegalArgumentException("The points of a schedule are out of order.");
            }
        }
    }

    /** What one drawing did: each decision's weight holds until the next one. */
    static ScheduleExport of(List<Decision> decisions) {
        List<Point> points = new ArrayList<>();
        double from = 0;
        for (Decision decision : decisions) {
            points.add(new Point(from, decision.loraWeight()));
            points.add(new Point(decision.progress(), decision.loraWeight()));
            from = decision.progress();
        }
        return new ScheduleExport(points);
    }

    /**
     * The mean over drawings, at 21 evenly spaced points.
     *
     * @param drawings the decisions of each, at least one drawing
     */
    static ScheduleExport mean(List<List<Decision>> drawings) {
        List<ScheduleExport> all = drawings.stream().map(ScheduleExport::of).toList();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= GRID; i++) {
            double at = (double) i / GRID;
            points.add(
                    new Point(at, all.stream().mapToDouble(one -> one.at(at)).average().orElse(0)));
        }
        return new ScheduleExport(points);
    }

    /** The weight at some progress; where it jumps, the weight after the jump. */
    double at(double progress) {
        int i = points.size() - 2;
        while (i > 0 && points.get(i).at() > progress) {
            i--;
        }
        Point from = points.get(i);
        Point to = points.get(i + 1);
        double length = to.at() - from.at();
        double share = length > 0 ? Math.max(0, Math.min(1, (progress - from.at()) / length)) : 1;
        return from.weight() + share * (to.weight() - from.weight());
    }

    /**
     * As text.
     *
     * @param steps sampling steps, at least 1, of the form that has one value for each; step i of n
     *     stands at i / (n - 1)
     */
    String text(Form form, int steps) {
        return switch (form) {
            case LORACTL -> loractl();
            case COMFYUI -> json(comfyui());
            case DIFFUSERS -> json(diffusers(steps));
        };
    }

    private String loractl() {
        StringJoiner text = new StringJoiner(",");
        double last = -1;
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            if (onPlateau(i)) {
                continue;
            }
            // Two weights at one place would be read as one: the second stands a little later.
            double at = point.at() <= last ? Math.min(1, last + 0.001) : point.at();
            text.add(Schedules.point(point.weight(), at));
            last = at;
        }
        return text.toString();
    }

    /** Whether the points before and after have the same weight, so that this one says nothing. */
    private boolean onPlateau(int i) {
        return i > 0
                && i < points.size() - 1
                && Math.abs(points.get(i - 1).weight() - points.get(i).weight()) < EQUAL
                && Math.abs(points.get(i + 1).weight() - points.get(i).weight()) < EQUAL;
    }

    private JsonObject comfyui() {
        JsonObject nodes = new JsonObject();
        double last = Double.NaN;
        for (Point point : keyframes()) {
            if (Math.abs(point.weight() - last) < SAME) {
                continue;
            }
            last = point.weight();
            JsonObject inputs = new JsonObject();
            inputs.addProperty("strength_mult", rounded(point.weight()));
            inputs.addProperty("start_percent", rounded(point.at()));
            if (nodes.size() > 0) {
                JsonArray link = new JsonArray();
                link.add(String.valueOf(nodes.size()));
                link.add(0);
                inputs.add("prev_hook_kf", link);
            }
            JsonObject node = new JsonObject();
            node.addProperty("class_type", "CreateHookKeyframe");
            node.add("inputs", inputs);
            nodes.add(String.valueOf(nodes.size() + 1), node);
        }
        return nodes;
    }

    /** A keyframe holds until the next one, so slopes become stairs. */
    private List<Point> keyframes() {
        double[] places = points.stream().mapToDouble(Point::at).distinct().toArray();
        return Arrays.stream(places)
                .filter(at -> at < 1)
                .mapToObj(at -> new Point(at, at(at)))
                .toList();
    }

    private JsonArray diffusers(int steps) {
        JsonArray scales = new JsonArray();
        for (int i = 0; i < steps; i++) {
            scales.add(rounded(at(steps == 1 ? 0 : (double) i / (steps - 1))));
        }
        return scales;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }

    private static String json(JsonElement json) {
        return new GsonBuilder().setPrettyPrinting().create().toJson(json);
    }
}
