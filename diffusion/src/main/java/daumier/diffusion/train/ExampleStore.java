package daumier.diffusion.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Training examples on disk: pictures with their captions and, if there are any, condition maps, as
 * bytes. Reading goes through the page cache, so a store may be larger than the heap. Writing may
 * stop and go on: what is whole is kept.
 */
public final class ExampleStore implements AutoCloseable {
    private static final String DATA = "examples.bin";
    private static final String CAPTIONS = "captions.txt";

    private final FileChannel data;
    private final Path captionFile;
    private final List<String> captions;
    private final int size;
    private final int conditionChannels;

    private ExampleStore(
            FileChannel data,
            Path captionFile,
            List<String> captions,
            int size,
            int conditionChannels) {
        this.data = data;
        this.captionFile = captionFile;
        this.captions = captions;
        this.size = size;
        this.conditionChannels = conditionChannels;
    }

    /**
     * Opens a store, or begins one.
     *
     * @param folder where it lies; made if absent
     * @param size height and width of pictures and maps in pixels
     * @param conditionChannels channels of the condition map; 0 for none
     */
    public static ExampleStore open(Path folder, int size, int conditionChannels)
            throws IOException {
        Files.createDirectories(folder);
        Path captionFile = folder.resolve(CAPTIONS);
        if (!Files.exists(captionFile)) {
            Files.createFile(captionFile);
        }
        List<String> captions = new java.util.ArrayList<>(Files.readAllLines(captionFile));
        FileChannel data =
                FileChannel.open(
                        folder.resolve(DATA),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        ExampleStore store = new ExampleStore(data, captionFile, captions, size, conditionChannels);
        store.keepWhole();
        return store;
    }

    /** Drops what a stopped writer left half done. */
    private void keepWhole() throws IOException {
        int whole = (int) Math.min(captions.size(), data.size() / recordBytes());
        if (whole < captions.size()) {
            captions.subList(whole, captions.size()).clear();
            Files.write(captionFile, captions);
        }
        data.truncate(whole * recordBytes());
    }

    private long recordBytes() {
        return (3L + conditionChannels) * size * size;
    }

    /** How many examples there are. */
    public int count() {
        return captions.size();
    }

    /** Height and width of a picture in pixels. */
    public int size() {
        return size;
    }

    /** Channels of a condition map. */
    public int conditionChannels() {
        return conditionChannels;
    }

    /** The caption of example {@code i}. */
    public String caption(int i) {
        return captions.get(i);
    }

    /**
     * Adds an example at the end.
     *
     * @param image (3, size, size) in [-1, 1]
     * @param caption one line
     * @param condition (conditionChannels, size, size) in [0, 1]
     */
    public void add(float[] image, String caption, float[] condition) throws IOException {
        ByteBuffer record = ByteBuffer.allocate((int) recordBytes());
        for (float v : image) {
            record.put((byte) Math.round(Math.max(0, Math.min(255, (v + 1) * 127.5f))));
        }
        for (float v : condition) {
            record.put((byte) Math.round(Math.max(0, Math.min(255, v * 255f))));
        }
        record.flip();
        long at = captions.size() * recordBytes();
        while (record.hasRemaining()) {
            at += data.write(record, at);
        }
        try (BufferedWriter writer =
                Files.newBufferedWriter(
                        captionFile, StandardCharsets.UTF_8, StandardOpenOption.APPEND)) {
            writer.write(caption + "\n");
        }
        captions.add(caption);
    }

    /**
     * Reads picture {@code i} into {@code out} from {@code offset}, as (3, size, size) in [-1, 1].
     */
    public void readImage(int i, float[] out, int offset) throws IOException {
        byte[] bytes = read(i * recordBytes(), 3 * size * size);
        for (int k = 0; k < bytes.length; k++) {
            out[offset + k] = (bytes[k] & 0xff) / 127.5f - 1f;
        }
    }

    /**
     * Reads condition map {@code i} into {@code out} from {@code offset}, as (channels, size, size)
     * in [0, 1].
     */
    public void readCondition(int i, float[] out, int offset) throws IOException {
        byte[] bytes = read(i * recordBytes() + 3L * size * size, conditionChannels * size * size);
        for (int k = 0; k < bytes.length; k++) {
            out[offset + k] = (bytes[k] & 0xff) / 255f;
        }
    }

    private byte[] read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            int n = data.read(buffer, position + buffer.position());
            if (n < 0) {
                throw new IOException(
                        "The example store ends too early; delete it and render it again.");
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
