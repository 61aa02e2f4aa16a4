package daumier.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where results go: checked before the work, so that hours are not lost to a wrong path. */
public final class Outputs {
    private Outputs() {}

    /**
     * Checks that a file can be written. Nothing is made: a command that fails leaves no empty
     * folder behind.
     *
     * @param file where a result shall go; folders that are missing are made with it
     * @throws IOException when it cannot be written
     */
    public static void check(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            throw new IOException(file + " is a folder; name a file to write.");
        }
        if (Files.exists(absolute)) {
            requireWritable(absolute, file);
            return;
        }
        Path folder = absolute.getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(
                    file + " cannot be written: " + folder + " is a file, not a folder.");
        }
        requireWritable(folder, file);
    }

    private static void requireWritable(Path place, Path file) throws IOException {
        if (!Files.isWritable(place)) {
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
