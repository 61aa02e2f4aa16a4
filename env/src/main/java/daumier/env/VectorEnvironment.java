package daumier.env;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Several episodes of one task side by side, stepped together so that they can share expensive
 * work. A lane behaves as an {@link Environment} does; {@link #autoresetMode()} says what happens
 * at the end of its episode.
 *
 * @param <A> type of one lane's action
 */
public interface VectorEnvironment<A> extends AutoCloseable {
    /** Number of lanes. */
    int lanes();

    /** Where the observations of one lane lie. */
    Box observationSpace();

    /** Where the actions of one lane lie. */
    Space<A> actionSpace();

    /** What happens at the end of an episode. */
    AutoresetMode autoresetMode();

    /** Starts new episodes in the named lanes; the others go on untouched. */
    VectorReset reset(List<LaneReset> resets);

    /**
     * Starts a new episode in every lane.
     *
     * @param seed lane i is seeded with seed + i; empty lets the random streams go on
     */
    default VectorReset reset(OptionalLong seed, Map<String, Object> options) {
        return reset(LaneReset.all(lanes(), seed, options));
    }

    /**
     * Takes one step in every lane.
     *
     * @param actions one a lane; for a parked lane anything, {@code null} included
     */
    VectorStep step(List<A> actions);

    @Override
    void close();
}
