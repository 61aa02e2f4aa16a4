package daumier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Finds material for tests that is no part of the project; a test without it is skipped. */
public final class SharedMaterial {
    private SharedMaterial() {}

    /**
     * A file or folder of that material.
     *
     * @param relative its place there; {@code -Ddaumier.shared} names where else to look
     */
    public static Path of(String relative) {
        String root = System.getProperty("daumier.shared");
        List<String> places =
                root == null
                        ? List.of("../shared", "../../shared", "../../../shared")
                        : List.of(root);
        for (String place : places) {
            Path p = Path.of(place).resolve(relative).toAbsolutePath().normalize();
            if (Files.exists(p)) {
                return p;
            }
        }
        Assumptions.abort("Skipped: " + relative + " is not on this machine.");
        throw new IllegalStateException("unreachable");
    }
}
