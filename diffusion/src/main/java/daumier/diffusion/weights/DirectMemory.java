package daumier.diffusion.weights;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;

/**
 * Gives mapped windows and direct buffers back at once. Without this they would stay counted in the
 * resident memory, beside the arrays made of them, until the next garbage collection.
 */
final class DirectMemory {

    private DirectMemory() {}

    /**
     * Frees the buffer, or leaves it to the garbage collector on a JVM that offers no way. It must
     * not be touched afterwards.
     */
    static void free(ByteBuffer buffer) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Method cleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
            cleaner.invoke(instance.get(null), buffer);
        } catch (ReflectiveOperationException unavailable) {
            if (unavailable instanceof InvocationTargetException failed
                    && failed.getCause() instanceof Error error) {
                throw error;
            }
        }
    }
}
