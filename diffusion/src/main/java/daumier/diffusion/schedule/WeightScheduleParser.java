package daumier.diffusion.schedule;

import daumier.diffusion.schedule.WeightSchedule.Point;
import daumier.diffusion.schedule.WeightSchedule.StepPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text forms of weight schedules. */
final class WeightScheduleParser {
    private static final Pattern CURVE =
            Pattern.compile("(ramp|cosine)\\s*\\(([^,()]*),([^,()]*)\\)");

    private WeightScheduleParser() {}

    static WeightSchedule parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        Matcher curve = CURVE.matcher(trimmed);
        if (curve.matches()) {
            double from = number(curve.group(2), text);
            double to = number(curve.group(3), text);
            return curve.group(1).equals("ramp")
                    ? new WeightSchedule.Ramp(from, to)
                    : new WeightSchedule.Cosine(from, to);
        }
        List<StepPoint> points = new ArrayList<>();
        boolean placed = false;
        for (String part : trimmed.split("[,;]", -1)) {
            int at = part.indexOf('@');
            placed |= at >= 0 && points.isEmpty();
            points.add(
                    new StepPoint(
                            number(at < 0 ? part : part.substring(0, at), text),
                            at < 0 ? 1 : number(part.substring(at + 1), text)));
        }
        return placed ? inOrder(points) : new WeightSchedule.Constant(points.get(0).weight());
    }

    private static WeightSchedule inOrder(List<StepPoint> points) {
        points.sort(Comparator.comparingDouble(StepPoint::step));
        if (points.get(points.size() - 1).step() > 1) {
            return new WeightSchedule.Steps(points);
        }
        return new WeightSchedule.Points(
                points.stream().map(p -> new Point(p.weight(), p.step())).toList());
    }

    private static double number(String part, String text) {
        try {
            double value = Double.parseDouble(part.strip());
            if (!Double.isFinite(value)) {
                throw unreadable(text);
            }
            return value;
        } catch (NumberFormatException e) {
            throw unreadable(text);
        }
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' is no weight schedule: write 0.8, 0.3@0,0.7@1, ramp(0.3,0.7) or"
                        + " cosine(0.3,0.7).");
    }
}
