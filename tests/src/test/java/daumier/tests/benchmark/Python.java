package daumier.tests.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Python that has diffusers, and the script for it.
 *
 * @param program the interpreter
 * @param script {@code diffusers_benchmark.py}
 */
public record Python(String program, Path script) {
    /** Without the libraries' remarks. */
    static final Map<String, String> QUIET =
            Map.of(
                    "TRANSFORMERS_VERBOSITY", "error",
                    "DIFFUSERS_VERBOSITY", "error",
                    "PYTHONWARNINGS", "ignore");

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, script.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command of the script to its end. */
    public void run(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).inheritIO();
        builder.environment().putAll(QUIET);
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new IOException(script + " " + arguments[0] + " ended with code " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
