package daumier.diffusion.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.zip.CRC32;

/**
 * A safetensors file (https://github.com/huggingface/safetensors), open for reading.
 *
 * <p>The data is memory-mapped one tensor at a time, in windows of at most 128 MiB, so neither the
 * file nor a tensor is bound to 2 GiB. A loaded array owns its memory: it may be written in place
 * (by an optimiser), and it outlives this file and the file on disk.
 */
public final class SafetensorsFile implements AutoCloseable {

    /** Largest window mapped at once, in bytes; a multiple of every element size. */
    private static final long WINDOW = 1L << 27;

    /** Below this, reading is cheaper than mapping. */
    private static final long SMALL = 1L << 16;

    /** How many blocks of how many bytes a file is told by. */
    private static final int SAMPLES = 64;

    private static final int SAMPLE = 1 << 12;

    private final Path path;
    private final FileChannel channel;
    private final long dataStart;
    private final SafetensorsHeader header;

    private SafetensorsFile(
            Path path, FileChannel channel, long dataStart, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * Opens a file and checks its whole header before anything is allocated for its tensors.
     *
     * @throws SafetensorsException if the file is not sound safetensors, with the reason
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(Path path) throws IOException {
        refusePickle(path);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file.");
        }
        if (!Files.isRegularFile(path)) {
            throw new SafetensorsException(path + " is not a file of weights.");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        boolean sound = false;
        try {
            long size = channel.size();
            if (size < 10) {
                throw new SafetensorsException(
                        "%s is not a safetensors file: it has only %d bytes."
                                .formatted(path, size));
            }
            ByteBuffer prefix = read(channel, 0, 9).order(ByteOrder.LITTLE_ENDIAN);
            long headerBytes = prefix.getLong(0);
            if (prefix.get(8) != '{') {
                throw new SafetensorsException(
                        path + " is not a safetensors file: no header stands at its beginning.");
            }
            if (headerBytes < 2 || headerBytes > SafetensorsHeader.MAX_BYTES) {
                throw new SafetensorsException(
                        "%s is damaged: its header claims %s bytes, and at most %d are allowed."
                                .formatted(
                                        path,
                                        Long.toUnsignedString(headerBytes),
                                        SafetensorsHeader.MAX_BYTES));
            }
            if (headerBytes > size - 8) {
                throw new SafetensorsException(
                        ("%s is cut short: its header claims %d bytes, but only %d follow; fetch"
                                        + " it again.")
                                .formatted(path, headerBytes, size - 8));
            }
            channel.position(8);
            InputStream json = new BoundedStream(Channels.newInputStream(channel), headerBytes);
            SafetensorsHeader header =
                    SafetensorsHeader.read(path.toString(), json, size - 8 - headerBytes);
            sound = true;
            return new SafetensorsFile(path, channel, 8 + headerBytes, header);
        } finally {
            if (!sound) {
                channel.close();
            }
        }
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /** The free-form strings of the header ({@code __metadata__}); empty if there are none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Names of all tensors, in the order of the header. */
    public List<String> names() {
        return List.copyOf(header.tensors().keySet());
    }

    /** Whether there is a tensor of that name. */
    public boolean has(String name) {
        return header.tensors().containsKey(name);
    }

    /**
     * What the header says of a tensor.
     *
     * @throws NoSuchElementException if there is no such tensor
     */
    public TensorInfo info(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw new NoSuchElementException(path + " has no tensor '" + name + "'.");
        }
        return info;
    }

    /**
     * Loads a tensor. F64, F16 and BF16 become FLOAT32; I16 becomes INT32; other types are kept.
     *
     * @param manager owner of the array; its device is where the array lives
     * @throws NoSuchElementException if there is no such tensor
     * @throws IOException if the file cannot be read any more
     */
    public NDArray load(NDManager manager, String name) throws IOException {
        TensorInfo info = info(name);
        Shape shape = new Shape(info.shape());
        long bytes = info.end() - info.begin();
        if (bytes == 0) {
            return manager.create(shape, TensorBytes.loadedType(info.dtype()));
        }
        try (NDManager scratch = manager.newSubManager(ai.djl.Device.cpu())) {
            NDList parts = new NDList();
            for (long at = 0; at < bytes; at += WINDOW) {
                long length = Math.min(WINDOW, bytes - at);
                parts.add(part(scratch, info.dtype(), dataStart + info.begin() + at, length));
            }
            NDArray flat = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts);
            NDArray array = flat.reshape(shape);
            if (!manager.getDevice().equals(array.getDevice())) {
                array = array.toDevice(manager.getDevice(), true);
            }
            array.attach(manager);
            return array;
        }
    }

