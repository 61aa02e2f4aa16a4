package daumier.agent;

import daumier.env.SeededRandom;
import daumier.env.VectorEnvironment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
