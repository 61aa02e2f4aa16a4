package daumier.cli.run;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are either the old version or the whole new one, never a part. */
public final class AtomicFiles {
    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Contents {
        /**
         * Writes everything.
         *
         * @param out buffered; closed by the caller
         * @throws IOException when it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFiles() {}

    /**
     * Writes a file beside its place and moves it there.
     *
     * @param file where it belongs; missing folders are made
     * @param contents what it holds
     * @throws IOException when it cannot be written; an older version is then still there
     */
    public static void write(Path file, Contents contents) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        Files.createDirectories(folder);
        Path beside = Files.createTempFile(folder, "." + absolute.getFileName(), ".part");
        try {
            // A temporary file is private to its owner; the finished one follows the umask.
            Files.delete(beside);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(beside))) {
                contents.writeTo(out);
            }
            move(beside, absolute);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Writes a text file in UTF-8 beside its place and moves it there.
     *
     * @param file where it belongs
     * @param text what it holds
     * @throws IOException when it cannot be written
     */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
