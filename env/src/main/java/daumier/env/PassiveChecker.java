package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Checks every result while the environment is in use: observations in their space, finite rewards,
 * actions in theirs.
 *
 * @param <A> type of an action
 */
public final class PassiveChecker<A> extends EnvironmentWrapper<A> {
    /** Wraps {@code inner}. */
    public PassiveChecker(Environment<A> inner) {
        super(inner);
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        ResetResult result = super.reset(seed, options);
        ContractChecks.reset(observationSpace(), result);
        return result;
    }

    @Override
    public StepResult step(A action) {
        if (!actionSpace().contains(action)) {
            throw new EnvironmentContractException(
                    "The action is not in the action space of " + actionSpace().describe() + ".");
        }
        StepResult result = super.step(action);
        ContractChecks.step(observationSpace(), result);
        return result;
    }
}
