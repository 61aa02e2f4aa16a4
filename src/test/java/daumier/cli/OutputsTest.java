package daumier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputsTest {
    @TempDir private Path folder;

    @Test
    void checkingMakesNothing() throws IOException {
        Path deep = folder.resolve("a").resolve("b").resolve("c.png");
        Outputs.check(deep);
        assertFalse(Files.exists(folder.resolve("a")));
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        IOException refused =
                assertThrows(IOException.class, () -> Outputs.check(file.resolve("c.png")));
        assertTrue(refused.getMessage().contains("is a file, not a folder"), refused.getMessage());
        assertThrows(IOException.class, () -> Outputs.check(folder));
        Outputs.check(file);
        assertEquals("x", Files.readString(file));
    }

    @Test
    void numbersGoBeforeTheSuffix() {
        assertEquals(Path.of("x", "a-7.png"), Outputs.numbered(Path.of("x", "a.png"), 7));
    }
}
