package daumier.cli.chart;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The learning curves of one or several runs on one sheet, against the pictures drawn: the reward
 * of an episode and each of its terms, the mean in a sliding window with a 95 percent band; the
 * score on validation faces with its interval, beside the rivals' where the run recorded them; KL
 * divergence, clipped fraction, entropy, explained variance.
 */
public final class RunCurves {
    /**
     * The file of a run with what rivals score on its validation faces: by name an object with
     * {@code composite} and what else was measured.
     */
    public static final String RIVALS = "rivals_validation.json";

    private static final String EVALUATIONS = "evaluations.csv";
    private static final String DRAWN = "pictures drawn";

    /**
     * Colours of the rivals' lines, apart from those of the first two runs and from one another.
     */
    private static final int[] RIVAL_COLOURS = {5, 3, 2, 7};

    private static final String EVALUATION = "eval/mean_reward";
    private static final double CELL_WIDTH = 300;
    private static final double CELL_HEIGHT = 215;
    private static final int COLUMNS = 4;

    /** The figures of an update worth a panel, in this order, and what people call them. */
    private static final Map<String, String> UPDATES =
            Map.ofEntries(
                    Map.entry(EVALUATION, "Evaluation reward, held-out faces"),
                    Map.entry("train/approx_kl", "KL divergence of an update"),
                    Map.entry("train/entropy_loss", "Entropy"),
                    Map.entry("train/explained_variance", "Explained variance of returns"),
                    Map.entry("train/std", "Standard deviation of actions"),
                    Map.entry("train/clip_fraction", "Clipped fraction"),
                    Map.entry("train/loss", "Loss"),
                    Map.entry("rollout/exploration_rate", "Exploration rate"));

    private static final List<String> UPDATE_ORDER =
            List.of(
                    EVALUATION,
                    "train/approx_kl",
                    "train/entropy_loss",
                    "train/explained_variance",
                    "train/std",
                    "train/clip_fraction",
                    "train/loss",
                    "rollout/exploration_rate");

    private static final Set<String> EPISODE_COLUMNS = Set.of("r", "l", "t");

    /** One run in memory. */
    private record Run(
            String name,
            CsvTable monitor,
            CsvTable progress,
            Optional<CsvTable> evaluations,
            Map<String, Double> rivals) {
        double[] pictures() {
            return IntStream.rangeClosed(1, monitor.rows().size()).asDoubleStream().toArray();
        }

        /** Pictures that were finished after so many environment steps. */
        double[] pictures(double[] steps) {
            double[] ends = monitor.column("l");
            Arrays.parallelPrefix(ends, Double::sum);
            return Arrays.stream(steps)
                    .map(
                            at -> {
                                int found = Arrays.binarySearch(ends, at);
                                return found < 0 ? -found - 1.0 : found + 1.0;
                            })
                    .toArray();
        }

        /** Rivals' scores, and whether the run has what they are compared with. */
        Map<String, Double> comparable() {
            return evaluations.isPresent() ? rivals : Map.of();
        }
    }

    /** What was drawn in one panel. */
    private record Drawn(String panel, List<Line> lines) {}

