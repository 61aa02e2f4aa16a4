package daumier.agent.rival;

import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws every portrait several times, each time corrected from the best finished picture so far,
 * and keeps the one the reward likes best: what can be had for so many times the network calls
 * (iterative learning control with random step sizes).
 *
 * @param rounds drawings of each portrait
 * @param start where it begins
 * @param seed of the step sizes
 */
public record GuidedSearch(int rounds, ClosedLoopRule.Gains start, long seed) {
    private static final double LEAST_EFFORT = -0.8;
    private static final double MOST_EFFORT = 2.8;

    /** Drawings before random shifts are added to the corrections. */
    private static final int PURE = 3;

    private static final double EFFORT_NOISE = 0.12;
    private static final double WEIGHT_NOISE = 0.08;

    /** Draws portraits; the calls of an outcome are those of all its drawings. */
    public List<Outcome> draw(VectorEnvironment<double[]> environment, List<EpisodeSpec> specs) {
        SeededRandom random = new SeededRandom(seed);
        View view = new View(environment.observationSpace());
        List<Sketch> tried = new ArrayList<>();
        for (EpisodeSpec spec : specs) {
            double[] effort = scaled(spec.intent(), start.firstGain());
            tried.add(new Sketch(effort, start.firstWeight()));
        }
        List<Sketch> bestSketch = new ArrayList<>(tried);
        List<Sketching.Drawn> best = new ArrayList<>();
        int[] calls = new int[specs.size()];
        for (int round = 0; round < rounds; round++) {
            List<Sketching.Drawn> drawn = new Sketching(environment).draw(specs, tried);
            for (int i = 0; i < drawn.size(); i++) {
                calls[i] += drawn.get(i).outcome().unetCalls();
                if (round == 0) {
                    best.add(drawn.get(i));
                } else if (composite(drawn.get(i)) > composite(best.get(i))) {
                    best.set(i, drawn.get(i));
                    bestSketch.set(i, tried.get(i));
                }
                double noise = round < PURE ? 0 : 1;
                tried.set(i, corrected(bestSketch.get(i), best.get(i), view, random, noise));
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < best.size(); i++) {
            outcomes.add(withCalls(best.get(i).outcome(), calls[i]));
        }
        return outcomes;
    }

    private static double composite(Sketching.Drawn drawn) {
        return drawn.outcome().reward().composite();
    }

    private Sketch corrected(
            Sketch sketch, Sketching.Drawn drawn, View view, SeededRandom random, double noise) {
        double[] error = view.relativeError(drawn.last());
        double[] effort = sketch.effort().clone();
        double far = random.nextDouble(0.3, 1.2);
        for (int r = 0; r < effort.length; r++) {
            double wished =
                    effort[r]
                            + start.geometry() * far * error[r]
                            + noise * EFFORT_NOISE * random.nextGaussian();
            effort[r] = Math.max(LEAST_EFFORT, Math.min(MOST_EFFORT, wished));
        }
        double level = drawn.outcome().reward().level();
        double cosine = drawn.outcome().reward().cosine();
        double weight =
                sketch.weight()
                        + start.style() * random.nextDouble(0.3, 1.2) * (start.level() - level)
                        - start.identity() * Math.max(0, start.floor() - cosine)
                        + noise * WEIGHT_NOISE * random.nextGaussian();
        return new Sketch(effort, Math.max(0, Math.min(Move.MOST_WEIGHT, weight)));
    }

    private static Outcome withCalls(Outcome o, int calls) {
        return new Outcome(
                o.spec(), o.reward(), o.judged(), calls, o.seconds(), o.decisions(), o.picture());
    }

    static double[] scaled(double[] values, double factor) {
        double[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }
}
