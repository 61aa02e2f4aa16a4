package daumier.cli.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A CSV file of numbers that grows by whole rows, with columns fixed from the first row on. Each
 * row is one write, so that a reader never sees a part of it and a crash loses none.
 */
public final class CsvLog implements AutoCloseable {
    private final FileChannel channel;
    private final List<String> columns;

    private CsvLog(FileChannel channel, List<String> columns) {
        this.channel = channel;
        this.columns = List.copyOf(columns);
    }

    /**
     * A new file; an old one of that name is replaced.
     *
     * @param file the file
     * @param comment a line above the header, beginning with {@code #}, or empty
     * @param columns the names, free of commas and line ends
     * @return the log
     * @throws IOException when it cannot be written
     */
    public static CsvLog create(Path file, String comment, List<String> columns)
            throws IOException {
        CsvLog log =
                new CsvLog(
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        columns);
        log.write((comment.isEmpty() ? "" : comment + "\n") + String.join(",", columns) + "\n");
        return log;
    }

    /**
     * Continues a file after its first rows; later rows, which a resumed training repeats, go.
     *
     * @param file an existing log
     * @param columns what its header must say
     * @param rows how many rows stay
     * @return the log
     * @throws IOException when it cannot be written, has other columns, or has fewer rows
     */
    public static CsvLog resume(Path file, List<String> columns, long rows) throws IOException {
        List<String> kept = new ArrayList<>();
        boolean header = false;
        long left = rows;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!header && line.startsWith("#")) {
                kept.add(line);
            } else if (!header) {
                if (!line.equals(String.join(",", columns))) {
                    throw new IOException(
                            "%s has the columns %s, but this version writes %s; start a new run."
                                    .formatted(file, line, String.join(",", columns)));
                }
                kept.add(line);
                header = true;
            } else if (left > 0) {
                kept.add(line);
                left--;
            }
        }
        if (!header || left > 0) {
            throw new IOException(
                    "%s has %d rows, but the checkpoint was made after %d; resume from an older one."
                            .formatted(file, rows - left, rows));
        }
        AtomicFiles.write(file, String.join("\n", kept) + "\n");
        return new CsvLog(
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                columns);
    }

    /**
     * Appends a row.
     *
     * @param values by column; a column without a value stays empty
     * @throws IOException when it cannot be written
     * @throws IllegalArgumentException when a value has no column
     */
    public void append(Map<String, Double> values) throws IOException {
        if (!columns.containsAll(values.keySet())) {
            List<String> strange = new ArrayList<>(values.keySet());
            strange.removeAll(columns);
            throw new IllegalArgumentException("No column in the log for " + strange + ".");
        }
        StringJoiner row = new StringJoiner(",", "", "\n");
        for (String column : columns) {
            Double value = values.get(column);
            row.add(value == null ? "" : number(value));
        }
        write(row.toString());
    }

    /** Whole numbers without a fraction, others so that they read back exactly. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
