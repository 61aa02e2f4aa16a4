package daumier.agent;

import daumier.env.Box;
import java.util.Arrays;

/** Plays a list of actions from the start of each episode, whatever is observed. */
public final class OpenLoopPolicy implements Policy {
    private final Box actions;
    private final double[][] schedule;
    private int[] played = new int[0];

    /**
     * Plays {@code schedule}; the last action is repeated in longer episodes.
     *
     * @param schedule (steps, action size), at least one step; clipped into {@code actions}
     */
    public OpenLoopPolicy(Box actions, double[][] schedule) {
        if (schedule.length == 0) {
            throw new IllegalArgumentException("A schedule needs at least one action.");
        }
        this.actions = actions;
        this.schedule = schedule.clone();
    }

    /** A schedule from a search's flat point: step by step, each of the action's size. */
    public static OpenLoopPolicy ofPoint(Box actions, double[] point) {
        int size = actions.size();
        if (point.length == 0 || point.length % size != 0) {
            throw new IllegalArgumentException(
                    point.length + " values are no whole number of actions of " + size + ".");
        }
        double[][] schedule = new double[point.length / size][];
        for (int t = 0; t < schedule.length; t++) {
            schedule[t] = Arrays.copyOfRange(point, t * size, (t + 1) * size);
        }
        return new OpenLoopPolicy(actions, schedule);
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        if (played.length != observations.length) {
            played = new int[observations.length];
        }
        double[][] chosen = new double[observations.length][];
        for (int lane = 0; lane < chosen.length; lane++) {
            int step = episodeStarts[lane] ? 0 : played[lane];
            chosen[lane] = actions.clip(schedule[Math.min(step, schedule.length - 1)]);
            played[lane] = step + 1;
        }
        return chosen;
    }
}
