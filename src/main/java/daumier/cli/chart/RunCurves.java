package daumier.cli.chart;

import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The learning curves of one or several runs on one sheet: the reward of an episode and each of its
 * terms, the mean in a sliding window with a 95 percent band; KL divergence, entropy, explained
 * variance and, where logged, the evaluation on held-out faces.
 */
public final class RunCurves {
    private static final double CELL_WIDTH = 300;
    private static final double CELL_HEIGHT = 215;
    private static final int COLUMNS = 4;

    /** The figures of an update worth a panel, in this order, and what people call them. */
    private static final Map<String, String> UPDATES =
            Map.ofEntries(
                    Map.entry("eval/mean_reward", "Evaluation reward, held-out faces"),
                    Map.entry("train/approx_kl", "KL divergence of an update"),
                    Map.entry("train/entropy_loss", "Entropy"),
                    Map.entry("train/explained_variance", "Explained variance of returns"),
                    Map.entry("train/std", "Standard deviation of actions"),
                    Map.entry("train/clip_fraction", "Clipped fraction"),
                    Map.entry("train/loss", "Loss"),
                    Map.entry("rollout/exploration_rate", "Exploration rate"));

    private static final List<String> UPDATE_ORDER =
            List.of(
                    "eval/mean_reward",
                    "train/approx_kl",
                    "train/entropy_loss",
                    "train/explained_variance",
                    "train/std",
                    "train/clip_fraction",
                    "train/loss",
                    "rollout/exploration_rate");

    private static final Set<String> EPISODE_COLUMNS = Set.of("r", "l", "t");

    /** One run in memory. */
    private record Run(String name, CsvTable monitor, CsvTable progress) {
        double[] episodeSteps() {
            double[] steps = monitor.column("l");
            Arrays.parallelPrefix(steps, Double::sum);
            return steps;
        }
    }

    private final List<Run> runs = new ArrayList<>();

    /**
     * Reads the logs of runs.
     *
     * @param folders at least one run that has finished at least one episode
     * @throws IOException when one cannot be read or has nothing to draw yet
     */
    public RunCurves(List<RunFolder> folders) throws IOException {
        for (RunFolder folder : folders) {
            CsvTable monitor = folder.monitor();
            if (monitor.rows().isEmpty()) {
                throw new IOException(
                        "The run %s has finished no episode yet, so there is nothing to draw."
                                .formatted(folder.path()));
            }
            runs.add(new Run(folder.name(), monitor, folder.progress()));
        }
    }

    /**
     * Draws the sheet.
     *
     * @param average whether several runs become one line, their mean, with the band between runs
     * @return the figure
     */
    public Figure figure(boolean average) {
        boolean one = average && runs.size() > 1;
        long episodes = runs.stream().mapToLong(run -> run.monitor.rows().size()).sum();
        int window = Smoothing.window((int) (episodes / runs.size()));
        Figure figure = new Figure(COLUMNS, CELL_WIDTH, CELL_HEIGHT);
        figure.title(
                "Learning curves" + (runs.size() == 1 ? ": " + runs.get(0).name : ""),
                String.format(
                        Locale.ROOT,
                        "%,d episode%s%s; mean of %d, %s",
                        episodes,
                        episodes == 1 ? "" : "s",
                        runs.size() == 1 ? "" : " in %d runs".formatted(runs.size()),
                        window,
                        one
                                ? "averaged over runs, band: 95% interval of that mean"
                                : "band: 95% interval of the mean"));
        if (runs.size() > 1 && !one) {
            for (int i = 0; i < runs.size(); i++) {
                figure.legend(runs.get(i).name, i, false);
            }
        }
        figure.add(episodePanel("Reward of an episode", "r", window, one), 2, 2);
        Set<String> terms = new LinkedHashSet<>();
        runs.forEach(run -> terms.addAll(run.monitor.columns()));
        terms.removeAll(EPISODE_COLUMNS);
        for (String term : terms) {
            if (runs.stream().anyMatch(run -> run.monitor.has(term))) {
                figure.add(episodePanel(label(term), term, window, one));
            }
        }
        for (String column : UPDATE_ORDER) {
            if (runs.stream().anyMatch(run -> run.progress.has(column))) {
                figure.add(updatePanel(column, one));
            }
        }
        return figure;
    }

    private Panel episodePanel(String title, String column, int window, boolean one) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.monitor.has(column)) {
                lines.add(
                        Smoothing.rolling(
                                run.name,
                                i,
                                run.episodeSteps(),
                                run.monitor.column(column),
                                window));
            }
        }
        return panel(title, averaged(lines, one), OptionalDouble.empty());
    }

    private Panel updatePanel(String column, boolean one) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.progress.has(column)) {
                double sign = column.equals("train/entropy_loss") ? -1 : 1;
                double[] x = run.progress.column(RunLog.STEPS);
                double[] y =
                        Arrays.stream(run.progress.column(column)).map(v -> sign * v).toArray();
                lines.add(
                        Smoothing.rolling(run.name, i, x, y, Math.max(1, y.length / 40))
                                .withoutBand());
            }
        }
        OptionalDouble reference =
                column.equals("train/explained_variance")
                        ? OptionalDouble.of(0)
                        : OptionalDouble.empty();
        return panel(UPDATES.get(column), averaged(lines, one), reference);
    }

    private static List<Line> averaged(List<Line> lines, boolean one) {
        return one && lines.size() > 1
                ? List.of(Smoothing.average(lines.size() + " runs", 0, lines))
                : lines;
    }

    private static Panel panel(String title, List<Line> lines, OptionalDouble reference) {
        return new LinePanel(title, "environment steps", "", lines, false, reference);
    }

    /** From a column's name to words: {@code reward/identity_loss} to {@code Identity loss}. */
    static String label(String column) {
        String words = column.substring(column.lastIndexOf('/') + 1).replace('_', ' ');
        return words.isEmpty()
                ? column
                : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
