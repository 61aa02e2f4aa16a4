package daumier.cli.console;

import daumier.diffusion.nn.NativeExit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A polite Ctrl-C: the first one asks the work to stop at its next good moment, the second one ends
 * the program at once. While none is open, Ctrl-C ends the program as usual.
 *
 * <p>The signal class of the JDK is reached by reflection: it is outside the standard API, and a
 * virtual machine without it merely loses the politeness.
 */
public final class Interrupts implements AutoCloseable {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Object previous;

    private Interrupts(Runnable first) {
        previous =
                handle(
                        () -> {
                            if (requested.getAndSet(true)) {
                                NativeExit.arm();
                                Runtime.getRuntime().halt(130);
                            }
                            first.run();
                        });
    }

    /**
     * Listens for Ctrl-C until closed.
     *
     * @param first what to do at once at the first one, for instance say that it was heard
     * @return the listener; ask {@link #requested()} at every good moment to stop
     */
    public static Interrupts listen(Runnable first) {
        return new Interrupts(first);
    }

    /**
     * Whether Ctrl-C was pressed since this was opened.
     *
     * @return true when the work should save itself and stop
     */
    public boolean requested() {
        return requested.get();
    }

    @Override
    public void close() {
        if (previous != null) {
            install(previous);
        }
    }

    private static Object handle(Runnable action) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(
                            Interrupts.class.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            action.run();
                                            yield null;
                                        }
                                        case "equals" -> proxy == arguments[0];
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "Interrupts";
                                    });
            return install(handler);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static Object install(Object handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            return signal.getMethod("handle", signal, type).invoke(null, interrupt, handler);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            return null; // no signals here, or the machine keeps this one to itself
        }
    }
}
