package daumier.agent.rival;

import daumier.env.Box;
import daumier.env.caricature.Move;
import java.util.Arrays;

/**
 * The classic (Brennan 1985): every region is pushed away from the mean by one gain, whatever was
 * asked for.
 *
 * @param space of observations
 * @param gain of all regions
 * @param weight of the LoRA
 */
public record DifferenceFromMean(Box space, double gain, double weight) implements Rival {
    @Override
    public String constants() {
        return "gain %.2f, weight %.2f".formatted(gain, weight);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        View view = new View(space);
        double[][] actions = new double[observations.length][];
        for (int i = 0; i < observations.length; i++) {
            double[] increment = view.vector(observations[i], "effort");
            Arrays.setAll(increment, r -> gain - increment[r]);
            actions[i] = new Move(increment, weight, 1).toAction();
        }
        return actions;
    }
}
