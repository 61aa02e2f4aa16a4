package daumier.cli.studio;

import daumier.agent.Interval;
import daumier.agent.Policy;
import daumier.agent.Statistics;
import daumier.agent.StopSignal;
import daumier.cli.picture.Sheet;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The same held-out episodes again and again, to see how far a policy has come. */
final class Validation implements AutoCloseable {
    private static final int REPETITIONS = 2000;
    private static final int SHOWN = 6;

    private final Trials trials;
    private final List<EpisodeSpec> episodes;
    private final FaceRenderer renderer = new FaceRenderer();
    private boolean ignoresStops;

    Validation(Studio studio, Settings settings, TrainPlan plan) {
        trials =
                new Trials(
                        studio,
                        settings.withPictures(),
                        studio.episodes(Split.VALIDATION),
                        plan.lanes());
        episodes = studio.episodes(Split.VALIDATION).numbered(0, plan.validation());
    }

    /** From now on an evaluation is not broken off. */
    void ignoreStops() {
        ignoresStops = true;
    }

    /**
     * One evaluation.
     *
     * @param figures by column of {@code evaluations.csv}
     * @param composite interquartile mean of the reward's composite with its interval
     * @param outcomes of the episodes in order
     * @param sheet photographs above drawings
     * @param complete whether every episode was drawn
     */
    record Result(
            Map<String, Double> figures,
            Interval composite,
            List<Outcome> outcomes,
            Picture sheet,
            boolean complete) {
        /** What a person wants to know. */
        String line() {
            return String.format(
                    Locale.ROOT,
                    "%.3f [%.3f, %.3f]  alignment %.2f  identity %.2f  style %.2f",
                    composite.value(),
                    composite.low(),
                    composite.high(),
                    figures.get("alignment"),
                    figures.get("identity"),
                    figures.get("style"));
        }
    }

    /** The columns of {@code evaluations.csv} beside the steps. */
    static List<String> columns() {
        return List.of(
                "composite",
                "composite_low",
                "composite_high",
                "alignment",
                "identity",
                "style",
                "plausibility",
                "judged_composite",
                "judged_alignment",
                "judged_identity",
                "judged_style",
                "judged_plausibility",
                "unet_calls");
    }

    /** Draws the episodes and sums up. */
    Result of(Policy policy, StopSignal stop) {
        List<Outcome> outcomes =
                trials.draw(policy, episodes, ignoresStops ? new StopSignal() : stop);
        if (outcomes.size() < episodes.size()) {
            return new Result(Map.of(), new Interval(0, 0, 0), outcomes, null, false);
        }
        double[] composite = values(outcomes, o -> o.reward().composite());
        Interval interval = Statistics.bootstrap(composite, Statistics::iqm, 0.95, REPETITIONS, 1);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("composite", interval.value());
        figures.put("composite_low", interval.low());
        figures.put("composite_high", interval.high());
        figures.put("alignment", iqm(outcomes, o -> o.reward().alignment()));
        figures.put("identity", iqm(outcomes, o -> o.reward().identity()));
        figures.put("style", iqm(outcomes, o -> o.reward().style()));
        figures.put("plausibility", iqm(outcomes, o -> o.reward().plausibility()));
        if (outcomes.get(0).judged() != null) {
            figures.put("judged_composite", iqm(outcomes, o -> o.judged().composite()));
            figures.put("judged_alignment", iqm(outcomes, o -> o.judged().alignment()));
            figures.put("judged_identity", iqm(outcomes, o -> o.judged().identity()));
            figures.put("judged_style", iqm(outcomes, o -> o.judged().style()));
            figures.put("judged_plausibility", iqm(outcomes, o -> o.judged().plausibility()));
        }
        figures.put("unet_calls", iqm(outcomes, Outcome::unetCalls));
        return new Result(figures, interval, outcomes, sheet(outcomes), true);
    }

    private Picture sheet(List<Outcome> outcomes) {
        int columns = Math.min(SHOWN, outcomes.size());
        Sheet sheet = new Sheet(columns, 160, List.of());
        for (Outcome outcome : outcomes.subList(0, columns)) {
            EpisodeSpec spec = outcome.spec();
            sheet.add(
                    renderer.render(spec.subject(), spec.view(), Look.PHOTO).picture(),
                    Intent.text(spec.intent()));
        }
        for (Outcome outcome : outcomes.subList(0, columns)) {
            sheet.add(
                    outcome.picture(),
                    String.format(
                            Locale.ROOT,
                            "%s: %.2f",
                            outcome.spec().lora(),
                            outcome.reward().composite()));
        }
        return sheet.draw();
    }

    private static double iqm(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
        return Statistics.iqm(values(outcomes, figure));
    }

    private static double[] values(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
        return outcomes.stream().mapToDouble(figure).toArray();
    }

    @Override
    public void close() {
        trials.close();
    }
}
