package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import daumier.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the sample command on the tiny pack that the pipeline's parity is tested with. */
abstract class SampleRuns {
    static final Path PACK =
            Path.of("../diffusion/src/test/resources/daumier/diffusion/sample/pipeline/pack")
                    .toAbsolutePath()
                    .normalize();

    final StringWriter err = new StringWriter();

    @TempDir Path folder;

    @BeforeEach
    void pack() {
        assumeTrue(Files.isDirectory(PACK), "The tiny pack is among the tests of diffusion.");
    }

    static String style() {
        return PACK.resolve("lora/style.safetensors").toString();
    }

    int run(Path out, String... options) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("sample", "--pack", PACK.toString(), "--prompt", "a face"));
        arguments.addAll(List.of("--steps", "2", "--threads", "1", "--out", out.toString()));
        arguments.addAll(List.of(options));
        return call(arguments.toArray(String[]::new));
    }

    int like(Path picture, Path out, String... options) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("sample", "--pack", PACK.toString(), "--threads", "1"));
        arguments.addAll(List.of("--like", picture.toString(), "--out", out.toString()));
        arguments.addAll(List.of(options));
        return call(arguments.toArray(String[]::new));
    }

    int call(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setOut(new PrintWriter(new StringWriter()));
        commandLine.setOverwrittenOptionsAllowed(true);
        return commandLine.execute(arguments);
    }

    void refused(String words, Path out, String... options) {
        err.getBuffer().setLength(0);
        assertEquals(2, run(out, options), words);
        assertTrue(err.toString().contains(words), err.toString());
        assertTrue(err.toString().startsWith("daumier: "), err.toString());
    }

    void likeRefused(Path picture, String words) {
        err.getBuffer().setLength(0);
        assertEquals(2, like(picture, folder.resolve("no.png")), words);
        assertTrue(err.toString().contains(words), err.toString());
    }
}
