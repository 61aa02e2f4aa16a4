package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.agent.Interval;
import daumier.agent.Statistics;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Terms;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * What several policies made of the same episodes.
 *
 * @param runs by policy in the order of tables: one list of outcomes a training seed, one for a
 *     policy that was not trained, each in the order of the episodes
 * @param descriptions of the policies
 */
record Comparison(Map<String, List<List<Outcome>>> runs, Map<String, String> descriptions) {
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

    /** A comparison of policies of one run each. */
    static Comparison single(
            Map<String, List<Outcome>> outcomes, Map<String, String> descriptions) {
        Map<String, List<List<Outcome>>> runs = new LinkedHashMap<>();
        outcomes.forEach((policy, drawn) -> runs.put(policy, List.of(drawn)));
        return new Comparison(runs, descriptions);
    }

    /** Names of the policies, in the order of tables. */
    List<String> policies() {
        return List.copyOf(runs.keySet());
    }

    /** Number of episodes that everybody drew. */
    int episodes() {
        return runs.values().iterator().next().get(0).size();
    }

    /** Whether the judges looked. */
    boolean judged() {
        return runs.values().stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .allMatch(outcome -> outcome.judged() != null);
    }

    /** Who looked, the judges last. */
    List<Eyes> eyes() {
        return judged() ? List.of(Eyes.REWARD, Eyes.JUDGES) : List.of(Eyes.REWARD);
    }

    /** One row of scores a run, one score an episode. */
    double[][] scores(String policy, String measure, Eyes eyes) {
        ToDoubleFunction<Outcome> figure =
                switch (measure) {
                    case "unet_calls" -> Outcome::unetCalls;
                    case "seconds" -> Outcome::seconds;
                    default -> outcome -> eyes.terms(outcome).asMap().get(measure);
                };
        return runs.get(policy).stream()
                .map(drawn -> drawn.stream().mapToDouble(figure).toArray())
                .toArray(double[][]::new);
    }

    /** Interquartile mean with its bootstrap interval, over runs and episodes. */
    Interval iqm(String policy, String measure, Eyes eyes) {
        return bootstrap(scores(policy, measure, eyes), Statistics::iqm);
    }

    /** Interquartile mean of each run. */
    double[] iqmOfRuns(String policy, String measure, Eyes eyes) {
        return Arrays.stream(scores(policy, measure, eyes))
                .mapToDouble(row -> Statistics.iqm(row))
                .toArray();
    }

    /**
     * Interquartile mean of the differences on the same episodes, to the rival's mean over its runs
     * there.
     */
    Interval difference(String policy, String rival, String measure, Eyes eyes) {
        return bootstrap(paired(policy, rival, measure, eyes, (a, b) -> a - b), Statistics::iqm);
    }

    /** Share of the same episodes in which a policy scores higher; draws count one half. */
    Interval wins(String policy, String rival, String measure, Eyes eyes) {
        return bootstrap(
                paired(policy, rival, measure, eyes, (a, b) -> a > b ? 1 : a == b ? 0.5 : 0),
                Statistics::mean);
    }

    private double[][] paired(
            String policy, String rival, String measure, Eyes eyes, DoubleBinaryOperator pair) {
        double[][] a = scores(policy, measure, eyes);
        double[] b = meanOfRuns(scores(rival, measure, eyes));
        double[][] result = new double[a.length][b.length];
        for (int run = 0; run < a.length; run++) {
            for (int i = 0; i < b.length; i++) {
                result[run][i] = pair.applyAsDouble(a[run][i], b[i]);
            }
        }
        return result;
    }

    private static double[] meanOfRuns(double[][] scores) {
        double[] mean = new double[scores[0].length];
        for (double[] row : scores) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / scores.length;
            }
        }
        return mean;
    }

    private static Interval bootstrap(double[][] scores, ToDoubleFunction<double[]> figure) {
        return Statistics.bootstrapBoth(scores, figure, CONFIDENCE, REPETITIONS, 1);
    }

    /** Everything, with the raw scores. */
    JsonObject toJson() {
        JsonObject policies = new JsonObject();
        for (String policy : runs.keySet()) {
            JsonObject json = new JsonObject();
            json.addProperty("description", descriptions.getOrDefault(policy, ""));
            for (Eyes eyes : eyes()) {
                JsonObject measures = new JsonObject();
                for (String measure : MEASURES) {
                    measures.add(measure, measure(policy, measure, eyes));
                }
                json.add(eyes.key(), measures);
            }
            json.addProperty("runs", runs.get(policy).size());
            json.add("episodes", raw(runs.get(policy)));
            policies.add(policy, json);
        }
        return policies;
    }

    private JsonObject measure(String policy, String measure, Eyes eyes) {
        JsonObject json = interval("iqm", iqm(policy, measure, eyes));
        double[][] scores = scores(policy, measure, eyes);
        json.addProperty("mean", Statistics.mean(scores));
        json.addProperty("n", scores.length * episodes());
        if (scores.length > 1) {
            json.add("iqm_of_runs", new Gson().toJsonTree(iqmOfRuns(policy, measure, eyes)));
        }
        for (String rival : List.of(Rivals.STATIC, Rivals.RULE)) {
            if (runs.containsKey(rival)) {
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

    private JsonArray raw(List<List<Outcome>> drawn) {
        JsonArray rows = new JsonArray();
        for (int run = 0; run < drawn.size(); run++) {
            for (int i = 0; i < drawn.get(run).size(); i++) {
                rows.add(row(run, i, drawn.get(run).get(i)));
            }
        }
        return rows;
    }

    private JsonObject row(int run, int episode, Outcome outcome) {
        EpisodeSpec spec = outcome.spec();
        JsonObject row = new JsonObject();
        row.addProperty("run", run);
        row.addProperty("episode", episode);
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
        return row;
    }

    /** One line an episode, run and policy. */
    String toCsv() {
        StringBuilder csv = new StringBuilder("policy,run,episode,seed,lora,adapter_scale,intent");
        for (Eyes eyes : eyes()) {
            for (String term : ofEpisode(0).values().iterator().next().reward().asMap().keySet()) {
                csv.append(',').append(eyes.key()).append('_').append(term);
            }
        }
        csv.append(",unet_calls,seconds\n");
        runs.forEach(
                (policy, drawn) -> {
                    for (int run = 0; run < drawn.size(); run++) {
                        for (int i = 0; i < drawn.get(run).size(); i++) {
                            csv.append('"').append(policy).append("\",").append(run);
                            appendLine(csv, i, drawn.get(run).get(i));
                        }
                    }
                });
        return csv.toString();
    }

    private void appendLine(StringBuilder csv, int episode, Outcome outcome) {
        csv.append(',').append(episode);
        csv.append(',').append(outcome.spec().noiseSeed());
        csv.append(',').append(outcome.spec().lora());
        csv.append(',').append(outcome.spec().adapterScale());
        csv.append(",\"").append(Intent.text(outcome.spec().intent())).append('"');
        for (Eyes eyes : eyes()) {
            eyes.terms(outcome).asMap().values().forEach(v -> csv.append(',').append(v));
        }
        csv.append(',').append(outcome.unetCalls());
        csv.append(',').append(outcome.seconds()).append('\n');
    }

    /** What each policy, by its first run, drew of one person. */
    Map<String, Outcome> ofEpisode(int episode) {
        Map<String, Outcome> all = new LinkedHashMap<>();
        runs.forEach((policy, drawn) -> all.put(policy, drawn.get(0).get(episode)));
        return all;
    }
}
