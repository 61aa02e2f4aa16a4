package daumier.agent;

import daumier.env.VectorEnvironment;
import java.util.Map;

/**
 * Improves a policy by experience.
 *
 * @param <A> type of one lane's action
 */
public interface Learner<A> {
    /**
     * Trains until {@link #steps()} has reached {@code until}, in whole iterations.
     *
     * @param environment lanes in {@link daumier.env.AutoresetMode#SAME_STEP}, with raw
     *     observations and rewards; not closed
     * @param until environment steps in all, those of earlier runs included
     */
    TrainingOutcome train(
            VectorEnvironment<A> environment,
            long until,
            TrainingListener listener,
            StopSignal stop);

    /** The policy as it stands, unaffected by further training, with its normaliser frozen. */
    Policy policy();

    /** Environment steps so far, all lanes together. */
    long steps();

    /**
     * Everything needed to use the policy or to go on exactly where it stands.
     *
     * @param provenance added to the file in the caller's own words
     */
    PolicyBundle checkpoint(Map<String, String> provenance);
}
