package daumier.env;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The wish to start a new episode in one lane.
 *
 * @param lane which lane
 * @param seed restarts the lane's random stream; empty lets it go on
 * @param options as for {@link Environment#reset}
 */
public record LaneReset(int lane, OptionalLong seed, Map<String, Object> options) {
    /** A seeded reset of {@code lane} without options. */
    public static LaneReset seeded(int lane, long seed) {
        return new LaneReset(lane, OptionalLong.of(seed), Map.of());
    }

    /**
     * Resets of all lanes with the same options; lane i has seed + i, as in Gymnasium.
     *
     * @param lanes how many lanes there are
     */
    public static List<LaneReset> all(int lanes, OptionalLong seed, Map<String, Object> options) {
        List<LaneReset> resets = new ArrayList<>(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            OptionalLong own = seed.isPresent() ? OptionalLong.of(seed.getAsLong() + lane) : seed;
            resets.add(new LaneReset(lane, own, options));
        }
        return resets;
    }

    /**
     * Resets of all lanes in which neighbours share a seed, so that they meet the same episodes for
     * as long as only resets draw from the lanes' random streams. Lane i has seed + i / groupSize.
     *
     * @param lanes how many lanes there are
     * @param groupSize lanes that share a seed; 0 or 1 gives each its own. The last group may be
     *     smaller
     */
    public static List<LaneReset> grouped(int lanes, int groupSize, long seed) {
        List<LaneReset> resets = new ArrayList<>(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            resets.add(seeded(lane, seed + lane / Math.max(1, groupSize)));
        }
        return resets;
    }
}
