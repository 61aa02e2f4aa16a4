package daumier.agent.rival;

import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draws every portrait several times with the closed-loop rule, the first time as it is, then each
 * time nudged by what the best finished picture so far still missed, and keeps the one the reward
 * likes best: what can be had for so many times the network calls (iterative learning control with
 * random step sizes).
 *
 * @param rounds drawings of each portrait
 * @param rule where it begins
 * @param seed of the step sizes
 */
public record GuidedSearch(int rounds, ClosedLoopRule rule, long seed) {
    /** Drawings before random shifts are added to the corrections. */
    private static final int PURE = 2;

    private static final double REGION_NOISE = 0.15;
    private static final double WEIGHT_NOISE = 0.06;
    private static final double LEVEL_NOISE = 0.05;
    private static final double STRIDE_NOISE = 0.12;

    /**
     * How the rule is bent for one portrait.
     *
     * @param regions added to each region's relative error
     * @param firstWeight added to the LoRA's first weight
     * @param level added to the wanted style level
     * @param stride factor on the strides
     */
    private record Nudge(double[] regions, double firstWeight, double level, double stride) {
        static Nudge none() {
            return new Nudge(new double[Move.SPACE.part("increment").size()], 0, 0, 1);
        }
    }

    /** Draws portraits; the calls of an outcome are those of all its drawings. */
    public List<Outcome> draw(VectorEnvironment<double[]> environment, List<EpisodeSpec> specs) {
        SeededRandom random = new SeededRandom(seed);
        View view = new View(environment.observationSpace());
        List<Nudge> tried = new ArrayList<>();
        specs.forEach(spec -> tried.add(Nudge.none()));
        List<Nudge> bestNudge = new ArrayList<>(tried);
        List<Sketching.Drawn> best = new ArrayList<>();
        int[] calls = new int[specs.size()];
        for (int round = 0; round < rounds; round++) {
            List<Hand> hands = tried.stream().map(this::hand).toList();
            List<Sketching.Drawn> drawn = new Sketching(environment).draw(specs, hands);
            for (int i = 0; i < drawn.size(); i++) {
                calls[i] += drawn.get(i).outcome().unetCalls();
                if (round == 0) {
                    best.add(drawn.get(i));
                } else if (composite(drawn.get(i)) > composite(best.get(i))) {
                    best.set(i, drawn.get(i));
                    bestNudge.set(i, tried.get(i));
                }
                double noise = round + 1 < PURE ? 0 : 1;
                double[] missed = view.relativeError(best.get(i).last());
                tried.set(i, corrected(bestNudge.get(i), missed, random, noise));
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

    private Hand hand(Nudge nudge) {
        ClosedLoopRule.Gains g = rule.gains();
        ClosedLoopRule bent =
                new ClosedLoopRule(
                        rule.space(),
                        new ClosedLoopRule.Gains(
                                g.firstGain(),
                                Math.max(0, g.firstWeight() + nudge.firstWeight()),
                                g.geometry(),
                                g.style(),
                                g.identity(),
                                g.level() + nudge.level(),
                                g.floor(),
                                g.answer(),
                                g.stride() * nudge.stride()));
        return observation -> bent.act(observation, nudge.regions());
    }

    private static Nudge corrected(
            Nudge nudge, double[] missed, SeededRandom random, double noise) {
        double[] regions = nudge.regions().clone();
        double far = random.nextDouble(0.3, 1.2);
        Arrays.setAll(
                regions,
                r -> regions[r] + far * missed[r] + noise * REGION_NOISE * random.nextGaussian());
        return new Nudge(
                regions,
                nudge.firstWeight() + noise * WEIGHT_NOISE * random.nextGaussian(),
                nudge.level() + noise * LEVEL_NOISE * random.nextGaussian(),
                nudge.stride() * Math.exp(noise * STRIDE_NOISE * random.nextGaussian()));
    }

    private static Outcome withCalls(Outcome o, int calls) {
        return new Outcome(
                o.spec(), o.reward(), o.judged(), calls, o.seconds(), o.decisions(), o.picture());
    }
}
