package daumier.cli.studio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.agent.Statistics;
import daumier.agent.rival.StaticSchedule;
import daumier.cli.chart.Figure;
import daumier.cli.chart.ScatterPanel;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Every static schedule of the grid on the same held-out faces, and where a controller stands
 * against the best that any of them can do: identity against alignment, among schedules whose style
 * is at least the controller's.
 *
 * @param members all schedules
 * @param episodes number of faces that each drew: the first of those that everybody drew
 */
record StaticGrid(List<Member> members, int episodes) {
    /**
     * One schedule and what it made of the faces.
     *
     * @param schedule its constants
     * @param outcomes one a face
     */
    record Member(StaticSchedule schedule, List<Outcome> outcomes) {}

    /** Interquartile means. */
    private record Place(double alignment, double identity, double style) {
        boolean dominates(Place other) {
            return alignment >= other.alignment
                    && identity >= other.identity
                    && (alignment > other.alignment || identity > other.identity);
        }
    }

    /** Copies the list. */
    StaticGrid {
        members = List.copyOf(members);
    }

    private static Place place(List<Outcome> outcomes, Comparison.Eyes eyes) {
        return new Place(
                iqm(outcomes, o -> eyes.terms(o).alignment()),
                iqm(outcomes, o -> eyes.terms(o).identity()),
                iqm(outcomes, o -> eyes.terms(o).style()));
    }

    private static double iqm(List<Outcome> outcomes, ToDoubleFunction<Outcome> term) {
        return Statistics.iqm(outcomes.stream().mapToDouble(term).toArray());
    }

    /**
     * The schedules that no other beats in both alignment and identity, by rising alignment.
     *
     * @param leastStyle schedules with less style do not count
     */
    List<Member> front(double leastStyle, Comparison.Eyes eyes) {
        List<Member> fit = new ArrayList<>();
        for (Member member : members) {
            if (place(member.outcomes(), eyes).style() >= leastStyle) {
                fit.add(member);
            }
        }
        return fit.stream()
                .filter(
                        member ->
                                fit.stream()
                                        .noneMatch(
                                                other ->
                                                        place(other.outcomes(), eyes)
                                                                .dominates(
                                                                        place(
                                                                                member.outcomes(),
                                                                                eyes))))
                .sorted(
                        Comparator.comparingDouble(
                                member -> place(member.outcomes(), eyes).alignment()))
                .toList();
    }

    /**
     * The chart.
     *
     * @param comparison of everybody else on the same faces; its first policy is the controller
     */
    Figure chart(Comparison comparison, Comparison.Eyes eyes) {
        String controller = comparison.policies().get(0);
        double style = place(firsts(comparison, controller), eyes).style();
        List<Member> front = front(style, eyes);
        List<ScatterPanel.Point> points = new ArrayList<>();
        for (Member member : members) {
            Place place = place(member.outcomes(), eyes);
            if (place.style() < style) {
                points.add(point("", 0, false, place));
            }
        }
        List<double[]> line = new ArrayList<>();
        for (Member member : front) {
            Place place = place(member.outcomes(), eyes);
            points.add(point("", 2, true, place));
            line.add(new double[] {place.alignment(), place.identity()});
        }
        List<String> shown = new ArrayList<>(List.of(controller));
        for (String rival : List.of(Rivals.RULE, Rivals.STATIC)) {
            if (comparison.policies().contains(rival) && !shown.contains(rival)) {
                shown.add(rival);
            }
        }
        for (int i = 0; i < shown.size(); i++) {
            Place place = place(firsts(comparison, shown.get(i)), eyes);
            points.add(point(shown.get(i), i, true, place));
        }
        return new Figure(1, 640, 420)
                .title(
                        "%d static schedules on %d held-out faces"
                                .formatted(members.size(), episodes),
                        front.isEmpty()
                                ? String.format(
                                        Locale.ROOT,
                                        "none of them reaches the controller's style, %.2f",
                                        style)
                                : String.format(
                                        Locale.ROOT,
                                        "the line joins the best whose style is at least the"
                                                + " controller's, %.2f",
                                        style))
                .add(
                        new ScatterPanel(
                                "Identity kept against intent met",
                                "humor-intent alignment",
                                "identity",
                                points,
                                line));
    }

    private List<Outcome> firsts(Comparison comparison, String policy) {
        List<Outcome> all = new ArrayList<>();
        for (List<Outcome> run : comparison.runs().get(policy)) {
            all.addAll(run.subList(0, episodes));
        }
        return all;
    }

    private static ScatterPanel.Point point(String name, int colour, boolean strong, Place place) {
        double x = place.alignment();
        double y = place.identity();
        return new ScatterPanel.Point(name, colour, strong, x, x, x, y, y, y);
    }

    /** One object a schedule. */
    JsonObject toJson(List<Comparison.Eyes> all) {
        JsonObject json = new JsonObject();
        json.addProperty("episodes", episodes);
        JsonArray rows = new JsonArray();
        for (Member member : members) {
            JsonObject row = new JsonObject();
            row.addProperty("gain", member.schedule().gain());
            row.addProperty("weight_from", member.schedule().weightFrom());
            row.addProperty("weight_to", member.schedule().weightTo());
            row.addProperty("begin", member.schedule().begin());
            for (Comparison.Eyes eyes : all) {
                Place place = place(member.outcomes(), eyes);
                JsonObject iqm = new JsonObject();
                iqm.addProperty(
                        "composite", iqm(member.outcomes(), o -> eyes.terms(o).composite()));
                iqm.addProperty("alignment", place.alignment());
                iqm.addProperty("identity", place.identity());
                iqm.addProperty("style", place.style());
                row.add(eyes.key(), iqm);
            }
            rows.add(row);
        }
        json.add("schedules", rows);
        return json;
    }
}
