package daumier.agent;

import daumier.env.Box;
import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What an expert does in situations that it did not bring about alone: the expert acts with noise,
 * so that mistakes and their mending are seen, and its undisturbed answer is written down (Laskey
 * et al. 2017, DART).
 *
 * @param observations (samples, size), raw
 * @param actions (samples, action size), the expert's own, without noise
 * @param episodes how many were played
 * @param meanReward of those episodes, noise included
 */
public record Demonstrations(
        double[][] observations, double[][] actions, int episodes, double meanReward) {
    /** Checks that samples pair. */
    public Demonstrations {
        if (observations.length != actions.length) {
            throw new IllegalArgumentException(
                    "%d observations do not pair with %d actions."
                            .formatted(observations.length, actions.length));
        }
    }

    /** How many situations were seen. */
    public int size() {
        return observations.length;
    }

    /**
     * Lets the expert play.
     *
     * @param environment lanes in {@link daumier.env.AutoresetMode#DISABLED}; not closed
     * @param expert who is watched
     * @param starts the episodes
     * @param noise standard deviation of what is added to each value of its actions
     * @param seed of the noise
     * @param stop asks for an early end
     */
    public static Demonstrations collect(
            VectorEnvironment<double[]> environment,
            Policy expert,
            List<Evaluation.Start> starts,
            double noise,
            long seed,
            StopSignal stop) {
        Watched watched = new Watched(expert, environment.lanes(), noise, seed);
        List<Evaluation.Result> results = Evaluation.play(environment, watched, starts, true, stop);
        double mean =
                results.stream()
                        .mapToDouble(Evaluation.Result::totalReward)
                        .average()
                        .orElse(Double.NaN);
        return new Demonstrations(
                watched.observations.toArray(double[][]::new),
                watched.actions.toArray(double[][]::new),
                results.size(),
                mean);
    }

    /**
     * The same situations, and others round them: an expert that is a function of what it sees can
     * be asked about situations that nobody was in, which costs nothing and tells the learner what
     * the answer does not depend on.
     *
     * @param expert who is asked; must not remember anything
     * @param space of observations
     * @param still parts of observations that stay as they were seen
     * @param copies of each situation, at least 0
     * @param share of each value's standard deviation over all situations by which the copies
     *     differ, at least 0
     * @param seed of the differences
     */
    public Demonstrations widened(
            Policy expert, Box space, Set<String> still, int copies, double share, long seed) {
        if (copies < 0 || !(share >= 0)) {
            throw new IllegalArgumentException(
                    "Situations are widened by at least 0 copies and a share of at least 0.");
        }
        double[] spread = spread(space, still);
        SeededRandom random = new SeededRandom(seed);
        List<double[]> seen = new ArrayList<>(List.of(observations));
        List<double[]> answers = new ArrayList<>(List.of(actions));
        for (int copy = 0; copy < copies; copy++) {
            double[][] near = new double[observations.length][];
            for (int i = 0; i < near.length; i++) {
                double[] moved = observations[i].clone();
                for (int k = 0; k < moved.length; k++) {
                    moved[k] += share * spread[k] * random.nextGaussian();
                }
                near[i] = space.clip(moved);
            }
            seen.addAll(List.of(near));
            answers.addAll(List.of(expert.act(near, new boolean[near.length], true)));
        }
        return new Demonstrations(
                seen.toArray(double[][]::new),
                answers.toArray(double[][]::new),
                episodes,
                meanReward);
    }

    /** Standard deviation of each value, 0 where it is to stay. */
    private double[] spread(Box space, Set<String> still) {
        double[] spread = new double[space.size()];
        for (Box.Part part : space.parts()) {
            for (int k = part.offset(); k < part.end() && !still.contains(part.name()); k++) {
                int value = k;
                double mean =
                        Arrays.stream(observations).mapToDouble(o -> o[value]).average().orElse(0);
                spread[k] =
                        Math.sqrt(
                                Arrays.stream(observations)
                                        .mapToDouble(o -> Math.pow(o[value] - mean, 2))
                                        .average()
                                        .orElse(0));
            }
        }
        return spread;
    }

    /** Acts as the expert would, with noise, and remembers both. */
    private static final class Watched implements Policy {
        private final Policy expert;
        private final double noise;
        private final SeededRandom random;
        private final double[][] before;
        private final List<double[]> observations = new ArrayList<>();
        private final List<double[]> actions = new ArrayList<>();

        Watched(Policy expert, int lanes, double noise, long seed) {
            this.expert = expert;
            this.noise = noise;
            random = new SeededRandom(seed);
            before = new double[lanes][];
        }

        @Override
        public double[][] act(double[][] observed, boolean[] episodeStarts, boolean deterministic) {
            double[][] answers = expert.act(observed, episodeStarts, true);
            double[][] played = new double[answers.length][];
            for (int lane = 0; lane < answers.length; lane++) {
                // A parked lane shows the same observation again and again, if ever it began.
                boolean begun = before[lane] != null || episodeStarts[lane];
                if (begun && !Arrays.equals(before[lane], observed[lane])) {
                    observations.add(observed[lane].clone());
                    actions.add(answers[lane].clone());
                    before[lane] = observed[lane].clone();
                }
                played[lane] = answers[lane].clone();
                for (int i = 0; i < played[lane].length; i++) {
                    double disturbed = played[lane][i] + noise * random.nextGaussian();
                    played[lane][i] = Math.max(-1, Math.min(1, disturbed));
                }
            }
            return played;
        }
    }
}
