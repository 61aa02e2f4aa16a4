package daumier.agent.rival;

import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Static schedules that are told in advance which weight suits each LoRA best: what could be had by
 * measuring every LoRA once and never looking at a drawing.
 *
 * @param gain effort for each unit of intent
 * @param begin progress from which on the exaggeration is applied
 * @param weights by the LoRA's name
 */
public record KnownWeights(double gain, double begin, Map<String, Double> weights) {
    /**
     * Finds the weight with the highest mean composite for each LoRA among given portraits.
     *
     * @param like the static schedule whose gain and beginning are taken
     * @param candidates weights to choose from
     */
    public static KnownWeights measured(
            VectorEnvironment<double[]> environment,
            StaticSchedule like,
            double[] candidates,
            List<EpisodeSpec> specs) {
        Map<String, Double> best = new TreeMap<>();
        Map<String, Double> record = new TreeMap<>();
        for (double weight : candidates) {
            Map<String, Double> sums = new TreeMap<>();
            for (Outcome outcome :
                    draw(environment, specs, like.gain(), like.begin(), lora -> weight)) {
                sums.merge(outcome.spec().lora(), outcome.reward().composite(), Double::sum);
            }
            sums.forEach(
                    (lora, sum) -> {
                        if (sum > record.getOrDefault(lora, Double.NEGATIVE_INFINITY)) {
                            record.put(lora, sum);
                            best.put(lora, weight);
                        }
                    });
        }
        return new KnownWeights(like.gain(), like.begin(), best);
    }

    /** Draws portraits. */
    public List<Outcome> draw(VectorEnvironment<double[]> environment, List<EpisodeSpec> specs) {
        return draw(environment, specs, gain, begin, weights::get);
    }

    private static List<Outcome> draw(
            VectorEnvironment<double[]> environment,
            List<EpisodeSpec> specs,
            double gain,
            double begin,
            ToDoubleFunction<String> weight) {
        List<Hand> hands =
                specs.stream()
                        .map(
                                spec -> {
                                    double own = weight.applyAsDouble(spec.lora());
                                    StaticSchedule schedule =
                                            new StaticSchedule(
                                                    environment.observationSpace(),
                                                    gain,
                                                    own,
                                                    own,
                                                    begin);
                                    return (Hand) schedule::act;
                                })
                        .toList();
        return new Sketching(environment)
                .draw(specs, hands).stream().map(Sketching.Drawn::outcome).toList();
    }
}
