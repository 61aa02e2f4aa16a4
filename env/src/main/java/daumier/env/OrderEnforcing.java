package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Refuses a step before the first reset, after the end of an episode, and anything after closing.
 *
 * @param <A> type of an action
 */
public final class OrderEnforcing<A> extends EnvironmentWrapper<A> {
    private enum State {
        NEW("Call reset before the first step."),
        RUNNING(""),
        ENDED("The episode has ended: call reset before the next step."),
        CLOSED("The environment is closed: make a new one.");

        private final String advice;

        State(String advice) {
            this.advice = advice;
        }
    }

    private State state = State.NEW;

    /** Wraps {@code inner}. */
    public OrderEnforcing(Environment<A> inner) {
        super(inner);
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        if (state == State.CLOSED) {
            throw new EnvironmentContractException(state.advice);
        }
        ResetResult result = super.reset(seed, options);
        state = State.RUNNING;
        return result;
    }

    @Override
    public StepResult step(A action) {
        if (state != State.RUNNING) {
            throw new EnvironmentContractException(state.advice);
        }
        StepResult result = super.step(action);
        if (result.ended()) {
            state = State.ENDED;
        }
        return result;
    }

    @Override
    public void close() {
        state = State.CLOSED;
        super.close();
    }
}
