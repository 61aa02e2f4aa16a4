package daumier.diffusion.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes safetensors files. */
public final class SafetensorsWriter {

    /** Elements converted at a time, so that a large tensor needs no second copy of itself. */
    private static final long CHUNK = 1L << 22;

    private SafetensorsWriter() {}

    /**
     * Writes a file beside its place and then moves it there, so that a reader sees the old file or
     * the whole new one. The same tensors give the same bytes.
     *
     * @param path the file; its folder must exist
     * @param tensors arrays by name; written in iteration order, wider element types first so that
     *     every tensor is aligned
     * @param metadata free-form strings for the header; may be empty
     * @param floatType F32, F16 or BF16: how floating-point arrays are stored (rounded to nearest
     *     even); integer arrays keep their type
     * @throws IllegalArgumentException if floatType is another type, or an array has a type the
     *     format lacks
     * @throws IOException if the file cannot be written; the old file is then untouched
     */
    public static void write(
            Path path, Map<String, NDArray> tensors, Map<String, String> metadata, Dtype floatType)
            throws IOException {
        if (floatType != Dtype.F32 && floatType != Dtype.F16 && floatType != Dtype.BF16) {
            throw new IllegalArgumentException(
                    "Floating-point tensors are written as F32, F16 or BF16, not " + floatType);
        }
        List<Entry> entries = new ArrayList<>();
        tensors.forEach((name, array) -> entries.add(Entry.of(name, array, floatType)));
        entries.sort(Comparator.comparingInt((Entry e) -> e.dtype().bytes()).reversed());
        byte[] header = header(entries, metadata);
        Path target = path.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer prefix =
                        ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, prefix.putLong(header.length).put(header).flip());
                for (Entry entry : entries) {
                    writeData(channel, entry);
                }
                channel.force(true);
            }
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static byte[] header(List<Entry> entries, Map<String, String> metadata)
            throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setHtmlSafe(false);
            json.beginObject();
            if (!metadata.isEmpty()) {
                json.name("__metadata__").beginObject();
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.name(entry.getKey()).value(entry.getValue());
                }
                json.endObject();
            }
            long position = 0;
            for (Entry entry : entries) {
                json.name(entry.name()).beginObject();
                json.name("dtype").value(entry.dtype().name());
                json.name("shape").beginArray();
                for (long size : entry.array().getShape().getShape()) {
                    json.value(size);
                }
                json.endArray();
                long end = position + entry.array().size() * entry.dtype().bytes();
                json.name("data_offsets").beginArray().value(position).value(end).endArray();
                json.endObject();
                position = end;
            }
            json.endObject();
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = new byte[(bytes.length + 7) / 8 * 8];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(bytes, 0, padded, 0, bytes.length);
        return padded;
    }

    private static void writeData(FileChannel channel, Entry entry) throws IOException {
        NDArray array = entry.array();
        long size = array.size();
        if (size == 0) {
            return;
        }
        NDArray flat = array.reshape(size);
        try {
            for (long at = 0; at < size; at += CHUNK) {
                long end = Math.min(size, at + CHUNK);
                try (NDArray chunk = flat.get(new NDIndex("{}:{}", at, end));
                        NDArray local = chunk.toDevice(Device.cpu(), false)) {
                    writeFully(channel, encode(local, entry.dtype()));
                }
            }
        } finally {
            flat.close();
        }
    }

    private static ByteBuffer encode(NDArray chunk, Dtype dtype) {
        return switch (dtype) {
            case F32 -> converted(chunk, DataType.FLOAT32);
            case F16 -> converted(chunk, DataType.FLOAT16);
            case BF16 -> narrowToBf16(converted(chunk, DataType.FLOAT32));
            default -> chunk.toByteBuffer();
        };
    }

    private static ByteBuffer converted(NDArray chunk, DataType type) {
        if (chunk.getDataType() == type) {
            return chunk.toByteBuffer();
        }
        try (NDArray typed = chunk.toType(type, true)) {
            return typed.toByteBuffer();
        }
    }

    private static ByteBuffer narrowToBf16(ByteBuffer floats) {
        IntBuffer source = floats.order(ByteOrder.nativeOrder()).asIntBuffer();
        int[] bits = new int[source.remaining()];
        source.get(bits);
        ByteBuffer narrow = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bits.length; i++) {
            narrow.putShort(2 * i, bf16Bits(bits[i]));
        }
        return narrow;
    }

    /** The upper half of a float32, rounded to nearest even; a NaN stays a NaN. */
    static short bf16Bits(int bits) {
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int halfway = 0x7fff + ((bits >>> 16) & 1);
        return (short) ((bits + halfway) >>> 16);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private record Entry(String name, NDArray array, Dtype dtype) {

        static Entry of(String name, NDArray array, Dtype floatType) {
            if (name.equals("__metadata__")) {
                throw new IllegalArgumentException("No tensor may be called __metadata__");
            }
            return new Entry(name, array, stored(name, array.getDataType(), floatType));
        }

        private static Dtype stored(String name, DataType type, Dtype floatType) {
            return switch (type) {
                case FLOAT32, FLOAT64, FLOAT16 -> floatType;
                case INT64 -> Dtype.I64;
                case INT32 -> Dtype.I32;
                case INT8 -> Dtype.I8;
                case UINT8 -> Dtype.U8;
                case BOOLEAN -> Dtype.BOOL;
                default ->
                        throw new IllegalArgumentException(
                                "Tensor '%s' has the type %s, which is not written"
                                        .formatted(name, type));
            };
        }
    }
}
