package daumier.diffusion.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/** Turns little-endian bytes of a file into flat arrays that own their memory. */
final class TensorBytes {

    /** Elements converted at a time: small enough for the cache. */
    private static final int BLOCK = 1 << 13;

    private TensorBytes() {}

    /** The type a tensor of the file has once it is loaded. */
    static DataType loadedType(Dtype dtype) {
        return switch (dtype) {
            case F64, F32, F16, BF16 -> DataType.FLOAT32;
            case I64 -> DataType.INT64;
            case I32, I16 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }

    /** The engine's type that has the same bytes as the file's; null if there is none. */
    static DataType asInFile(Dtype dtype) {
        return switch (dtype) {
            case F32 -> DataType.FLOAT32;
            case F16 -> DataType.FLOAT16;
            default -> null;
        };
    }

    /**
     * Copies a buffer into a new flat array.
     *
     * @param bytes a direct buffer at position 0, aligned to the element size
     */
    static NDArray toArray(NDManager manager, Dtype dtype, ByteBuffer bytes) {
        int count = bytes.remaining() / dtype.bytes();
        return switch (dtype) {
            case F32 -> copied(manager, bytes, count, DataType.FLOAT32);
            case F16 -> converted(manager, bytes, count, DataType.FLOAT16);
            case F64 -> converted(manager, bytes, count, DataType.FLOAT64);
            case BF16 -> widened(manager, bytes, count, 16, DataType.FLOAT32);
            case I64 -> copied(manager, bytes, count, DataType.INT64);
            case I32 -> copied(manager, bytes, count, DataType.INT32);
            case I16 -> widened(manager, bytes, count, 0, DataType.INT32);
            case I8 -> copied(manager, bytes, count, DataType.INT8);
            case U8 -> copied(manager, bytes, count, DataType.UINT8);
            case BOOL -> copied(manager, bytes, count, DataType.BOOLEAN);
        };
    }

    /** The value of an IEEE 754 half-precision number. */
    static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24f;
                    case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> (1024 + fraction) * (float) Math.scalb(1.0, exponent - 25);
                };
        return bits < 0 ? -size : size;
    }

    private static NDArray copied(NDManager manager, ByteBuffer bytes, int count, DataType type) {
        // An array made of a direct buffer borrows its memory; the duplicate is the engine's own.
        try (NDArray borrowed = manager.create(bytes, new Shape(count), type)) {
            return borrowed.duplicate();
        }
    }

    private static NDArray converted(
            NDManager manager, ByteBuffer bytes, int count, DataType type) {
        try (NDArray borrowed = manager.create(bytes, new Shape(count), type)) {
            return borrowed.toType(DataType.FLOAT32, true);
        }
    }

    /**
     * Two bytes to four. A bfloat16 is the upper half of a float32: it moves up by 16 bits; the
     * engine has no such type of its own. A short keeps its place and its sign.
     */
    private static NDArray widened(
            NDManager manager, ByteBuffer bytes, int count, int shift, DataType type) {
        ByteBuffer wide = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder());
        ShortBuffer source = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        IntBuffer target = wide.asIntBuffer();
        short[] narrow = new short[Math.min(count, BLOCK)];
        int[] broad = new int[narrow.length];
        for (int at = 0; at < count; at += BLOCK) {
            int length = Math.min(BLOCK, count - at);
            source.get(narrow, 0, length);
            for (int i = 0; i < length; i++) {
                broad[i] = narrow[i] << shift;
            }
            target.put(broad, 0, length);
        }
        try {
            return copied(manager, wide, count, type);
        } finally {
            DirectMemory.free(wide);
        }
    }
}
