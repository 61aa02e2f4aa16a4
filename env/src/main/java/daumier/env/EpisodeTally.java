package daumier.env;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Adds up rewards and steps of the episodes of several lanes. */
final class EpisodeTally {
    private final double[] rewards;
    private final int[] lengths;
    private final long[] startedNanos;
    private final LongSupplier nanoClock;

    EpisodeTally(int lanes, LongSupplier nanoClock) {
        rewards = new double[lanes];
        lengths = new int[lanes];
        startedNanos = new long[lanes];
        this.nanoClock = nanoClock;
    }

    void start(int lane) {
        rewards[lane] = 0;
        lengths[lane] = 0;
        startedNanos[lane] = nanoClock.getAsLong();
    }

    /** Counts a step; at the end of an episode the info that is returned holds its summary. */
    Map<String, Object> add(int lane, double reward, boolean ended, Map<String, Object> info) {
        rewards[lane] += reward;
        lengths[lane]++;
        if (!ended) {
            return info;
        }
        Map<String, Object> extended = new LinkedHashMap<>(info);
        double seconds = (nanoClock.getAsLong() - startedNanos[lane]) * 1e-9;
        extended.put(EpisodeSummary.KEY, new EpisodeSummary(rewards[lane], lengths[lane], seconds));
        return extended;
    }
}
