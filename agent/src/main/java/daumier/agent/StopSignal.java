package daumier.agent;

import java.util.concurrent.atomic.AtomicBoolean;

/** Asks a running training to stop; may be raised from any thread, Ctrl-C's for example. */
public final class StopSignal {
    private final AtomicBoolean raised = new AtomicBoolean();

    /** Asks to stop. */
    public void raise() {
        raised.set(true);
    }

    /** Whether somebody asked. */
    public boolean isRaised() {
        return raised.get();
    }
}
