package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.cli.chart.Figure;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import daumier.cli.console.Progress;
import daumier.cli.picture.PictureFile;
import daumier.cli.report.ReportWriter;
import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The page that tells how a training went. */
final class TrainingReport {
    private final RunFolder run;

    TrainingReport(RunFolder run) {
        this.run = run;
    }

    /** Evaluations on held-out faces over the steps of a run. */
    static Figure validation(RunFolder run) throws IOException {
        CsvTable table = CsvTable.read(run.file("evaluations.csv"));
        double[] steps = table.column(RunLog.STEPS);
        Figure figure = new Figure(2, 440, 260);
        figure.title(
                "Validation",
                "held-out faces; interquartile mean with its 95% interval; the judges' networks"
                        + " were seen by no reward");
        figure.legend("as the reward sees it", 0, false);
        figure.legend("as the judges see it", 1, true);
        for (String term : List.of("composite", "alignment", "identity", "style")) {
            List<Line> lines = new ArrayList<>();
            boolean banded = term.equals("composite");
            lines.add(
                    new Line(
                            "reward",
                            0,
                            steps,
                            table.column(term),
                            banded ? Optional.of(table.column("composite_low")) : Optional.empty(),
                            banded ? Optional.of(table.column("composite_high")) : Optional.empty(),
                            Line.Style.SOLID));
            if (table.has("judged_" + term)) {
                lines.add(
                        Line.of(
                                "judges",
                                1,
                                steps,
                                table.column("judged_" + term),
                                Line.Style.DASHED));
            }
            String title = Character.toUpperCase(term.charAt(0)) + term.substring(1);
            figure.add(
                    new LinePanel(
                            title, "environment steps", "", lines, false, OptionalDouble.empty()));
        }
        return figure;
    }

    /** Writes the page. */
    void write(Path file, Figure curves) throws IOException {
        ReportWriter report = new ReportWriter("Training: " + run.name());
        CsvTable table = CsvTable.read(run.file("evaluations.csv"));
        double[] composite = table.column("composite");
        double[] steps = table.column(RunLog.STEPS);
        int best = 0;
        for (int i = 0; i < composite.length; i++) {
            best = composite[i] > composite[best] ? i : best;
        }
        CsvTable monitor = run.monitor();
        double[] seconds = monitor.column("t");
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("pictures drawn", "%,d".formatted(monitor.rows().size()));
        figures.put(
                "training time",
                Progress.duration(Duration.ofMillis((long) (1000 * seconds[seconds.length - 1]))));
        figures.put("validation score at the start", number(composite[0]));
        figures.put("at its best, which is kept", number(composite[best]));
        report.figures(figures);
        JsonObject config = run.config();
        JsonObject imitation = config.getAsJsonObject("imitation");
        report.paragraph(
                imitation != null && imitation.get("done").getAsBoolean()
                        ? "The policy began as an imitation of the hand-written closed-loop rule"
                                + " (%d episodes), so the first point of every curve is about the"
                                        .formatted(imitation.get("episodes").getAsInt())
                                + " rule's own score; what comes after it was learned."
                        : "The policy began with nothing.");
        report.paragraph(
                ("The policy that is kept is the one with the best score on validation faces, after"
                                + " %,d steps. Compare it with its rivals on faces it has never"
                                + " seen: daumier compare --policy %s")
                        .formatted((long) steps[best], "policy.zip"));
        report.heading("Held-out faces");
        report.chart(validation(run), "");
        for (Path sheet : firstAndLast()) {
            report.picture(
                    PictureFile.read(sheet),
                    sheet.getFileName()
                            .toString()
                            .replaceAll("\\D+0*(\\d+)\\D*", "after $1 steps"));
        }
        report.heading("Learning curves");
        report.chart(curves, "");
        report.heading("Configuration");
        report.verbatim(
                new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(config));
        report.write(file);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private List<Path> firstAndLast() throws IOException {
        try (Stream<Path> files = Files.list(run.file("samples"))) {
            List<Path> sheets =
                    files.filter(f -> f.getFileName().toString().startsWith("validation_"))
                            .sorted()
                            .toList();
            return sheets.size() < 2
                    ? sheets
                    : List.of(sheets.get(0), sheets.get(sheets.size() - 1));
        }
    }
}
