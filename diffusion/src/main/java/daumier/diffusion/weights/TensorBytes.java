package daumier.diffusion.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns little-endian bytes of a file into flat arrays that own their memory. */
final class TensorBytes {

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
            case BF16 -> copied(manager, widenBf16(bytes, count), count, DataType.FLOAT32);
            case I64 -> copied(manager, bytes, count, DataType.INT64);
            case I32 -> copied(manager, bytes, count, DataType.INT32);
            case I16 -> copied(manager, widenI16(bytes, count), count, DataType.INT32);
            case I8 -> copied(manager, bytes, count, DataType.INT8);
            case U8 -> copied(manager, bytes, count, DataType.UINT8);
            case BOOL -> copied(manager, bytes, count, DataType.BOOLEAN);
        };
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

    /** A bfloat16 is the upper half of a float32; the engine has no such type of its own. */
    private static ByteBuffer widenBf16(ByteBuffer bytes, int count) {
        ByteBuffer source = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wide = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            wide.putInt(4 * i, source.getShort(2 * i) << 16);
        }
        return wide;
    }

    private static ByteBuffer widenI16(ByteBuffer bytes, int count) {
        ByteBuffer source = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wide = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            wide.putInt(4 * i, source.getShort(2 * i));
        }
        return wide;
    }
}
