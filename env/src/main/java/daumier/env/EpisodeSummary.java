package daumier.env;

/**
 * What {@link RecordEpisodeStatistics} leaves in the last info of an episode, under {@link #KEY}.
 *
 * @param totalReward the sum of its rewards
 * @param length the number of its steps
 * @param seconds how long it took, by the clock it was measured with
 */
public record EpisodeSummary(double totalReward, int length, double seconds) {
    /** The key in the info, as in Gymnasium. */
    public static final String KEY = "episode";
}
