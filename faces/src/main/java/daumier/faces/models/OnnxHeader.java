package daumier.faces.models;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an ONNX file says about itself without being run: inputs, outputs and its first operations.
 * Only the few fields of the protocol buffer that are needed are read (onnx.proto: ModelProto 7 is
 * the graph; GraphProto 1 node, 5 initializer, 11 input, 12 output; NodeProto 3 name, 4 op_type;
 * ValueInfoProto 1 name, 2 type); weights are skipped.
 *
 * @param inputs without the weights that old files list among them
 * @param outputs in the file's order
 * @param first types of the first operations, at most eight
 */
record OnnxHeader(List<Value> inputs, List<Value> outputs, List<Node> first) {
    private static final int FIRST = 8;

    /**
     * An input or output.
     *
     * @param name as the file calls it
     * @param shape sizes; -1 where the file leaves one open
     */
    record Value(String name, List<Long> shape) {
        /** The last size, -1 if unknown. */
        long last() {
            return shape.isEmpty() ? -1 : shape.get(shape.size() - 1);
        }

        /** Product of the sizes, open ones counted as 1. */
        long size() {
            return shape.stream().mapToLong(d -> Math.max(1, d)).reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * An operation.
     *
     * @param name as the file calls it
     * @param type for instance {@code Conv}
     */
    record Node(String name, String type) {}

    /**
     * Reads the description of a file.
     *
     * @param file an ONNX file
     * @return what it says
     * @throws IOException if it cannot be read or is no ONNX file
     */
    static OnnxHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException(file + " is larger than 2 GB; give a smaller network.");
            }
            MappedByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            ByteBuffer graph = null;
            ByteBuffer model = all.order(ByteOrder.LITTLE_ENDIAN);
            while (model.hasRemaining()) {
                Field f = Field.next(model);
                if (f.number == 7 && f.bytes != null) {
                    graph = f.bytes;
                }
            }
            if (graph == null) {
                throw new IOException(file + " holds no network; give an ONNX file.");
            }
            return graph(graph);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException(file + " is no whole ONNX file; copy it again.", e);
        }
    }

    private static OnnxHeader graph(ByteBuffer graph) {
        List<Value> inputs = new ArrayList<>();
        List<Value> outputs = new ArrayList<>();
        List<Node> first = new ArrayList<>();
        Set<String> weights = new HashSet<>();
        while (graph.hasRemaining()) {
            Field f = Field.next(graph);
            if (f.bytes == null) {
                continue;
            }
            switch (f.number) {
                case 1 -> {
                    if (first.size() < FIRST) {
                        first.add(new Node(text(f.bytes, 3), text(f.bytes, 4)));
                    }
                }
                case 5 -> weights.add(text(f.bytes, 8));
                case 11 -> inputs.add(value(f.bytes));
                case 12 -> outputs.add(value(f.bytes));
                default -> {}
            }
        }
        inputs.removeIf(v -> weights.contains(v.name()));
        return new OnnxHeader(inputs, outputs, first);
    }

    private static Value value(ByteBuffer info) {
        List<Long> shape = new ArrayList<>();
        // ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape, then each dimension.
        ByteBuffer dims = message(message(message(info, 2), 1), 2);
        while (dims.hasRemaining()) {
            Field dim = Field.next(dims);
            if (dim.number == 1 && dim.bytes != null) {
                long size = -1;
                while (dim.bytes.hasRemaining()) {
                    Field f = Field.next(dim.bytes);
                    size = f.number == 1 && f.bytes == null ? f.value : size;
                }
                shape.add(size);
            }
        }
        return new Value(text(info, 1), List.copyOf(shape));
    }

    private static ByteBuffer message(ByteBuffer in, int number) {
        ByteBuffer scan = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (scan.hasRemaining()) {
            Field f = Field.next(scan);
            if (f.number == number && f.bytes != null) {
                return f.bytes;
            }
        }
        return ByteBuffer.allocate(0);
    }

    private static String text(ByteBuffer in, int number) {
        return StandardCharsets.UTF_8.decode(message(in, number)).toString();
    }

    /** One field of a protocol buffer: a number, or bytes. */
    private record Field(int number, long value, ByteBuffer bytes) {
        static Field next(ByteBuffer in) {
            long key = varint(in);
            int number = (int) (key >>> 3);
            return switch ((int) (key & 7)) {
                case 0 -> new Field(number, varint(in), null);
                case 1 -> new Field(number, in.getLong(), null);
                case 5 -> new Field(number, in.getInt(), null);
                case 2 -> {
                    long length = varint(in);
                    if (length < 0 || length > in.remaining()) {
                        throw new BufferUnderflowException();
                    }
                    ByteBuffer bytes =
                            in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                    in.position(in.position() + (int) length);
                    yield new Field(number, 0, bytes);
                }
                default ->
                        throw new IllegalArgumentException(
                                "There is no wire type " + (key & 7) + ".");
            };
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = in.get();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("A number has more than ten bytes.");
        }
    }
}