    private final List<Run> runs = new ArrayList<>();
    private final List<Drawn> drawn = new ArrayList<>();

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
            runs.add(
                    new Run(
                            folder.name(),
                            monitor,
                            folder.progress(),
                            evaluations(folder),
                            rivals(folder)));
        }
    }

    private static Optional<CsvTable> evaluations(RunFolder folder) throws IOException {
        if (!Files.isRegularFile(folder.file(EVALUATIONS))) {
            return Optional.empty();
        }
        CsvTable table = CsvTable.read(folder.file(EVALUATIONS));
        boolean whole =
                Stream.of(RunLog.STEPS, "composite", "composite_low", "composite_high")
                        .allMatch(table::has);
        return whole && !table.rows().isEmpty() ? Optional.of(table) : Optional.empty();
    }

    private static Map<String, Double> rivals(RunFolder folder) throws IOException {
        Path file = folder.file(RIVALS);
        Map<String, Double> scores = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return scores;
        }
        try {
            JsonParser.parseString(Files.readString(file))
                    .getAsJsonObject()
                    .asMap()
                    .forEach(
                            (name, figures) ->
                                    scores.put(
                                            name,
                                            figures.getAsJsonObject()
                                                    .get("composite")
                                                    .getAsDouble()));
            return scores;
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new IOException(file + " is damaged: it holds no scores of rivals.", e);
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
        drawn.clear();
        figure.add(episodePanel("Reward of an episode", "r", window, one), 2, 2);
        if (runs.stream().anyMatch(run -> run.evaluations.isPresent())) {
            figure.add(validationPanel(one), 2, 2);
        }
        Set<String> terms = new LinkedHashSet<>();
        runs.forEach(run -> terms.addAll(run.monitor.columns()));
        terms.removeAll(EPISODE_COLUMNS);
        for (String term : terms) {
            if (runs.stream().anyMatch(run -> run.monitor.has(term))) {
                figure.add(episodePanel(label(term), term, window, one));
            }
        }
        for (String column : UPDATE_ORDER) {
            boolean shown =
                    column.equals(EVALUATION)
                            && runs.stream().anyMatch(run -> run.evaluations.isPresent());
            if (!shown && runs.stream().anyMatch(run -> run.progress.has(column))) {
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
                                run.name, i, run.pictures(), run.monitor.column(column), window));
            }
        }
        return panel(title, averaged(lines, one), OptionalDouble.empty());
    }

    private Panel validationPanel(boolean one) {
        List<Line> lines = new ArrayList<>();
        double end = 1;
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.evaluations.isPresent()) {
                CsvTable table = run.evaluations.get();
                double[] x = run.pictures(table.column(RunLog.STEPS));
                end = Math.max(end, x[x.length - 1]);
                lines.add(
                        new Line(
                                runs.size() == 1 ? "policy" : run.name,
                                i,
                                x,
                                table.column("composite"),
                                Optional.of(table.column("composite_low")),
                                Optional.of(table.column("composite_high")),
                                Line.Style.SOLID));
            }
        }
        List<Line> all = new ArrayList<>(averaged(lines, one));
        all.addAll(rivalLines(end));
        String title = "Score on validation faces (interquartile mean, 95% interval)";
        drawn.add(new Drawn(title, all));
        return new LinePanel(title, DRAWN, "", all, true, OptionalDouble.empty());
    }

    /** Level lines; of several runs those of each, for each has validation faces of its own. */
    private List<Line> rivalLines(double end) {
        List<Line> lines = new ArrayList<>();
        double[] x = {0, end};
        Set<String> named = new LinkedHashSet<>();
        for (Run run : runs) {
            run.comparable()
                    .forEach(
                            (name, score) -> {
                                boolean first = named.add(name);
                                int at = List.copyOf(named).indexOf(name);
                                int colour = RIVAL_COLOURS[at % RIVAL_COLOURS.length];
                                lines.add(
                                        Line.of(
                                                name,
                                                colour,
                                                x,
                                                new double[] {score, score},
                                                first ? Line.Style.DASHED : Line.Style.FAINT));
                            });
        }
        return lines;
    }

    /**
     * The lines of the sheet that was drawn last, as a table.
     *
     * @return CSV with the columns panel, line, pictures_drawn, value, low, high; the last two are
     *     empty where there is no interval
     */
    public String csv() {
        StringBuilder text =
                new StringBuilder("panel,line,pictures_drawn,value,low,high").append('\n');
        for (Drawn one : drawn) {
            for (Line line : one.lines) {
                for (int i = 0; i < line.x().length; i++) {
                    text.append(quoted(one.panel)).append(',').append(quoted(line.name()));
                    text.append(',').append(line.x()[i]).append(',').append(line.y()[i]);
                    text.append(',').append(edge(line.low(), i));
                    text.append(',').append(edge(line.high(), i)).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String edge(Optional<double[]> values, int i) {
        return values.isPresent() ? Double.toString(values.get()[i]) : "";
    }

    private static String quoted(String words) {
        return '"' + words.replace("\"", "\"\"") + '"';
    }

    private Panel updatePanel(String column, boolean one) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (run.progress.has(column)) {
                double sign = column.equals("train/entropy_loss") ? -1 : 1;
                double[] x = run.pictures(run.progress.column(RunLog.STEPS));
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

    private Panel panel(String title, List<Line> lines, OptionalDouble reference) {
        drawn.add(new Drawn(title, lines));
        return new LinePanel(title, DRAWN, "", lines, false, reference);
    }

    /** From a column's name to words: {@code reward/identity_loss} to {@code Identity loss}. */
    static String label(String column) {
        String words = column.substring(column.lastIndexOf('/') + 1).replace('_', ' ');
        return words.isEmpty()
                ? column
                : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
