package daumier.env;

import java.util.Map;
import java.util.OptionalLong;

/**
 * An environment around another one, which passes everything through until a subclass changes it.
 *
 * @param <A> type of an action
 */
public abstract class EnvironmentWrapper<A> implements Environment<A> {
    private final Environment<A> inner;

    /** Wraps {@code inner}, which is closed with this one. */
    protected EnvironmentWrapper(Environment<A> inner) {
        this.inner = inner;
    }

    /** The wrapped environment. */
    public final Environment<A> inner() {
        return inner;
    }

    @Override
    public Box observationSpace() {
        return inner.observationSpace();
    }

    @Override
    public Space<A> actionSpace() {
        return inner.actionSpace();
    }

    @Override
    public ResetResult reset(OptionalLong seed, Map<String, Object> options) {
        return inner.reset(seed, options);
    }

    @Override
    public StepResult step(A action) {
        return inner.step(action);
    }

    @Override
    public void close() {
        inner.close();
    }
}
