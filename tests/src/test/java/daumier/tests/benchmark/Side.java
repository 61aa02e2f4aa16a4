package daumier.tests.benchmark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.PackedWeights;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that does what it is asked, one line a command, and answers with a line of JSON. */
final class Side implements AutoCloseable {
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private Side(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Daumier, in a virtual machine with the options of its launcher. */
    static Side daumier(Path pack, int threads) throws IOException {
        return daumier(pack, threads, Map.of("OMP_NUM_THREADS", "1"));
    }

    /** The same with no packed weights kept from one process to the next. */
    static Side daumierKeepingNothing(Path pack, int threads) throws IOException {
        return daumier(
                pack, threads, Map.of("OMP_NUM_THREADS", "1", PackedWeights.VARIABLE, "none"));
    }

    private static Side daumier(Path pack, int threads, Map<String, String> environment)
            throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(
                List.of(
                        "-Xmx3g",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DaumierSide.class.getName(),
                        pack.toString(),
                        Integer.toString(threads)));
        return new Side(command, environment);
    }

    /** diffusers, in the given Python. */
    static Side diffusers(Python python, Path pack, int threads) throws IOException {
        return new Side(
                python.command("serve", pack.toString(), Integer.toString(threads)), Python.QUIET);
    }

    /**
     * Asks and waits.
     *
     * @throws IOException if the process ended instead of answering; it has said why by itself
     */
    JsonObject ask(String command) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("The process ended at the command '" + command + "'.");
        }
        return JsonParser.parseString(line).getAsJsonObject();
    }

    /** Asks for something that is timed there. */
    double seconds(String command) throws IOException {
        return ask(command).get("seconds").getAsDouble();
    }

    @Override
    public void close() throws IOException {
        try {
            commands.write("quit\n");
            commands.flush();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            process.destroy(); // it ended by itself
        }
    }
}
