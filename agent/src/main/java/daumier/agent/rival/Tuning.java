package daumier.agent.rival;

import daumier.agent.Policy;
import daumier.agent.Statistics;
import daumier.agent.StopSignal;
import daumier.env.Box;
import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the best constants of rivals on training portraits by successive halving (Jamieson and
 * Talwalkar 2016): all candidates draw a few portraits, the best quarter draws more, and so on.
 */
public final class Tuning {
    private static final double[] GAINS = {0.8, 1.1, 1.4, 1.8, 2.3};
    private static final double[][] WEIGHTS = {
        {0.3, 0.3}, {0.45, 0.45}, {0.6, 0.6}, {0.75, 0.75}, {0.9, 0.9}, {1.1, 1.1},
        {0.2, 0.6}, {0.3, 0.7}, {0.4, 1.0}, {0, 0.8}, {0.8, 0.4}, {1.0, 0.6}
    };
    private static final double[] BEGINS = {0, 0.3};
    private static final int KEPT = 4;

    private final VectorEnvironment<double[]> environment;
    private final List<EpisodeSpec> specs;
    private final int first;
    private final StopSignal stop;
    private final Consumer<String> log;

    /**
     * A tuning.
     *
     * @param environment lanes that do not reset themselves
     * @param specs training portraits
     * @param first how many of them all candidates draw; each next round draws three times as many,
     *     as far as there are so many
     * @param log hears of every round
     */
    public Tuning(
            VectorEnvironment<double[]> environment,
            List<EpisodeSpec> specs,
            int first,
            StopSignal stop,
            Consumer<String> log) {
        this.environment = environment;
        this.specs = List.copyOf(specs);
        this.first = first;
        this.stop = stop;
        this.log = log;
    }

    /** Every static schedule of the grid: gain x LoRA weight (constant or ramp) x beginning. */
    public static List<StaticSchedule> grid(Box space) {
        List<StaticSchedule> all = new ArrayList<>();
        for (double gain : GAINS) {
            for (double[] weight : WEIGHTS) {
                for (double begin : BEGINS) {
                    all.add(new StaticSchedule(space, gain, weight[0], weight[1], begin));
                }
            }
        }
        return all;
    }

    /** The ramp from 0.3 to 0.7 with every gain of the grid. */
    public static List<StaticSchedule> ramps(Box space) {
        return grid(space).stream()
                .filter(s -> s.weightFrom() == 0.3 && s.weightTo() == 0.7 && s.begin() == 0)
                .toList();
    }

    /** Differences from the mean with several gains and weights. */
    public static List<DifferenceFromMean> differences(Box space) {
        List<DifferenceFromMean> all = new ArrayList<>();
        for (double gain : new double[] {0.2, 0.4, 0.7, 1}) {
            for (double weight : new double[] {0.3, 0.45, 0.6, 0.75, 0.9}) {
                all.add(new DifferenceFromMean(space, gain, weight));
            }
        }
        return all;
    }

    /** Rules round the standard one. */
    public static List<ClosedLoopRule> rules(Box space, int count, long seed) {
        SeededRandom random = new SeededRandom(seed);
        List<ClosedLoopRule> all = new ArrayList<>();
        all.add(new ClosedLoopRule(space, ClosedLoopRule.Gains.standard()));
        while (all.size() < count) {
            all.add(
                    new ClosedLoopRule(
                            space,
                            new ClosedLoopRule.Gains(
                                    random.nextDouble(0, 1.5),
                                    random.nextDouble(0.05, 0.8),
                                    random.nextDouble(0.2, 1.2),
                                    random.nextDouble(0.1, 1.2),
                                    random.nextDouble(0, 1.5),
                                    random.nextDouble(0.55, 0.9),
                                    random.nextDouble(0.4, 0.85),
                                    random.nextDouble(0.4, 1.6),
                                    random.nextDouble(0.8, 2))));
        }
        return all;
    }

    /**
     * The candidate with the highest interquartile mean of the composite, as comparisons count.
     *
     * @param candidates the first is the incumbent, which meets every round: what was found on many
     *     portraits before is not thrown out for bad luck on the first few
     */
    public <P extends Rival> P best(List<P> candidates) {
        List<P> left = List.copyOf(candidates);
        int portraits = Math.min(first, specs.size());
        while (true) {
            List<Scored<P>> scored = new ArrayList<>();
            for (P candidate : left) {
                scored.add(new Scored<>(candidate, score(candidate, portraits)));
            }
            scored.sort(Comparator.comparingDouble(s -> -s.score()));
            log.accept(
                    "%d candidates on %d portraits: %.3f to %.3f, first %s"
                            .formatted(
                                    left.size(),
                                    portraits,
                                    scored.get(scored.size() - 1).score(),
                                    scored.get(0).score(),
                                    scored.get(0).policy().constants()));
            boolean exhausted = portraits == specs.size() || stop.isRaised();
            if (left.size() <= KEPT || exhausted) {
                return scored.get(0).policy();
            }
            List<P> kept = new ArrayList<>();
            for (Scored<P> one : scored.subList(0, (left.size() + KEPT - 1) / KEPT)) {
                kept.add(one.policy());
            }
            if (!kept.contains(candidates.get(0))) {
                kept.add(candidates.get(0));
            }
            left = kept;
            portraits = Math.min(3 * portraits, specs.size());
        }
    }

    private record Scored<P>(P policy, double score) {}

    private double score(Policy policy, int portraits) {
        List<Outcome> outcomes =
                Portraits.play(environment, policy, specs.subList(0, portraits), stop);
        return outcomes.isEmpty()
                ? Double.NEGATIVE_INFINITY
                : Statistics.iqm(
                        outcomes.stream()
                                .mapToDouble(outcome -> outcome.reward().composite())
                                .toArray());
    }
}
