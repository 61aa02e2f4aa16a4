package daumier.tests.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/** Safetensors bytes, sound or unsound, without the code that is being tried. */
final class TensorFile {
    /** What has this many bytes or more is only claimed in the header. */
    private static final long MOST = 1 << 16;

    /** A tensor as the header names it. */
    record Entry(String name, String dtype, long[] shape) {
        private long bytes() {
            long bytes =
                    switch (dtype) {
                        case "F64", "I64" -> 8;
                        case "F16", "BF16", "I16" -> 2;
                        case "U8", "I8", "BOOL" -> 1;
                        default -> 4;
                    };
            for (long size : shape) {
                bytes = size < 0 || bytes > MOST ? MOST : bytes * Math.min(size, MOST);
            }
            return Math.min(bytes, MOST);
        }
    }

    private TensorFile() {}

    /** A file of these tensors, one after another, of random numbers. */
    static byte[] of(List<Entry> entries, String metadata, SplittableRandom random) {
        StringJoiner header = new StringJoiner(",", "{", "}");
        header.add("\"__metadata__\":{" + metadata + "}");
        long at = 0;
        for (Entry entry : entries) {
            StringJoiner shape = new StringJoiner(",", "[", "]");
            for (long size : entry.shape()) {
                shape.add(Long.toString(size));
            }
            long end = at + entry.bytes();
            header.add(
                    "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(entry.name(), entry.dtype(), shape, at, end));
            at = end;
        }
        byte[] data = new byte[Math.toIntExact(at)];
        random.nextBytes(data);
        return of(header.toString().getBytes(StandardCharsets.UTF_8), data);
    }

    /** A header of the length it has, and data. */
    static byte[] of(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }
}
