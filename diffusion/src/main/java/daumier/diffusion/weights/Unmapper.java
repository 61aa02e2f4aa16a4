package daumier.diffusion.weights;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Gives a mapped window back at once. Without this the windows of a large file would stay counted
 * in the resident memory, beside the arrays made of them, until the next garbage collection.
 */
final class Unmapper {

    private Unmapper() {}

    /** Unmaps the buffer, or leaves it to the garbage collector on a JVM that offers no way. */
    static void unmap(ByteBuffer mapped) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Method cleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
            cleaner.invoke(instance.get(null), mapped);
        } catch (ReflectiveOperationException unavailable) {
            if (unavailable instanceof InvocationTargetException failed
                    && failed.getCause() instanceof Error error) {
                throw error;
            }
        }
    }
}
