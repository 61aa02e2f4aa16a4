package daumier.faces.nets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Rendered portraits on disk, all of one size, so that pictures are drawn once and read many times.
 * A file that was cut short by an interruption is continued where it ended. Reading is thread-safe.
 */
final class PortraitStore implements AutoCloseable {
    private static final int PICTURE = 3 * Augmentation.PIXELS;
    private static final int CHUNK = 32;
    private final FileChannel channel;
    private final boolean drawn;
    private final boolean mask;
    private final int shapeSize;
    private final int recordSize;

    private PortraitStore(FileChannel channel, boolean drawn, boolean mask, int shapeSize) {
        this.channel = channel;
        this.drawn = drawn;
        this.mask = mask;
        this.shapeSize = shapeSize;
        recordSize =
                PICTURE * (drawn ? 2 : 1)
                        + (mask ? Augmentation.PIXELS : 0)
                        + 4 * (136 + shapeSize + 2);
    }

    /**
     * Opens a store and renders what it lacks.
     *
     * @param file where it lies
     * @param like shows whether portraits have a drawing and a mask, and the size of the shape
     * @param count how many portraits there must be
     * @param renderer makes portrait {@code i}; must depend on {@code i} alone
     * @param threads that render
     * @param progress hears how far it is
     * @throws IOException if the file cannot be read or written
     */
    static PortraitStore open(
            Path file,
            Portrait like,
            int count,
            IntFunction<Portrait> renderer,
            int threads,
            TrainingProgress progress)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        PortraitStore store =
                new PortraitStore(
                        channel, like.drawn() != null, like.mask() != null, like.shape().length);
        ExecutorService pool =
                Executors.newFixedThreadPool(
                        threads,
                        r -> {
                            Thread t = new Thread(r, "renders");
                            t.setDaemon(true);
                            return t;
                        });
        try {
            int done = store.size();
            while (done < count) {
                int end = Math.min(count, done + CHUNK);
                List<Future<Portrait>> chunk = new ArrayList<>();
                for (int i = done; i < end; i++) {
                    int index = i;
                    chunk.add(pool.submit(() -> renderer.apply(index)));
                }
                for (Future<Portrait> f : chunk) {
                    store.append(done++, f.get());
                }
                progress.report(
                        "renders",
                        done / (double) count,
                        "%s: %d of %d".formatted(file.getFileName(), done, count));
            }
            return store;
        } catch (ExecutionException e) {
            channel.close();
            throw new IllegalStateException("A portrait could not be rendered.", e.getCause());
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new IOException("Rendering was interrupted; start again to go on.", e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** How many whole portraits there are. */
    int size() {
        try {
            return (int) (channel.size() / recordSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(int index, Portrait p) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(recordSize);
        b.put(p.photo());
        if (drawn) {
            b.put(p.drawn());
        }
        if (mask) {
            b.put(p.mask());
        }
        for (float v : p.landmarks()) {
            b.putFloat(v);
        }
        for (float v : p.shape()) {
            b.putFloat(v);
        }
        b.putInt(p.person()).putInt(p.artist()).flip();
        long at = (long) index * recordSize;
        while (b.hasRemaining()) {
            at += channel.write(b, at);
        }
    }

    /** Portrait {@code index}. */
    Portrait get(int index) {
        ByteBuffer b = ByteBuffer.allocate(recordSize);
        long at = (long) index * recordSize;
        try {
            while (b.hasRemaining()) {
                int n = channel.read(b, at + b.position());
                if (n < 0) {
                    throw new IndexOutOfBoundsException("There is no portrait " + index + ".");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        b.flip();
        byte[] photo = bytes(b, PICTURE);
        byte[] drawing = drawn ? bytes(b, PICTURE) : null;
        byte[] person = mask ? bytes(b, Augmentation.PIXELS) : null;
        float[] landmarks = floats(b, 136);
        float[] shape = floats(b, shapeSize);
        return new Portrait(photo, drawing, person, landmarks, shape, b.getInt(), b.getInt());
    }

    private static byte[] bytes(ByteBuffer b, int n) {
        byte[] out = new byte[n];
        b.get(out);
        return out;
    }

    private static float[] floats(ByteBuffer b, int n) {
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = b.getFloat();
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
