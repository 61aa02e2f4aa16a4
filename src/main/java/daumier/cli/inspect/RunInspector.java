package daumier.cli.inspect;

import com.google.gson.JsonObject;
import daumier.cli.console.Progress;
import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Describes the folder of a training run. */
final class RunInspector {
    private static final int RECENT = 100;

    private RunInspector() {}

    static JsonObject describe(Path folder) throws IOException {
        RunFolder run = RunFolder.open(folder);
        JsonObject json = new JsonObject();
        json.addProperty("kind", "run");
        json.addProperty("folder", folder.toString());
        json.addProperty(
                "state",
                Files.exists(run.file("policy.zip")) ? "finished" : "unfinished or training");
        if (Files.exists(run.file("monitor.csv"))) {
            episodes(run.monitor(), json);
        }
        if (Files.exists(run.file("progress.csv"))) {
            CsvTable progress = run.progress();
            if (!progress.rows().isEmpty()) {
                json.add("last_update", lastUpdate(progress));
            }
        }
        List<Path> checkpoints = run.checkpoints();
        json.addProperty("checkpoints", checkpoints.size());
        if (!checkpoints.isEmpty()) {
            json.addProperty(
                    "newest_checkpoint",
                    folder.relativize(checkpoints.get(checkpoints.size() - 1)).toString());
        }
        json.add("config", run.config());
        return json;
    }

    private static void episodes(CsvTable monitor, JsonObject json) {
        int episodes = monitor.rows().size();
        json.addProperty("episodes", episodes);
        if (episodes == 0) {
            return;
        }
        json.addProperty("steps", (long) Arrays.stream(monitor.column("l")).sum());
        double seconds = monitor.column("t")[episodes - 1];
        json.addProperty(
                "training_time", Progress.duration(Duration.ofMillis((long) (seconds * 1000))));
        int window = Math.min(RECENT, episodes);
        JsonObject recent = new JsonObject();
        for (String column : monitor.columns()) {
            if (!column.equals("t") && monitor.has(column)) {
                double mean =
                        Arrays.stream(monitor.column(column), episodes - window, episodes)
                                .filter(v -> !Double.isNaN(v))
                                .average()
                                .orElse(Double.NaN);
                recent.addProperty(name(column), rounded(mean));
            }
        }
        json.add("mean_of_last_%d_episodes".formatted(window), recent);
    }

    private static String name(String column) {
        return switch (column) {
            case "r" -> "reward";
            case "l" -> "steps";
            default -> column;
        };
    }

    private static JsonObject lastUpdate(CsvTable progress) {
        JsonObject json = new JsonObject();
        double[] last = progress.rows().get(progress.rows().size() - 1);
        for (int c = 0; c < last.length; c++) {
            String column = progress.columns().get(c);
            if (!Double.isNaN(last[c])) {
                if (column.equals(RunLog.STEPS)) {
                    json.addProperty(column, (long) last[c]);
                } else {
                    json.addProperty(column, rounded(last[c]));
                }
            }
        }
        return json;
    }

    private static double rounded(double value) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? value
                : Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
