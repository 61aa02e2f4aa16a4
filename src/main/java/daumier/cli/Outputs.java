package daumier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where results go: checked before the work, so that hours are not lost to a wrong path. */
public final class Outputs {
    private Outputs() {}

    /**
     * Checks that a file can be written, and makes the folders it will stand in.
     *
     * @param file where a result shall go
     * @throws IOException when it cannot be written
     */
    public static void check(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            throw new IOException(file + " is a folder; name a file to write.");
        }
        Files.createDirectories(absolute.getParent());
        boolean writable =
                Files.exists(absolute)
                        ? Files.isWritable(absolute)
                        : Files.isWritable(absolute.getParent());
        if (!writable) {
            throw new IOException("No permission to write " + file + ".");
        }
    }

    /**
     * The name of one of several results.
     *
     * @param file the name they share
     * @param number what tells this one from the others
     * @return for instance {@code a-7.png} for {@code a.png} and 7
     */
    public static Path numbered(Path file, long number) {
        String name = name(file);
        int dot = name.lastIndexOf('.');
        return file.resolveSibling(
                dot < 1
                        ? name + "-" + number
                        : name.substring(0, dot) + "-" + number + name.substring(dot));
    }

    /**
     * The last part of a path, which tells nothing of the machine.
     *
     * @param path any path
     * @return its name
     */
    public static String name(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
