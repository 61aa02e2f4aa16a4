package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Truncates an episode after a number of steps. A step that terminates by itself at the limit is
 * reported as both, as Gymnasium does.
 *
 * @param <A> type of an action
 */
public final class TimeLimit<A> extends EnvironmentWrapper<A> {
    private final int limit;
    private int steps;

    /**
     * Wraps {@code inner}.
     *
     * @param limit steps in an episode at most, at least 1
     */
    public TimeLimit(Environment<A> inner, int limit) {
        super(inner);
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "A time limit is at least one step, not " + limit + ".");
        }
        this.limit = limit;
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        steps = 0;
        return super.reset(seed, options);
    }

    @Override
    public StepResult step(A action) {
        StepResult result = super.step(action);
        steps++;
        return new StepResult(
                result.observation(),
                result.reward(),
                result.terminated(),
                result.truncated() || steps >= limit,
                result.info());
    }
}
