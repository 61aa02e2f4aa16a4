package daumier.agent.rl4j;

import com.google.gson.JsonObject;
import daumier.agent.CollectConfig;
import daumier.agent.PolicyFormatException;
import java.util.List;

/**
 * Settings of {@link DqnLearner}.
 *
 * @param collect how experience is collected; normalising is better left off, because the replay
 *     memory keeps what was normalised by older statistics
 * @param totalSteps environment steps of the whole run
 * @param minibatchSize transitions of one gradient step
 * @param replaySize transitions that are remembered
 * @param learningStarts transitions before the first gradient step
 * @param trainEvery steps of all lanes between gradient steps
 * @param targetUpdateFrequency gradient steps between copies to the target network
 * @param finalEpsilon share of random moves in the end; it falls from 1
 * @param explorationFraction share of {@code totalSteps} over which it falls
 * @param learningRate Adam's step size
 * @param maxGradientNorm global norm that gradients are clipped to
 * @param hidden widths of the hidden layers
 */
public record DqnConfig(
        CollectConfig collect,
        long totalSteps,
        int minibatchSize,
        int replaySize,
        int learningStarts,
        int trainEvery,
        int targetUpdateFrequency,
        double finalEpsilon,
        double explorationFraction,
        double learningRate,
        double maxGradientNorm,
        List<Integer> hidden) {
    /** Checks the ranges. */
    public DqnConfig {
        boolean sane =
                totalSteps >= 1
                        && minibatchSize >= 1
                        && replaySize >= minibatchSize
                        && learningStarts >= minibatchSize
                        && trainEvery >= 1
                        && targetUpdateFrequency >= 1
                        && finalEpsilon >= 0
                        && finalEpsilon <= 1
                        && explorationFraction > 0
                        && learningRate > 0
                        && maxGradientNorm > 0;
        if (!sane) {
            throw new IllegalArgumentException(
                    "A setting of double DQN is out of its range; learningStarts and replaySize are"
                            + " at least minibatchSize.");
        }
        hidden = List.copyOf(hidden);
    }

    /** The defaults for a run of {@code totalSteps}. */
    public static DqnConfig defaults(long totalSteps) {
        return new DqnConfig(
                new CollectConfig(64, 0.99, false, 10, false, 10, true, 0),
                totalSteps,
                64,
                20_000,
                500,
                1,
                200,
                0.05,
                0.4,
                1e-3,
                10,
                List.of(64, 64));
    }

    /** Share of random moves after {@code steps}. */
    double epsilonAt(long steps) {
        double fallen = Math.min(1, steps / (explorationFraction * totalSteps));
        return 1 + fallen * (finalEpsilon - 1);
    }

    /** As JSON, one property a component. */
    public JsonObject toJson() {
        return ConfigJson.write(this);
    }

    /**
     * From JSON.
     *
     * @throws PolicyFormatException if it is none of these
     */
    public static DqnConfig fromJson(JsonObject json) {
        return ConfigJson.read(json, DqnConfig.class);
    }
}
