package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Packed weights of one network in a file, to be mapped into memory instead of being read and
 * packed again. A safetensors file: {@code LAYER.packed} are a weight's bytes, filled up to a
 * multiple of {@value #ALIGNMENT}, {@code LAYER.form} tells their order; the metadata hold whose
 * weights they are, and a checksum of all forms and of the beginning of every weight.
 */
final class PackedFile implements AutoCloseable {
    /** How the names of files being written end. */
    static final String PART = ".part";

    /** Bytes of a cache line, which products read at once. */
    private static final int ALIGNMENT = 64;

    private static final String PACKED = ".packed";
    private static final String FORM = ".form";
    private static final String OWNER = "owner";
    private static final String SUM = "sum";

    /** How many bytes of each weight the checksum covers. */
    private static final int SAMPLE = 1 << 12;

    private final SafetensorsFile file;
    private final NativeTensors tensors;

    private PackedFile(SafetensorsFile file, NativeTensors tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * A weight in memory.
     *
     * @param bytes where it lies
     * @param form direct; empty where the order is the plain one
     */
    record Blob(ByteBuffer bytes, ByteBuffer form) {
        /** Numbers in their plain order. */
        static Blob plain(ByteBuffer bytes) {
            return new Blob(bytes, ByteBuffer.allocate(0));
        }
    }

    /**
     * Opens a file.
     *
     * @param owner whose weights are wanted
     * @return empty if there is none, if it holds others' weights or if it is damaged
     */
    static Optional<PackedFile> open(Path path, String owner, NativeTensors tensors) {
        SafetensorsFile file = null;
        boolean sound = false;
        try {
            file = SafetensorsFile.open(path);
            sound =
                    owner.equals(file.metadata().get(OWNER))
                            && sum(file).equals(file.metadata().get(SUM));
            return sound ? Optional.of(new PackedFile(file, tensors)) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        } finally {
            if (file != null && !sound) {
                close(file);
            }
        }
    }

    private static String sum(SafetensorsFile file) throws IOException {
        CRC32 sum = new CRC32();
        for (String name : file.names()) {
            ByteBuffer bytes = file.map(name);
            sum.update(bytes.limit(Math.min(SAMPLE, bytes.limit())));
        }
        return Long.toHexString(sum.getValue());
    }

    /**
     * The packed weight of a layer, over the mapped file.
     *
     * @param shape it must have
     * @return empty if it is not in the file
     */
    Optional<PtNDArray> load(NDManager manager, String layer, Shape shape, Precision type) {
        if (!file.has(layer + PACKED) || !file.has(layer + FORM)) {
            return Optional.empty();
        }
        try {
            return tensors.over(
                    manager, file.map(layer + PACKED), file.map(layer + FORM), shape, type);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * A plain table of float32, over the mapped file.
     *
     * @param shape it must have
     * @return empty if it is not in the file
     */
    Optional<NDArray> table(NDManager manager, String name, Shape shape) {
        long bytes = shape.size() * Float.BYTES;
        if (!file.has(name + PACKED) || file.info(name + PACKED).shape()[0] < bytes) {
            return Optional.empty();
        }
        try {
            ByteBuffer data = file.map(name + PACKED).limit(Math.toIntExact(bytes));
            return Optional.of(manager.create(data, shape, DataType.FLOAT32));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Closes the file; weights that were loaded stay. */
    @Override
    public void close() {
        close(file);
    }

    private static void close(SafetensorsFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing was written
        }
    }

    /**
     * Writes a file beside its place and then moves it there.
     *
     * @param blobs by layer
     * @throws IOException if that fails, or the thread is interrupted; nothing is left then
     */
    static void write(Path path, String owner, Map<String, Blob> blobs) throws IOException {
        Path part = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + PART);
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, header(owner, blobs));
                for (Blob blob : blobs.values()) {
                    writeFully(channel, blob.bytes().duplicate());
                    writeFully(channel, ByteBuffer.allocate(filling(blob)));
                }
                for (Blob blob : blobs.values()) {
                    writeFully(channel, blob.form().duplicate());
                }
                channel.force(true);
            }
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static int filling(Blob blob) {
        return Math.floorMod(-blob.bytes().limit(), ALIGNMENT);
    }

    private static ByteBuffer header(String owner, Map<String, Blob> blobs) {
        CRC32 sum = new CRC32();
        JsonObject tensors = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty(OWNER, owner);
        tensors.add("__metadata__", metadata);
        long at = 0;
        for (Map.Entry<String, Blob> entry : blobs.entrySet()) {
            ByteBuffer bytes = entry.getValue().bytes().duplicate();
            long length = (long) bytes.limit() + filling(entry.getValue());
            tensors.add(entry.getKey() + PACKED, tensor(at, length));
            at += length;
            // Of a short weight, with what it is filled up with.
            ByteBuffer sample = ByteBuffer.allocate((int) Math.min(SAMPLE, length));
            sample.put(bytes.limit(Math.min(SAMPLE, bytes.limit())));
            sum.update(sample.rewind());
        }
        for (Map.Entry<String, Blob> entry : blobs.entrySet()) {
            ByteBuffer form = entry.getValue().form().duplicate();
            tensors.add(entry.getKey() + FORM, tensor(at, form.limit()));
            at += form.limit();
            sum.update(form.limit(Math.min(SAMPLE, form.limit())));
        }
        metadata.addProperty(SUM, Long.toHexString(sum.getValue()));
        byte[] json = tensors.toString().getBytes(StandardCharsets.UTF_8);
        int length = json.length + Math.floorMod(-json.length - 8, ALIGNMENT);
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        return ByteBuffer.allocate(8 + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(padded)
                .flip();
    }

    private static JsonObject tensor(long begin, long length) {
        JsonArray shape = new JsonArray();
        shape.add(length);
        JsonArray offsets = new JsonArray();
        offsets.add(begin);
        offsets.add(begin + length);
        JsonObject tensor = new JsonObject();
        tensor.addProperty("dtype", "U8");
        tensor.add("shape", shape);
        tensor.add("data_offsets", offsets);
        return tensor;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        bytes.rewind();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
