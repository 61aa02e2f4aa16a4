package daumier.agent;

/**
 * Chooses actions for lanes of episodes from raw observations, as the environment gives them: a
 * policy that normalises keeps its statistics within.
 */
@FunctionalInterface
public interface Policy {
    /**
     * One action a lane.
     *
     * @param observations (lanes, size); the number of lanes is the same in every call until all
     *     lanes start anew
     * @param episodeStarts lanes whose episode begins with this observation; a policy with memory
     *     forgets what it knew of them
     * @param deterministic the most likely action instead of a drawn one
     * @return (lanes, action size), each within the bounds of the action space
     */
    double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic);
}
