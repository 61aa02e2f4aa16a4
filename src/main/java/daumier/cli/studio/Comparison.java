package daumier.cli.studio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.agent.Interval;
import daumier.agent.Statistics;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Terms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What several policies made of the same episodes.
 *
 * @param outcomes by policy in the order of tables, each in the order of the episodes
 * @param descriptions of the policies
 */
record Comparison(Map<String, List<Outcome>> outcomes, Map<String, String> descriptions) {
    /** Who looks. */
    enum Eyes {
        /** The networks that a policy is paid by. */
        REWARD,
        /** The networks that no reward ever saw. */
        JUDGES;

        /** The key in files. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        Terms terms(Outcome outcome) {
            return this == REWARD ? outcome.reward() : outcome.judged();
        }
    }

    private static final int REPETITIONS = 4000;
    private static final double CONFIDENCE = 0.95;

    /** The measures, in the order of tables. */
    static final List<String> MEASURES =
            List.of(
                    "composite",
                    "alignment",
                    "identity",
                    "style",
                    "plausibility",
                    "unet_calls",
                    "seconds");

    /** Whether the judges looked. */
    boolean judged() {
        return outcomes.values().stream()
                .flatMap(List::stream)
                .allMatch(outcome -> outcome.judged() != null);
    }

    /** Who looked, the judges last. */
    List<Eyes> eyes() {
        return judged() ? List.of(Eyes.REWARD, Eyes.JUDGES) : List.of(Eyes.REWARD);
    }

    /** One score an episode. */
    double[] scores(String policy, String measure, Eyes eyes) {
        ToDoubleFunction<Outcome> figure =
                switch (measure) {
                    case "unet_calls" -> Outcome::unetCalls;
                    case "seconds" -> Outcome::seconds;
                    default -> outcome -> eyes.terms(outcome).asMap().get(measure);
                };
        return outcomes.get(policy).stream().mapToDouble(figure).toArray();
    }

    /** Interquartile mean with its bootstrap interval. */
    Interval iqm(String policy, String measure, Eyes eyes) {
        return Statistics.bootstrap(
                scores(policy, measure, eyes), Statistics::iqm, CONFIDENCE, REPETITIONS, 1);
    }

    /** Interquartile mean of the differences on the same episodes. */
    Interval difference(String policy, String rival, String measure, Eyes eyes) {
        return Statistics.pairedDifference(
                scores(policy, measure, eyes),
                scores(rival, measure, eyes),
                Statistics::iqm,
                CONFIDENCE,
                REPETITIONS,
                1);
    }

    /** Share of the same episodes in which a policy scores higher; draws count one half. */
    Interval wins(String policy, String rival, String measure, Eyes eyes) {
        double[] a = scores(policy, measure, eyes);
        double[] b = scores(rival, measure, eyes);
        double[] won = new double[a.length];
        for (int i = 0; i < won.length; i++) {
            won[i] = a[i] > b[i] ? 1 : a[i] == b[i] ? 0.5 : 0;
        }
        return Statistics.bootstrap(won, Statistics::mean, CONFIDENCE, REPETITIONS, 1);
    }

    /** Everything, with the raw scores. */
    JsonObject toJson() {
        JsonObject policies = new JsonObject();
        for (String policy : outcomes.keySet()) {
            JsonObject json = new JsonObject();
            json.addProperty("description", descriptions.getOrDefault(policy, ""));
            for (Eyes eyes : eyes()) {
                JsonObject measures = new JsonObject();
                for (String measure : MEASURES) {
                    measures.add(measure, measure(policy, measure, eyes));
                }
                json.add(eyes.key(), measures);
            }
            json.add("episodes", raw(outcomes.get(policy)));
            policies.add(policy, json);
        }
        return policies;
    }

    private JsonObject measure(String policy, String measure, Eyes eyes) {
        JsonObject json = interval("iqm", iqm(policy, measure, eyes));
        double[] scores = scores(policy, measure, eyes);
        json.addProperty("mean", Statistics.mean(scores));
        json.addProperty("n", scores.length);
        for (String rival : List.of(Rivals.STATIC, Rivals.RULE)) {
            if (outcomes.containsKey(rival)) {
                JsonObject paired =
                        interval("difference", difference(policy, rival, measure, eyes));
                paired.addProperty(
                        "mean_difference",
                        Statistics.mean(scores) - Statistics.mean(scores(rival, measure, eyes)));
                paired.add(
                        "probability_of_improvement",
                        interval("value", wins(policy, rival, measure, eyes)));
                json.add("vs_" + rival.replaceAll("[ -]", "_"), paired);
            }
        }
        return json;
    }

    private static JsonObject interval(String name, Interval interval) {
        JsonObject json = new JsonObject();
        json.addProperty(name, interval.value());
        JsonArray ends = new JsonArray();
        ends.add(interval.low());
        ends.add(interval.high());
        json.add("ci95", ends);
        return json;
    }

    private JsonArray raw(List<Outcome> drawn) {
        JsonArray rows = new JsonArray();
        for (int i = 0; i < drawn.size(); i++) {
            Outcome outcome = drawn.get(i);
            EpisodeSpec spec = outcome.spec();
            JsonObject row = new JsonObject();
            row.addProperty("episode", i);
            row.addProperty("seed", spec.noiseSeed());
            row.addProperty("lora", spec.lora());
            row.addProperty("adapter_scale", spec.adapterScale());
            row.addProperty("intent", Intent.text(spec.intent()));
            for (Eyes eyes : eyes()) {
                JsonObject terms = new JsonObject();
                eyes.terms(outcome).asMap().forEach(terms::addProperty);
                row.add(eyes.key(), terms);
            }
            row.addProperty("unet_calls", outcome.unetCalls());
            row.addProperty("seconds", outcome.seconds());
            rows.add(row);
        }
        return rows;
    }

    /** One line an episode and policy. */
    String toCsv() {
        StringBuilder csv = new StringBuilder("policy,episode,seed,lora,adapter_scale,intent");
        for (Eyes eyes : eyes()) {
            for (String term :
                    outcomes.values().iterator().next().get(0).reward().asMap().keySet()) {
                csv.append(',').append(eyes.key()).append('_').append(term);
            }
        }
        csv.append(",unet_calls,seconds\n");
        outcomes.forEach(
                (policy, drawn) -> {
                    for (int i = 0; i < drawn.size(); i++) {
                        Outcome outcome = drawn.get(i);
                        csv.append(policy).append(',').append(i).append(',');
                        csv.append(outcome.spec().noiseSeed()).append(',');
                        csv.append(outcome.spec().lora()).append(',');
                        csv.append(outcome.spec().adapterScale()).append(",\"");
                        csv.append(Intent.text(outcome.spec().intent())).append('"');
                        for (Eyes eyes : eyes()) {
                            eyes.terms(outcome)
                                    .asMap()
                                    .values()
                                    .forEach(value -> csv.append(',').append(value));
                        }
                        csv.append(',').append(outcome.unetCalls());
                        csv.append(',').append(outcome.seconds()).append('\n');
                    }
                });
        return csv.toString();
    }

    /** Episodes one by one: what each policy drew of the same person. */
    Map<String, Outcome> ofEpisode(int episode) {
        Map<String, Outcome> all = new LinkedHashMap<>();
        outcomes.forEach((policy, drawn) -> all.put(policy, drawn.get(episode)));
        return all;
    }
}
