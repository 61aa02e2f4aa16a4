package daumier.agent;

import daumier.env.Box;
import java.util.Arrays;

/**
 * A policy that may not decide one part of its actions.
 *
 * @param policy the policy
 * @param space of actions
 * @param held name of the part
 * @param value that it always has, in the space's bounds
 */
public record HeldAction(Policy policy, Box space, String held, double value) implements Policy {
    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] actions = policy.act(observations, episodeStarts, deterministic);
        Box.Part part = space.part(held);
        double[][] changed = new double[actions.length][];
        for (int lane = 0; lane < actions.length; lane++) {
            changed[lane] = actions[lane].clone();
            Arrays.fill(changed[lane], part.offset(), part.offset() + part.size(), value);
        }
        return changed;
    }
}
