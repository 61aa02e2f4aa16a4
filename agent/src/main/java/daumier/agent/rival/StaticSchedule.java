package daumier.agent.rival;

import daumier.env.Box;
import daumier.env.caricature.Move;
import java.util.Arrays;

/**
 * A schedule that is fixed before the drawing begins and looks at nothing but what was asked for:
 * the exaggeration is proportional to the intent and begins at one decision, the LoRA weight moves
 * linearly from one value to another.
 *
 * @param space of observations, whose parts {@code intent} and {@code progress} are read
 * @param gain effort for each unit of intent
 * @param weightFrom LoRA weight at the first decision
 * @param weightTo LoRA weight at the last decision
 * @param begin progress from which on the exaggeration is applied, 0 for the whole drawing
 */
public record StaticSchedule(
        Box space, double gain, double weightFrom, double weightTo, double begin) implements Rival {
    /** The same weight throughout. */
    public static StaticSchedule constant(Box space, double gain, double weight) {
        return new StaticSchedule(space, gain, weight, weight, 0);
    }

    @Override
    public String constants() {
        return "gain %.2f, weight %.2f to %.2f, from %.2f of the way"
                .formatted(gain, weightFrom, weightTo, begin);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] actions = new double[observations.length][];
        Arrays.setAll(actions, i -> act(observations[i]));
        return actions;
    }

    /** The action after one observation. */
    double[] act(double[] observation) {
        View view = new View(space);
        double progress = view.scalar(observation, "progress");
        double[] intent = view.vector(observation, "intent");
        double[] effort = view.vector(observation, "effort");
        double[] increment = new double[intent.length];
        if (progress >= begin) {
            Arrays.setAll(increment, r -> gain * intent[r] - effort[r]);
        }
        double weight = weightFrom + (weightTo - weightFrom) * progress;
        return new Move(increment, weight, 1).toAction();
    }
}
