package daumier.env;

import java.util.List;

/**
 * A vector environment around another one, which passes everything through until a subclass changes
 * it.
 *
 * @param <A> type of one lane's action
 */
public abstract class VectorWrapper<A> implements VectorEnvironment<A> {
    private final VectorEnvironment<A> inner;

    /** Wraps {@code inner}, which is closed with this one. */
    protected VectorWrapper(VectorEnvironment<A> inner) {
        this.inner = inner;
    }

    @Override
    public int lanes() {
        return inner.lanes();
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
    public AutoresetMode autoresetMode() {
        return inner.autoresetMode();
    }

    @Override
    public VectorReset reset(List<LaneReset> resets) {
        return inner.reset(resets);
    }

    @Override
    public VectorStep step(List<A> actions) {
        return inner.step(actions);
    }

    @Override
    public void close() {
        inner.close();
    }
}
