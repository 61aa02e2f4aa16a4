package daumier.diffusion.nn;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets the virtual machine end while threads still compute.
 *
 * <p>A virtual machine that ends, by Ctrl-C, by a signal or by {@link System#exit}, does not wait
 * for threads in native code, and then runs the destructors of native libraries. Those of libtorch
 * free compiled primitives of oneDNN that a drawing thread is just executing: it jumps into freed
 * memory, and instead of its exit code the program leaves a crash report. So, where the C library
 * can do that (glibc's {@code on_exit}), the process ends without any destructor: the operating
 * system takes everything back anyway.
 */
public final class NativeExit {
    private static final Handler HANDLER = Handler.find();
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private NativeExit() {}

    /** Has the virtual machine skip native destructors whenever it ends after its hooks. */
    static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            Runtime.getRuntime().addShutdownHook(new Thread(NativeExit::arm, "native exit"));
        }
    }

    /**
     * Has this process end without native destructors from now on, with the exit code it is then
     * given. For those who are about to call {@link Runtime#halt}, which runs no hooks; harmless
     * where the C library cannot do it.
     */
    public static void arm() {
        HANDLER.register();
    }

    /**
     * What runs first of all that is registered for the end of the process, being the last that was
     * registered.
     *
     * @param onExit {@code int on_exit(void (*)(int status, void *), void *)}, or null
     * @param end {@code void _exit(int status)}, or null
     */
    private record Handler(Function onExit, Pointer end) {
        static Handler find() {
            try {
                NativeLibrary process = NativeLibrary.getProcess();
                return new Handler(process.getFunction("on_exit"), process.getFunction("_exit"));
            } catch (UnsatisfiedLinkError | NoClassDefFoundError unavailable) {
                return new Handler(null, null);
            }
        }

        void register() {
            if (onExit != null) {
                onExit.invokeInt(new Object[] {end, Pointer.NULL});
            }
        }
    }
}
