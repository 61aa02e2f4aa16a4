package daumier.env;

import java.util.List;
import java.util.Map;

/**
 * What one step of all lanes gives. Nothing about the end of an episode is hidden in an info.
 *
 * @param observations (lanes, size): what the next action is to be chosen from; after {@link
 *     AutoresetMode#SAME_STEP} the first observation of the next episode
 * @param rewards one a lane
 * @param terminated lanes whose task ended with this step
 * @param truncated lanes whose episode was cut off with this step
 * @param infos the info of this very step, one a lane, the last one of an episode included
 * @param finalObservations (lanes, size): the observation this very step reached, before any
 *     autoreset; the same array as in {@code observations} where no episode ended. Bootstrap from
 *     these.
 * @param resetInfos the infos of the resets that {@link AutoresetMode#SAME_STEP} made; empty maps
 *     elsewhere
 * @param parked lanes that took no step because their episode had ended before ({@link
 *     AutoresetMode#DISABLED} only)
 */
public record VectorStep(
        double[][] observations,
        double[] rewards,
        boolean[] terminated,
        boolean[] truncated,
        List<Map<String, Object>> infos,
        double[][] finalObservations,
        List<Map<String, Object>> resetInfos,
        boolean[] parked) {
    /** Number of lanes. */
    public int lanes() {
        return rewards.length;
    }

    /** Whether the episode of {@code lane} ended with this step. */
    public boolean ended(int lane) {
        return terminated[lane] || truncated[lane];
    }

    /** Lanes whose episode ended with this step. */
    public boolean[] ended() {
        boolean[] ended = new boolean[rewards.length];
        for (int i = 0; i < ended.length; i++) {
            ended[i] = ended(i);
        }
        return ended;
    }

    /** This step with other observations. */
    public VectorStep withObservations(double[][] replaced, double[][] replacedFinal) {
        return new VectorStep(
                replaced, rewards, terminated, truncated, infos, replacedFinal, resetInfos, parked);
    }

    /** This step with other rewards. */
    public VectorStep withRewards(double[] replaced) {
        return new VectorStep(
                observations,
                replaced,
                terminated,
                truncated,
                infos,
                finalObservations,
                resetInfos,
                parked);
    }

    /** This step with other infos. */
    public VectorStep withInfos(List<Map<String, Object>> replaced) {
        return new VectorStep(
                observations,
                rewards,
                terminated,
                truncated,
                replaced,
                finalObservations,
                resetInfos,
                parked);
    }
}
