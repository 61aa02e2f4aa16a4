package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.cli.chart.Figure;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import daumier.env.caricature.Decision;
import daumier.env.caricature.Outcome;
import daumier.faces.MeterTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The schedule that a policy chose for one picture, as text and as a chart. */
final class Schedules {
    private Schedules() {}

    /**
     * The LoRA's weight in the form that the loractl extension of the AUTOMATIC1111 web UI and this
     * program's {@code sample --lora} read: {@code 0.52@0,0.52@0.16,0.61@0.17,...}. The weight of a
     * decision holds until the next one, so each is given at both of its ends.
     */
    static String loractl(List<Decision> decisions) {
        return ScheduleExport.of(decisions).text(ScheduleExport.Form.LORACTL, 1);
    }

    /** One point of that form. */
    static String point(double weight, double progress) {
        return number(weight) + "@" + number(progress);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    /** Everything that was decided and seen, decision by decision. */
    static JsonObject trace(Outcome outcome) {
        JsonObject json = new JsonObject();
        json.addProperty("lora", outcome.spec().lora());
        json.addProperty("adapter_scale", outcome.spec().adapterScale());
        json.addProperty("lora_schedule", loractl(outcome.decisions()));
        json.addProperty("prompt", outcome.spec().prompt());
        json.addProperty("seed", outcome.spec().noiseSeed());
        json.add("intent", byRegion(outcome.spec().intent()));
        json.addProperty("unet_calls", outcome.unetCalls());
        json.addProperty("seconds", rounded(outcome.seconds()));
        json.add("result", new Gson().toJsonTree(outcome.reward().asMap()));
        JsonArray rows = new JsonArray();
        for (Decision decision : outcome.decisions()) {
            JsonObject row = new JsonObject();
            row.addProperty("decision", decision.number());
            row.addProperty("progress", rounded(decision.progress()));
            row.addProperty("timestep", rounded(decision.timestep()));
            row.addProperty("lora_weight", rounded(decision.loraWeight()));
            row.add("effort", byRegion(decision.effort()));
            row.add("achieved", byRegion(decision.achieved()));
            row.addProperty("unet_calls", decision.calls());
            row.add("terms", new Gson().toJsonTree(decision.terms().asMap()));
            rows.add(row);
        }
        json.add("decisions", rows);
        return json;
    }

    private static JsonObject byRegion(double[] values) {
        JsonObject json = new JsonObject();
        for (int r = 0; r < values.length; r++) {
            json.addProperty(Intent.name(MeterTarget.REGIONS.get(r)), rounded(values[r]));
        }
        return json;
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }

    /** LoRA weight, effort and what was achieved by region, and the score, over the progress. */
    static Figure chart(Outcome outcome, String title) {
        List<Decision> decisions = outcome.decisions();
        Figure figure = new Figure(2, 420, 240);
        figure.title(
                title,
                "LoRA %s, intent %s, %d U-Net calls"
                        .formatted(
                                outcome.spec().lora(),
                                Intent.text(outcome.spec().intent()),
                                outcome.unetCalls()));
        List<Line> efforts = new ArrayList<>();
        List<Line> reached = new ArrayList<>();
        for (int r = 0; r < MeterTarget.REGIONS.size(); r++) {
            int region = r;
            String name = Intent.name(MeterTarget.REGIONS.get(r));
            figure.legend(name, r, false);
            efforts.add(held(name, r, decisions, d -> d.effort()[region]));
            reached.add(seen(name, r, decisions, d -> d.achieved()[region]));
        }
        figure.add(
                panel(
                        "LoRA weight",
                        List.of(held("weight", 7, decisions, Decision::loraWeight)),
                        false,
                        0,
                        1.3));
        figure.add(panel("Exaggeration asked of each region (gain)", efforts, false));
        figure.add(panel("Exaggeration seen (units of the median face)", reached, false));
        figure.add(
                panel(
                        "What the picture was worth",
                        List.of(
                                seen("alignment", 0, decisions, d -> d.terms().alignment()),
                                seen("identity", 1, decisions, d -> d.terms().identity()),
                                seen("style", 2, decisions, d -> d.terms().style()),
                                seen("plausibility", 3, decisions, d -> d.terms().plausibility())),
                        true));
        return figure;
    }

    private static LinePanel panel(
            String title, List<Line> lines, boolean legend, double... range) {
        return new LinePanel(
                title,
                "progress (0 noise, 1 finished)",
                "",
                lines,
                legend,
                OptionalDouble.of(0),
                range);
    }

    /** A decision holds from the end of the one before to its own end. */
    private static Line held(
            String name, int colour, List<Decision> decisions, ToDoubleFunction<Decision> value) {
        int n = decisions.size();
        double[] x = new double[n + 1];
        double[] y = new double[n + 1];
        for (int i = 0; i < n; i++) {
            x[i + 1] = decisions.get(i).progress();
            y[i] = value.applyAsDouble(decisions.get(i));
        }
        y[n] = y[Math.max(0, n - 1)];
        return Line.of(name, colour, x, y, Line.Style.STEPS);
    }

    private static Line seen(
            String name, int colour, List<Decision> decisions, ToDoubleFunction<Decision> value) {
        return Line.of(
                name,
                colour,
                decisions.stream().mapToDouble(Decision::progress).toArray(),
                decisions.stream().mapToDouble(value).toArray(),
                Line.Style.SOLID);
    }
}
