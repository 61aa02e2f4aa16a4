package daumier.agent;

/**
 * How a {@link LaneLearner} collects experience.
 *
 * @param rolloutSteps steps of each lane in an iteration
 * @param gamma discount, in [0, 1]
 * @param normalizeObservations whether observations are brought to mean 0 and variance 1
 * @param observationClip normalised observations lie in [-clip, clip]
 * @param normalizeRewards whether rewards are divided by the spread of the return
 * @param rewardClip normalised rewards lie in [-clip, clip]
 * @param freshEpisodes whether each iteration starts new episodes (a resumed run is then the same
 *     bit by bit) instead of going on with those under way
 * @param groupSize how many lanes meet the same episodes, so that each is judged against the others
 *     ({@link LeaveOneOut}); 0 or 1 for none. Needs fresh episodes
 */
public record CollectConfig(
        int rolloutSteps,
        double gamma,
        boolean normalizeObservations,
        double observationClip,
        boolean normalizeRewards,
        double rewardClip,
        boolean freshEpisodes,
        int groupSize) {
    /** Checks the ranges. */
    public CollectConfig {
        if (rolloutSteps < 1) {
            throw new IllegalArgumentException("An iteration needs at least one step.");
        }
        if (!(gamma >= 0 && gamma <= 1)) {
            throw new IllegalArgumentException("Gamma lies in [0, 1], not " + gamma + ".");
        }
        if (!(observationClip > 0 && rewardClip > 0)) {
            throw new IllegalArgumentException("Clips are above 0.");
        }
        if (groupSize < 0 || (groupSize > 1 && !freshEpisodes)) {
            throw new IllegalArgumentException(
                    "Groups have no negative size, and begin with fresh episodes.");
        }
    }
}
