package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Mistakes with populations and with artists' habits, as the command line tells them. */
final class PopulationCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setOut(new PrintWriter(new StringWriter(), true));
        return commandLine.execute(arguments);
    }

    @Test
    void aFolderWithoutPortraitsIsNoPopulation() {
        assertEquals(2, run("population", folder.toString(), "--out", folder + "/p.json"));
        assertTrue(err.toString().contains("holds no portraits"), err.toString());
    }

    @Test
    void anotherFileIsNoPopulation() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        assertEquals(2, run("inspect", "face", "any.jpg", "--population", other.toString()));
        assertTrue(err.toString().contains("daumier population"), err.toString());
    }

    @Test
    void artistsNeedTheirCoefficients() {
        assertEquals(2, run("generate", "--procedural", "1", "--intent", "artist"));
        assertTrue(err.toString().contains("--artist"), err.toString());
        assertEquals(2, run("generate", "--procedural", "1", "--artist", "habits.json"));
        assertTrue(err.toString().contains("--intent artist"), err.toString());
    }
}
