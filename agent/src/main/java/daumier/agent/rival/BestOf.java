package daumier.agent.rival;

import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws every portrait several times with a static schedule, each time from other noise, and keeps
 * the one the reward likes best. With {@link #settings} all drawings of a portrait together cost as
 * many network calls as one drawing of a policy.
 *
 * @param count drawings of each portrait, at least 2
 * @param schedule how all of them are drawn
 * @param seed of the noise
 */
public record BestOf(int count, StaticSchedule schedule, long seed) {
    /** Checks the count. */
    public BestOf {
        requireSeveral(count);
    }

    private static void requireSeveral(int count) {
        if (count < 2) {
            throw new IllegalArgumentException("The best is chosen of at least two drawings.");
        }
    }

    /**
     * Settings with which so many drawings take the calls of one.
     *
     * @param whole how a policy draws
     * @throws IllegalArgumentException if the calls cannot be shared out equally
     */
    public static Settings settings(Settings whole, int count) {
        requireSeveral(count);
        int calls = whole.decisions() * whole.callsPerDecision();
        if (calls % count != 0) {
            throw new IllegalArgumentException(
                    "%d U-Net calls cannot be shared out among %d drawings; take a divisor."
                            .formatted(calls, count));
        }
        int share = calls / count;
        int decisions = Math.min(whole.decisions(), share);
        while (share % decisions != 0) {
            decisions--;
        }
        return whole.withSteps(decisions, share / decisions);
    }

    /** Draws portraits; calls and seconds of an outcome are those of all its drawings. */
    public List<Outcome> draw(VectorEnvironment<double[]> environment, List<EpisodeSpec> specs) {
        List<Hand> hands = Collections.nCopies(specs.size(), schedule::act);
        SplittableRandom random = new SplittableRandom(seed);
        List<Outcome> best = new ArrayList<>();
        int[] calls = new int[specs.size()];
        double[] seconds = new double[specs.size()];
        for (int round = 0; round < count; round++) {
            List<EpisodeSpec> renewed = new ArrayList<>();
            for (EpisodeSpec spec : specs) {
                renewed.add(round == 0 ? spec : spec.withNoiseSeed(random.nextLong()));
            }
            List<Sketching.Drawn> drawn = new Sketching(environment).draw(renewed, hands);
            for (int i = 0; i < drawn.size(); i++) {
                Outcome outcome = drawn.get(i).outcome();
                calls[i] += outcome.unetCalls();
                seconds[i] += outcome.seconds();
                if (round == 0) {
                    best.add(outcome);
                } else if (outcome.reward().composite() > best.get(i).reward().composite()) {
                    best.set(i, outcome);
                }
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < best.size(); i++) {
            Outcome o = best.get(i);
            outcomes.add(
                    new Outcome(
                            specs.get(i),
                            o.reward(),
                            o.judged(),
                            calls[i],
                            seconds[i],
                            o.decisions(),
                            o.picture()));
        }
        return outcomes;
    }
}
