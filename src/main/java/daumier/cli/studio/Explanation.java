package daumier.cli.studio;

import daumier.cli.chart.Figure;
import daumier.cli.chart.HeatMapPanel;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import daumier.cli.chart.PicturesPanel;
import daumier.cli.chart.PicturesPanel.Shown;
import daumier.env.caricature.Decision;
import daumier.env.caricature.Move;
import daumier.env.caricature.Terms;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a policy did to one portrait and why: the portrait, the caricature and what a static
 * schedule would have made of it; the preview at each decision of both; LoRA weight and stride, the
 * increments by region, what was reached, and what the picture was worth on the way.
 *
 * @param person who was drawn
 * @param personWords under their picture
 * @param policy what drew
 * @param chosen how the policy drew
 * @param schedule what the static schedule is, in a few words
 * @param fixed how the static schedule drew the same portrait from the same noise
 */
record Explanation(
        Picture person,
        String personWords,
        String policy,
        Drawing chosen,
        String schedule,
        Drawing fixed) {
    private static final int COLUMNS = 12;
    private static final double CELL_WIDTH = 100;
    private static final double CELL_HEIGHT = 54;

    private static final int POLICY = 1;
    private static final int STATIC = 7;

    /** Rows of cells of the three large pictures, of a row of previews, and of a chart. */
    private static final int LARGE = 7;

    private static final int STRIP = 5;
    private static final int CHART = 4;

    private static final double MARGIN = 0.06;

    /** A displacement of so many median subjects has the full colour. */
    private static final double STRONGEST_DISPLACEMENT = 1.5;

    /** The sheet. */
    Figure figure() {
        Figure figure =
                new Figure(COLUMNS, CELL_WIDTH, CELL_HEIGHT)
                        .title(
                                "The making of a caricature: " + policy,
                                "asked for %s; artist's LoRA %s; seed %d"
                                        .formatted(
                                                Intent.text(chosen.outcome().spec().intent()),
                                                chosen.outcome().spec().lora(),
                                                chosen.outcome().spec().noiseSeed()))
                        .legend(policy, POLICY, false)
                        .legend(schedule, STATIC, true);
        figure.add(portraits(), COLUMNS, LARGE);
        figure.add(
                strip(
                        "Decision by decision: "
                                + policy
                                + " (what it did, and what it saw after it)",
                        chosen),
                COLUMNS,
                STRIP);
        figure.add(strip("The same portrait, the same noise: " + schedule, fixed), COLUMNS, STRIP);
        figure.add(weight(), 4, CHART);
        figure.add(increments(), 4, CHART);
        figure.add(measure("Humor-intent alignment", Terms::alignment), 4, CHART);
        figure.add(stride(), 4, CHART);
        figure.add(reached(), 4, CHART);
        figure.add(measure("Identity", Terms::identity), 4, CHART);
        return figure;
    }

    private PicturesPanel portraits() {
        return new PicturesPanel(
                "",
                List.of(
                        new Shown(person, List.of(personWords, "")),
                        new Shown(
                                chosen.outcome().picture(),
                                List.of(policy, worth(chosen.outcome().reward(), chosen))),
                        new Shown(
                                fixed.outcome().picture(),
                                List.of(schedule, worth(fixed.outcome().reward(), fixed)))),
                3);
    }

    private static String worth(Terms terms, Drawing drawing) {
        return format(
                "alignment %.2f, identity %.2f, style %.2f, %d U-Net calls",
                terms.alignment(), terms.identity(), terms.style(), drawing.outcome().unetCalls());
    }

    private PicturesPanel strip(String title, Drawing drawing) {
        List<Shown> shown = new ArrayList<>();
        List<Decision> decisions = drawing.outcome().decisions();
        for (int i = 0; i < drawing.previews().size(); i++) {
            Decision decision = decisions.get(i);
            shown.add(
                    new Shown(
                            drawing.previews().get(i),
                            List.of(
                                    format(
                                            "%d: to %.0f%%",
                                            decision.number(), 100 * decision.progress()),
                                    format("LoRA %.2f", decision.loraWeight()),
                                    strongest(drawing, i),
                                    missing(drawing, decision))));
        }
        int places = Math.max(Math.max(chosen.previews().size(), fixed.previews().size()), 6);
        return new PicturesPanel(title, shown, places);
    }

    /** The region that was pushed most by a decision. */
    private static String strongest(Drawing drawing, int decision) {
        double[] change = change(drawing, decision);
        int most = 0;
        for (int r = 1; r < change.length; r++) {
            most = Math.abs(change[r]) > Math.abs(change[most]) ? r : most;
        }
        return Math.abs(change[most]) < 0.05
                ? "shape left as it is"
                : format("%s %+.2f", Intent.name(MeterTarget.REGIONS.get(most)), change[most]);
    }

    /** The region that was furthest from what was wanted after a decision. */
    private static String missing(Drawing drawing, Decision decision) {
        double[] missing = decision.achieved().clone();
        int most = 0;
        for (int r = 0; r < missing.length; r++) {
            missing[r] = drawing.wanted().get(r) - missing[r];
            most = Math.abs(missing[r]) > Math.abs(missing[most]) ? r : most;
        }
        return format(
                "saw %s %.2f %s",
                Intent.name(MeterTarget.REGIONS.get(most)),
                Math.abs(missing[most]),
                missing[most] > 0 ? "short" : "too far");
    }

    /** What a decision added to the effort by region, after the bounds of what may be asked. */
    private static double[] change(Drawing drawing, int decision) {
        List<Decision> all = drawing.outcome().decisions();
        double[] change = all.get(decision).effort().clone();
        for (int r = 0; r < change.length && decision > 0; r++) {
            change[r] -= all.get(decision - 1).effort()[r];
        }
        return change;
    }

    private LinePanel weight() {
        return panel(
                "LoRA weight",
                List.of(
                        held("policy", POLICY, chosen, i -> weight(chosen, i)),
                        held("static", STATIC, fixed, i -> weight(fixed, i))),
                OptionalDouble.empty(),
                0,
                Move.MOST_WEIGHT + MARGIN);
    }

    private static double weight(Drawing drawing, int decision) {
        return drawing.outcome().decisions().get(decision).loraWeight();
    }

    private LinePanel stride() {
        return panel(
                "Stride (1: an even share of what is left)",
                List.of(
                        held("policy", POLICY, chosen, i -> chosen.moves().get(i).stride()),
                        held("static", STATIC, fixed, i -> fixed.moves().get(i).stride())),
                OptionalDouble.of(1),
                0.4,
                2.1);
    }

    private HeatMapPanel increments() {
        List<Decision> decisions = chosen.outcome().decisions();
        double[][] values = new double[MeterTarget.REGIONS.size()][decisions.size()];
        for (int d = 0; d < decisions.size(); d++) {
            double[] change = change(chosen, d);
            for (int r = 0; r < values.length; r++) {
                values[r][d] = change[r];
            }
        }
        return new HeatMapPanel(
                "Increments by region (gain)",
                "timestep at which each was decided",
                decisions.stream().map(d -> begun(decisions, d.number() - 1)).toList(),
                regions(),
                values,
                Move.MOST_INCREMENT);
    }

    private static String begun(List<Decision> decisions, int decision) {
        return decision == 0 ? "noise" : format("%.0f", decisions.get(decision - 1).timestep());
    }

    private HeatMapPanel reached() {
        double[][] values = new double[MeterTarget.REGIONS.size()][];
        for (int r = 0; r < values.length; r++) {
            values[r] =
                    new double[] {
                        chosen.wanted().get(r),
                        last(chosen).achieved()[r],
                        last(fixed).achieved()[r]
                    };
        }
        return new HeatMapPanel(
                "Exaggeration wanted and seen",
                "in units of the median face's own",
                List.of("wanted", "policy", "static"),
                regions(),
                values,
                STRONGEST_DISPLACEMENT);
    }

    private static Decision last(Drawing drawing) {
        List<Decision> all = drawing.outcome().decisions();
        return all.get(all.size() - 1);
    }

    private static List<String> regions() {
        return MeterTarget.REGIONS.stream().map(Intent::name).toList();
    }

    /** From zero, or from the worst value below it, to one: a small loss shall look small. */
    private LinePanel measure(String title, ToDoubleFunction<Terms> measure) {
        double least =
                Stream.of(chosen, fixed)
                        .flatMap(drawing -> drawing.outcome().decisions().stream())
                        .mapToDouble(decision -> measure.applyAsDouble(decision.terms()))
                        .min()
                        .orElse(0);
        return panel(
                title,
                List.of(
                        seen("policy", POLICY, chosen, measure),
                        seen("static", STATIC, fixed, measure)),
                OptionalDouble.of(1),
                Math.min(0, least - MARGIN),
                1 + MARGIN);
    }

    private static LinePanel panel(
            String title, List<Line> lines, OptionalDouble reference, double... range) {
        return new LinePanel(
                title, "progress (0 noise, 1 finished)", "", lines, false, reference, range);
    }

    /** A decision holds from the end of the one before to its own end. */
    private static Line held(String name, int colour, Drawing drawing, IntToDoubleFunction value) {
        List<Decision> decisions = drawing.outcome().decisions();
        int n = decisions.size();
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int i = 0; i < n; i++) {
            x[2 * i] = i == 0 ? 0 : decisions.get(i - 1).progress();
            x[2 * i + 1] = decisions.get(i).progress();
            y[2 * i] = value.applyAsDouble(i);
            y[2 * i + 1] = y[2 * i];
        }
        return Line.of(name, colour, x, y, style(colour));
    }

    private static Line seen(
            String name, int colour, Drawing drawing, ToDoubleFunction<Terms> value) {
        List<Decision> decisions = drawing.outcome().decisions();
        return Line.of(
                name,
                colour,
                decisions.stream().mapToDouble(Decision::progress).toArray(),
                decisions.stream().mapToDouble(d -> value.applyAsDouble(d.terms())).toArray(),
                style(colour));
    }

    private static Line.Style style(int colour) {
        return colour == STATIC ? Line.Style.DASHED : Line.Style.SOLID;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