    /**
     * Lends a tensor to a function, where that is possible as an array over the mapped file: it is
     * read as it is used, and never copied. It must not be written, nor used afterwards.
     *
     * @param manager of the array's device, where it lives for the time of the call
     * @param use given an array of floating-point numbers of the tensor's shape
     * @return what {@code use} returns
     * @throws NoSuchElementException if there is no such tensor
     * @throws IOException if the file cannot be read any more
     */
    public <T> T lend(NDManager manager, String name, Function<NDArray, T> use) throws IOException {
        TensorInfo info = info(name);
        long position = dataStart + info.begin();
        long bytes = info.end() - info.begin();
        DataType type = TensorBytes.asInFile(info.dtype());
        boolean mappable = bytes >= SMALL && bytes <= WINDOW;
        try (NDManager scratch = manager.newSubManager()) {
            if (type == null
                    || !mappable
                    || position % info.dtype().bytes() != 0
                    || scratch.getDevice().isGpu()) {
                return use.apply(load(scratch, name));
            }
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, position, bytes);
            try (NDArray array = scratch.create(mapped, new Shape(info.shape()), type)) {
                return use.apply(array);
            } finally {
                DirectMemory.free(mapped);
            }
        }
    }

    /**
     * A tensor of one floating-point number, read without an engine.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws IOException if it is not one floating-point number, or the file cannot be read
     */
    public double number(String name) throws IOException {
        TensorInfo info = info(name);
        if (info.elements() != 1 || !info.dtype().floating()) {
            throw new SafetensorsException(
                    "%s is damaged: '%s' is not a single number.".formatted(path, name));
        }
        ByteBuffer bytes =
                read(channel, dataStart + info.begin(), info.dtype().bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        return switch (info.dtype()) {
            case F64 -> bytes.getDouble(0);
            case F16 -> TensorBytes.half(bytes.getShort(0));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(0) << 16);
            default -> bytes.getFloat(0);
        };
    }

    /**
     * The bytes of a tensor over the mapped file, in the order of the machine. They are read as
     * they are used, and stay valid as long as the buffer is referenced; whoever shortens the file
     * in place meanwhile ends the program.
     *
     * @throws NoSuchElementException if there is no such tensor
     * @throws IOException if the file cannot be mapped
     */
    public ByteBuffer map(String name) throws IOException {
        TensorInfo info = info(name);
        return channel.map(
                        FileChannel.MapMode.READ_ONLY,
                        dataStart + info.begin(),
                        info.end() - info.begin())
                .order(ByteOrder.nativeOrder());
    }

    /**
     * What tells this file from all others on this machine: where it is, its size and time, and a
     * checksum of blocks all over it, for files that were put in place with an old time.
     *
     * @throws IOException if the file cannot be read any more
     */
    public String identity() throws IOException {
        long size = channel.size();
        CRC32 sum = new CRC32();
        int block = (int) Math.min(SAMPLE, size);
        for (int i = 0; i < SAMPLES; i++) {
            sum.update(read(channel, (size - block) / (SAMPLES - 1) * i, block));
        }
        return "%s %d %s %08x"
                .formatted(
                        path.toRealPath(), size, Files.getLastModifiedTime(path), sum.getValue());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private NDArray part(NDManager scratch, Dtype dtype, long position, long length)
            throws IOException {
        boolean aligned = position % dtype.bytes() == 0;
        if (length < SMALL || !aligned) {
            return TensorBytes.toArray(scratch, dtype, read(channel, position, length));
        }
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, position, length);
        try {
            return TensorBytes.toArray(scratch, dtype, mapped);
        } finally {
            DirectMemory.free(mapped);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, long length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(length));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("The file of weights became shorter while it was read.");
            }
        }
        return buffer.flip();
    }

    private static void refusePickle(Path path) throws SafetensorsException {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (Pickles.isPickle(name)) {
            throw Pickles.refusal(path);
        }
    }
}
