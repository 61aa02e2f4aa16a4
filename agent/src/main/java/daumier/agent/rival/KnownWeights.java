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
 * @param weights by the LoRA's name
 */
public record KnownWeights(double gain, Map<String, Double> weights) {
    /**
     * Finds the weight with the highest mean composite for each LoRA among given portraits.
     *
     * @param gain effort for each unit of intent
     * @param candidates weights to choose from
     */
    public static KnownWeights measured(
            VectorEnvironment<double[]> environment,
            double gain,
            double[] candidates,
            List<EpisodeSpec> specs) {
        Map<String, Double> best = new TreeMap<>();
        Map<String, Double> record = new TreeMap<>();
        for (double weight : candidates) {
            Map<String, Double> sums = new TreeMap<>();
            for (Outcome outcome : draw(environment, specs, gain, lora -> weight)) {
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
        return new KnownWeights(gain, best);
    }

    /** Draws portraits. */
    public List<Outcome> draw(VectorEnvironment<double[]> environment, List<EpisodeSpec> specs) {
        return draw(environment, specs, gain, weights::get);
    }

    private static List<Outcome> draw(
            VectorEnvironment<double[]> environment,
            List<EpisodeSpec> specs,
            double gain,
            ToDoubleFunction<String> weight) {
        List<Sketch> sketches =
                specs.stream()
                        .map(
                                spec ->
                                        new Sketch(
                                                GuidedSearch.scaled(spec.intent(), gain),
                                                weight.applyAsDouble(spec.lora())))
                        .toList();
        return new Sketching(environment)
                .draw(specs, sketches).stream().map(Sketching.Drawn::outcome).toList();
    }
}
