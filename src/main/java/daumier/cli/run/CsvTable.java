package daumier.cli.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A CSV file of numbers in memory, by column.
 *
 * @param columns the names in the order of the file
 * @param rows the values, NaN where a cell is empty; each as long as {@code columns}
 */
public record CsvTable(List<String> columns, List<double[]> rows) {
    /**
     * Reads {@code progress.csv}, {@code monitor.csv} or the like. A comment line that begins with
     * {@code #} may precede the header; a last line without its line end is being written right now
     * and is left out.
     *
     * @param file the file
     * @return the table
     * @throws IOException when it cannot be read or is no such table
     */
    public static CsvTable read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\r?\n");
        int at = 0;
        while (at < lines.length && lines[at].startsWith("#")) {
            at++;
        }
        if (at == lines.length || lines[at].isBlank()) {
            throw new IOException(file + " has no header line, so it is not a log of a run.");
        }
        List<String> columns = List.of(lines[at].split(","));
        List<double[]> rows = new ArrayList<>();
        for (int i = at + 1; i < lines.length; i++) {
            String[] cells = lines[i].split(",", -1);
            if (cells.length != columns.size()) {
                throw new IOException(
                        "Line %d of %s has %d cells under %d columns."
                                .formatted(i + 1, file, cells.length, columns.size()));
            }
            double[] row = new double[cells.length];
            for (int c = 0; c < cells.length; c++) {
                row[c] = value(cells[c], file, i + 1);
            }
            rows.add(row);
        }
        return new CsvTable(columns, rows);
    }

    private static double value(String cell, Path file, int line) throws IOException {
        String text = cell.strip().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "", "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "true" -> 1;
            case "false" -> 0;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw new IOException(
                            "Line %d of %s holds \"%s\", which is not a number."
                                    .formatted(line, file, cell),
                            e);
                }
            }
        };
    }

    /**
     * Whether there is such a column with at least one value in it.
     *
     * @param column its name
     * @return true when {@link #column(String)} is worth drawing
     */
    public boolean has(String column) {
        int index = columns.indexOf(column);
        return index >= 0 && rows.stream().anyMatch(row -> !Double.isNaN(row[index]));
    }

    /**
     * One column.
     *
     * @param column its name
     * @return a new array, one value for each row; all NaN when there is no such column
     */
    public double[] column(String column) {
        int index = columns.indexOf(column);
        return rows.stream().mapToDouble(row -> index < 0 ? Double.NaN : row[index]).toArray();
    }
}
