package daumier.cli.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what a training tells into the logs of its {@link RunFolder}. */
public final class RunLog implements AutoCloseable {
    /** The column of {@code progress.csv} that counts environment steps. */
    public static final String STEPS = "time/total_timesteps";

    private static final double MICRO = 1e6;

    private final CsvLog progress;
    private final CsvLog monitor;
    private final EventWriter events;

    private RunLog(CsvLog progress, CsvLog monitor, EventWriter events) {
        this.progress = progress;
        this.monitor = monitor;
        this.events = events;
    }

    /**
     * Begins the logs of a new run.
     *
     * @param run its folder
     * @param environment the name of the environment, for the first line of {@code monitor.csv}
     * @param columns of {@code progress.csv}, {@link #STEPS} among them
     * @param terms what {@code monitor.csv} tells of an episode beside {@code r,l,t}
     * @return the logs
     * @throws IOException when they cannot be written
     */
    public static RunLog start(
            RunFolder run, String environment, List<String> columns, List<String> terms)
            throws IOException {
        JsonObject head = new JsonObject();
        head.addProperty("t_start", System.currentTimeMillis() / 1000.0);
        head.addProperty("env_id", environment);
        return new RunLog(
                CsvLog.create(run.file("progress.csv"), "", columns),
                CsvLog.create(run.file("monitor.csv"), "#" + head, monitorColumns(terms)),
                EventWriter.create(run.path(), 0));
    }

    /**
     * Continues the logs of a run from a checkpoint; what was logged after it is taken back.
     *
     * @param run its folder
     * @param columns of {@code progress.csv}, as at the start
     * @param terms of {@code monitor.csv}, as at the start
     * @param updates how many rows of {@code progress.csv} the checkpoint had seen
     * @param episodes how many rows of {@code monitor.csv} the checkpoint had seen
     * @param steps environment steps at the checkpoint
     * @return the logs
     * @throws IOException when they cannot be continued
     */
    public static RunLog resume(
            RunFolder run,
            List<String> columns,
            List<String> terms,
            long updates,
            long episodes,
            long steps)
            throws IOException {
        return new RunLog(
                CsvLog.resume(run.file("progress.csv"), columns, updates),
                CsvLog.resume(run.file("monitor.csv"), monitorColumns(terms), episodes),
                EventWriter.create(run.path(), steps + 1));
    }

    private static List<String> monitorColumns(List<String> terms) {
        List<String> columns = new ArrayList<>(List.of("r", "l", "t"));
        columns.addAll(terms);
        return columns;
    }

    /**
     * An episode ended.
     *
     * @param reward the sum of its rewards
     * @param length its steps
     * @param seconds training time so far, resumed parts included
     * @param terms further figures of the episode by name
     * @throws IOException when it cannot be written
     */
    public void episode(double reward, long length, double seconds, Map<String, Double> terms)
            throws IOException {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("r", rounded(reward));
        row.put("l", (double) length);
        row.put("t", rounded(seconds));
        terms.forEach((name, value) -> row.put(name, rounded(value)));
        monitor.append(row);
    }

    /**
     * The policy was updated.
     *
     * @param values by column of {@code progress.csv}, {@link #STEPS} among them
     * @throws IOException when it cannot be written
     */
    public void update(Map<String, Double> values) throws IOException {
        progress.append(values);
        Double steps = values.get(STEPS);
        events.scalars(steps == null ? 0 : steps.longValue(), values);
    }

    /**
     * A picture for TensorBoard.
     *
     * @param steps environment steps so far
     * @param tag for instance {@code samples/held-out}
     * @param width pixels
     * @param height pixels
     * @param png the encoded file
     * @throws IOException when it cannot be written
     */
    public void picture(long steps, String tag, int width, int height, byte[] png)
            throws IOException {
        events.image(steps, tag, width, height, png);
    }

    @Override
    public void close() throws IOException {
        try (events;
                monitor) {
            progress.close();
        }
    }

    private static double rounded(double value) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? value
                : Math.rint(value * MICRO) / MICRO;
    }
}
