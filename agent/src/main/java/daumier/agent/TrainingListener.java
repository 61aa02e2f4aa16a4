package daumier.agent;

import java.util.Map;
import java.util.SortedMap;

/** Is told how a training goes on, in the thread that trains. */
public interface TrainingListener {
    /** One that does not listen. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * After each step of all lanes.
     *
     * @param steps environment steps so far, all lanes and earlier runs together
     */
    default void onStep(long steps) {}

    /**
     * At the end of each episode. After a stop within an iteration the learner goes back to the end
     * of the last whole one, so episodes beyond its {@link Learner#steps()} will be played again.
     */
    default void onEpisode(Episode episode) {}

    /** After each iteration, when the learner may be checkpointed. */
    default void onIteration(Iteration iteration) {}

    /**
     * An episode that has ended.
     *
     * @param number counted from 1
     * @param steps environment steps at its end, as in {@link #onStep}
     * @param lane where it was played
     * @param totalReward sum of its raw rewards
     * @param length number of its steps
     * @param seconds wall time
     * @param info the info of its last step
     */
    record Episode(
            long number,
            long steps,
            int lane,
            double totalReward,
            int length,
            double seconds,
            Map<String, Object> info) {}

    /**
     * An iteration that is done.
     *
     * @param number counted from 1
     * @param steps environment steps so far
     * @param metrics by stable-baselines3's names, such as {@code rollout/ep_rew_mean}
     * @param learner may be asked for a checkpoint or a policy now
     */
    record Iteration(
            long number, long steps, SortedMap<String, Double> metrics, Learner<?> learner) {}
}
