package daumier.agent;

import daumier.env.Box;

/** Always the same action. */
public final class ConstantPolicy implements Policy {
    private final double[] action;

    /**
     * Plays {@code action}.
     *
     * @throws IllegalArgumentException if it is none of {@code actions}
     */
    public ConstantPolicy(Box actions, double... action) {
        if (!actions.contains(action)) {
            throw new IllegalArgumentException(
                    "The constant is no action of " + actions.describe() + ".");
        }
        this.action = action.clone();
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] chosen = new double[observations.length][];
        for (int lane = 0; lane < chosen.length; lane++) {
            chosen[lane] = action.clone();
        }
        return chosen;
    }
}
