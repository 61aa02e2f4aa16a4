package daumier.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.run.MadeUpRun;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Mistakes of the user's are one sentence and exit code 2, errors of ours exit code 1. */
final class FailuresTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    @Test
    void wrongArgumentsAreMistakes() {
        assertEquals(2, run("draw"));
        assertTrue(err.toString().startsWith("daumier: Unmatched argument"), err.toString());
        assertEquals(2, run("curves"));
        assertTrue(err.toString().contains("daumier curves --help"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void helpAndVersionAreNot() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("curves", "--help"));
        assertTrue(out.toString().contains("--average"), out.toString());
        assertEquals(0, run("--version"));
        assertTrue(out.toString().contains("Daumier " + Version.number()), out.toString());
        assertTrue(Version.number().matches("\\d+\\.\\d+.*"), Version.number());
    }

    @Test
    void aMissingRunIsAMistake() {
        assertEquals(2, run("curves", folder.resolve("none").toString()));
        assertEquals(
                "daumier: %s does not exist; name the folder of a run.%n"
                        .formatted(folder.resolve("none")),
                err.toString());
    }

    @Test
    void anUnwritableFileIsAMistake() throws IOException {
        Path file = Files.writeString(folder.resolve("plain"), "");
        Path run = MadeUpRun.write(folder.resolve("run"), 1, 20).path();
        assertEquals(2, run("curves", run.toString(), "--out", file.resolve("x.png").toString()));
        assertEquals(
                "daumier: %s exists already and is not a folder.%n".formatted(file),
                err.toString());
    }

    @Test
    void exceptionsOfTheLibraryForFilesBecomeSentences() {
        assertEquals("/a does not exist", sentence(new NoSuchFileException("/a")));
        assertEquals(
                "no permission to read or write /a",
                sentence(new UncheckedIOException(new AccessDeniedException("/a"))));
        assertEquals("java.io.EOFException", sentence(new EOFException()));
    }

    @Test
    void illegalArgumentsAreTheUsersOnlyWhereOurCodeCheckedThem() {
        assertEquals("no such region", sentence(new IllegalArgumentException("no such region")));
        IllegalArgumentException library = new IllegalArgumentException("index 7");
        library.setStackTrace(
                new StackTraceElement[] {new StackTraceElement("java.util.List", "of", null, 1)});
        assertTrue(Failures.mistake(library).isEmpty());
    }

    @Test
    void errorsOfOursKeepTheirDetailsInAFile() throws IOException {
        int code = Failures.report(new IllegalStateException("lost"), new PrintWriter(err, true));
        assertEquals(1, code);
        String[] lines = err.toString().split("\\R");
        assertEquals(
                "daumier: this is an error of the program: java.lang.IllegalStateException: lost.",
                lines[0]);
        assertEquals(2, lines.length);
        Path details =
                Path.of(lines[1].substring("The details are in ".length(), lines[1].length() - 1));
        assertTrue(Files.readString(details).contains("FailuresTest"));
        Files.delete(details);
    }

    private static String sentence(Exception e) {
        return Failures.mistake(e).orElseThrow();
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
