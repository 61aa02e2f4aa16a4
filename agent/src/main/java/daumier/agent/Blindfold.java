package daumier.agent;

import daumier.env.Box;
import java.util.List;

/**
 * A policy that is not shown some parts of its observations: what it does without them is what they
 * are worth to it.
 *
 * @param policy the policy
 * @param space of observations
 * @param hidden names of the parts it is not shown
 * @param instead an observation whose values stand in for them, such as the mean of the training
 */
public record Blindfold(Policy policy, Box space, List<String> hidden, double[] instead)
        implements Policy {
    /** Checks the sizes. */
    public Blindfold {
        if (instead.length != space.size()) {
            throw new IllegalArgumentException(
                    "What stands in must be an observation of %d values, not %d."
                            .formatted(space.size(), instead.length));
        }
        hidden = List.copyOf(hidden);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] shown = new double[observations.length][];
        for (int lane = 0; lane < shown.length; lane++) {
            shown[lane] = observations[lane].clone();
            for (String name : hidden) {
                Box.Part part = space.part(name);
                System.arraycopy(instead, part.offset(), shown[lane], part.offset(), part.size());
            }
        }
        return policy.act(shown, episodeStarts, deterministic);
    }
}
