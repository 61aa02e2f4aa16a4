package daumier.diffusion.nn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of packed weights, so that a large network need not be read and packed again in every
 * program. What has not been used for the longest time makes room for what is new. Whatever goes
 * wrong with the folder, weights are packed as if there were none. Thread-safe.
 */
public final class PackedCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PackedCache.class);
    private static final String ENDING = ".safetensors";

    /** A new file may take this part of what is free on the disk. */
    private static final int SHARE = 4;

    private final Path folder;
    private final long mostBytes;
    private final List<Thread> writers = new ArrayList<>();

    /**
     * @param folder made when something is kept
     * @param mostBytes of all files together
     */
    public PackedCache(Path folder, long mostBytes) {
        this.folder = folder.toAbsolutePath();
        this.mostBytes = mostBytes;
    }

    /**
     * What was kept under a name.
     *
     * @param owner tells the weights from all others, and the machine that they were packed for
     */
    Optional<PackedFile> find(String owner, NativeTensors tensors) {
        Path path = path(owner);
        Optional<PackedFile> found = PackedFile.open(path, owner, tensors);
        if (found.isPresent()) {
            try {
                Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
            } catch (IOException e) {
                LOG.debug("{} is not marked as used: {}", path, e.getMessage());
            }
        }
        return found;
    }

    /**
     * Keeps weights for the next program, in the background.
     *
     * @param blobs by layer; they must stay until this cache is closed
     */
    void keep(String owner, Map<String, PackedFile.Blob> blobs) {
        Thread writer = new Thread(() -> write(owner, blobs), "packed weights");
        writer.setDaemon(true);
        synchronized (writers) {
            writers.add(writer);
        }
        writer.start();
    }

    private void write(String owner, Map<String, PackedFile.Blob> blobs) {
        try {
            Files.createDirectories(folder);
            long bytes = blobs.values().stream().mapToLong(b -> b.bytes().limit()).sum();
            if (bytes > mostBytes || bytes > Files.getFileStore(folder).getUsableSpace() / SHARE) {
                return;
            }
            makeRoom(mostBytes - bytes);
            PackedFile.write(path(owner), owner, blobs);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Packed weights are not kept in {}: {}", folder, e.getMessage());
        }
    }

    /** Removes what was used least recently, and what programs left that were stopped. */
    private void makeRoom(long allowed) throws IOException {
        Instant yesterday = Instant.now().minusSeconds(86_400);
        List<Path> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(ENDING)) {
                    kept.add(file);
                } else if (file.toString().endsWith(PackedFile.PART)
                        && lastUse(file).isBefore(yesterday)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        kept.sort(Comparator.comparing(PackedCache::lastUse).reversed());
        long sum = 0;
        for (Path file : kept) {
            sum += Files.size(file);
            if (sum > allowed) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Instant lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path path(String owner) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(owner.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ENDING);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Waits until everything is kept. */
    @Override
    public void close() {
        List<Thread> waiting;
        synchronized (writers) {
            waiting = new ArrayList<>(writers);
            writers.clear();
        }
        try {
            for (Thread writer : waiting) {
                writer.join();
            }
        } catch (InterruptedException e) {
            waiting.forEach(Thread::interrupt); // they stop writing, and leave nothing
            waiting.forEach(PackedCache::await);
            Thread.currentThread().interrupt();
        }
    }

    /** An interrupted writer ends at once: its memory must not go before. */
    private static void await(Thread writer) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                writer.join();
                interrupted = false;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
    }
}
