package daumier.agent;

import daumier.env.Box;
import daumier.env.SeededRandom;

/** Even over the action space, asked to be deterministic or not. */
public final class RandomPolicy implements Policy {
    private final Box actions;
    private final SeededRandom random;

    /** Draws from {@code actions} by {@code seed}. */
    public RandomPolicy(Box actions, long seed) {
        this.actions = actions;
        random = new SeededRandom(seed);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] chosen = new double[observations.length][];
        for (int lane = 0; lane < chosen.length; lane++) {
            chosen[lane] = actions.sample(random);
        }
        return chosen;
    }
}
