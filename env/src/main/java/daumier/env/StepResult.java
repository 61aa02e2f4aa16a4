package daumier.env;

import java.util.Map;

/**
 * What a step gives.
 *
 * @param observation the observation reached, the last one of the episode included
 * @param reward the reward of this step
 * @param terminated the task itself has ended: no reward can follow
 * @param truncated the episode was cut from outside, by a time limit for example: reward would have
 *     followed, so a learner must bootstrap from {@code observation}
 * @param info anything worth knowing beside it, such as the terms of the reward
 */
public record StepResult(
        double[] observation,
        double reward,
        boolean terminated,
        boolean truncated,
        Map<String, Object> info) {
    /** Whether the episode is over, for whatever reason. */
    public boolean ended() {
        return terminated || truncated;
    }
}
