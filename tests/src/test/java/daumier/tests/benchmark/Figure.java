package daumier.tests.benchmark;

import com.google.gson.JsonObject;
import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what is measured
 * @param daumier its value there
 * @param diffusers its value there; NaN where it has no counterpart
 * @param unit of both
 * @param judged the value that has a goal
 * @param goal the most that {@code judged} may be
 * @param asPercent whether judged and goal are shares of a step rather than ratios
 */
public record Figure(
        String what,
        double daumier,
        double diffusers,
        String unit,
        double judged,
        double goal,
        boolean asPercent) {

    /** The head of the table. */
    public static final String HEADER =
            String.format(
                    Locale.ROOT,
                    "%-52s %10s %10s %-12s %9s %9s",
                    "what",
                    "Daumier",
                    "diffusers",
                    "",
                    "judged",
                    "at most");

    /** Both sides' values, of which the ratio has a goal. */
    static Figure ratio(
            String what, double daumier, double diffusers, String unit, double ratio, double goal) {
        return new Figure(what, daumier, diffusers, unit, ratio, goal, false);
    }

    /** Shares of a step, of which ours has a goal. */
    static Figure share(String what, double daumier, double diffusers, double goal) {
        return new Figure(what, 100 * daumier, 100 * diffusers, "% of a step", daumier, goal, true);
    }

    /** Whether the goal is reached. */
    public boolean met() {
        return judged <= goal;
    }

    @Override
    public String toString() {
        String factor = asPercent ? percent(judged) : number(judged);
        String most = asPercent ? percent(goal) : number(goal);
        return String.format(
                Locale.ROOT,
                "%-52s %10s %10s %-12s %9s %9s  %s",
                what,
                number(daumier),
                Double.isNaN(diffusers) ? "-" : number(diffusers),
                unit,
                factor,
                most,
                met() ? "met" : "MISSED");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.2f", value);
    }

    private static String percent(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) < 0.001 ? "%.4f%%" : "%.1f%%", 100 * value);
    }

    /** The same for programs. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("what", what);
        json.addProperty("unit", unit);
        json.addProperty("daumier", daumier);
        if (!Double.isNaN(diffusers)) {
            json.addProperty("diffusers", diffusers);
        }
        json.addProperty("judged", judged);
        json.addProperty("goal", goal);
        json.addProperty("met", met());
        return json;
    }
}
