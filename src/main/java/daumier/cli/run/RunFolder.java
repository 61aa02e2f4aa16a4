package daumier.cli.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one training run.
 *
 * <pre>
 * config.json      everything needed to repeat the run
 * progress.csv     one row an update, stable-baselines3's names
 * monitor.csv      one row an episode, stable-baselines3's format
 * events.out.*     the same figures for TensorBoard
 * checkpoints/     policy_STEPS_steps.zip
 * policy.zip       the finished policy
 * evaluations.csv  one row an evaluation on validation faces
 * rivals.json      tuned static schedules; rivals_validation.json what they score there
 * curves.png/.svg/.csv  samples/  report.html
 * </pre>
 */
public final class RunFolder {
    private static final Pattern CHECKPOINT = Pattern.compile("policy_(\\d+)_steps\\.zip");

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes a folder for a new run.
     *
     * @param path where; must not exist or be empty
     * @param config what {@code config.json} shall hold
     * @return the folder
     * @throws IOException when something is there already, or it cannot be written
     */
    public static RunFolder create(Path path, JsonObject config) throws IOException {
        if (Files.exists(path.resolve("config.json"))) {
            throw new IOException(
                    "%s holds a run already; give --resume to continue it, or another folder."
                            .formatted(path));
        }
        if (Files.isDirectory(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                if (entries.findAny().isPresent()) {
                    throw new IOException(
                            "The folder %s is not empty and holds no run; give another folder."
                                    .formatted(path));
                }
            }
        }
        Files.createDirectories(path.resolve("checkpoints"));
        Files.createDirectories(path.resolve("samples"));
        RunFolder run = new RunFolder(path);
        run.writeJson("config.json", config);
        return run;
    }

    /**
     * Opens the folder of an existing run.
     *
     * @param path where
     * @return the folder
     * @throws IOException when there is no run
     */
    public static RunFolder open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(path + " does not exist; name the folder of a run.");
        }
        if (!Files.isRegularFile(path.resolve("config.json"))) {
            throw new IOException(
                    "%s is not the folder of a run: there is no config.json in it."
                            .formatted(path));
        }
        return new RunFolder(path);
    }

    /**
     * Where it is.
     *
     * @return the folder as it was named
     */
    public Path path() {
        return path;
    }

    /**
     * A short name for legends.
     *
     * @return the last part of the path
     */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /**
     * A file of the run.
     *
     * @param name relative to the folder
     * @return its path
     */
    public Path file(String name) {
        return path.resolve(name);
    }

    /**
     * The configuration.
     *
     * @return {@code config.json}
     * @throws IOException when it cannot be read or is no JSON object
     */
    public JsonObject config() throws IOException {
        Path file = file("config.json");
        try {
            JsonElement json = JsonParser.parseString(Files.readString(file));
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
        throw new IOException(file + " is not a JSON object, so this is not a run.");
    }

    /**
     * The updates so far.
     *
     * @return {@code progress.csv}
     * @throws IOException when it cannot be read
     */
    public CsvTable progress() throws IOException {
        return CsvTable.read(logFile("progress.csv"));
    }

    /**
     * The episodes so far.
     *
     * @return {@code monitor.csv}
     * @throws IOException when it cannot be read
     */
    public CsvTable monitor() throws IOException {
        return CsvTable.read(logFile("monitor.csv"));
    }

    private Path logFile(String name) throws IOException {
        if (!Files.isRegularFile(file(name))) {
            throw new IOException(
                    "The run %s has no %s: its training has not begun.".formatted(path, name));
        }
        return file(name);
    }

    /**
     * Writes a JSON file of the run, indented.
     *
     * @param name relative to the folder
     * @param json what it shall hold
     * @throws IOException when it cannot be written
     */
    public void writeJson(String name, JsonElement json) throws IOException {
        String text =
                new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeSpecialFloatingPointValues()
                        .create()
                        .toJson(json);
        AtomicFiles.write(file(name), text + "\n");
    }

    /**
     * Where the checkpoint after some steps belongs.
     *
     * @param steps environment steps so far
     * @return the path; the file need not exist
     */
    public Path checkpoint(long steps) {
        return file("checkpoints").resolve("policy_" + steps + "_steps.zip");
    }

    /**
     * The steps of a checkpoint.
     *
     * @param checkpoint a path
     * @return environment steps, or nothing when the file is not named as a checkpoint
     */
    public static OptionalLong steps(Path checkpoint) {
        Matcher name = CHECKPOINT.matcher(checkpoint.getFileName().toString());
        return name.matches()
                ? OptionalLong.of(Long.parseLong(name.group(1)))
                : OptionalLong.empty();
    }

    /**
     * The checkpoints, oldest first.
     *
     * @return their paths
     * @throws IOException when the folder cannot be read
     */
    public List<Path> checkpoints() throws IOException {
        Path folder = file("checkpoints");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> steps(file).isPresent())
                    .sorted(Comparator.comparingLong(file -> steps(file).getAsLong()))
                    .toList();
        }
    }

    /**
     * The policy to use: the finished one, else the newest checkpoint.
     *
     * @return its path, or nothing when none was saved yet
     * @throws IOException when the folder cannot be read
     */
    public Optional<Path> policy() throws IOException {
        if (Files.isRegularFile(file("policy.zip"))) {
            return Optional.of(file("policy.zip"));
        }
        List<Path> checkpoints = checkpoints();
        return checkpoints.isEmpty()
                ? Optional.empty()
                : Optional.of(checkpoints.get(checkpoints.size() - 1));
    }

    /**
     * Keeps other trainings out of this folder until closed; the system lets go of it when the
     * program ends, however it ends.
     *
     * @return the lock
     * @throws IOException when another training writes here, or the folder cannot be written
     */
    public Closeable lock() throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(path + " is being written by this very program.", e);
        }
        channel.close();
        throw new IOException("Another training writes to " + path + "; wait or stop it.");
    }
}
