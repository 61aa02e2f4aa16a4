package daumier.agent.rival;

import daumier.env.caricature.Outcome;
import daumier.env.caricature.Terms;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came to compare itself.
 *
 * @param name short
 * @param constants what it was tuned to, or empty
 * @param outcomes of the same portraits in the same order as everybody's
 */
public record Entrant(String name, String constants, List<Outcome> outcomes) {
    /** Copies the list. */
    public Entrant {
        outcomes = List.copyOf(outcomes);
    }

    /** One value a portrait, as the reward's networks see it, or as the judges do. */
    public double[] values(boolean judges, ToDoubleFunction<Terms> value) {
        return outcomes.stream()
                .map(outcome -> judges ? outcome.judged() : outcome.reward())
                .mapToDouble(value)
                .toArray();
    }

    /** Whether the judges saw every portrait. */
    public boolean isJudged() {
        return outcomes.stream().allMatch(outcome -> outcome.judged() != null);
    }

    /** U-Net calls for a portrait, on average. */
    public double calls() {
        return outcomes.stream().mapToInt(Outcome::unetCalls).average().orElse(0);
    }
}
