package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.agent.Interval;
import daumier.agent.Statistics;
import daumier.cli.chart.Figure;
import daumier.cli.chart.IntervalPanel;
import daumier.cli.chart.ScatterPanel;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import daumier.cli.report.ReportWriter;
import daumier.cli.run.AtomicFiles;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A comparison as a table, charts, a sheet of pictures and a page. */
final class ComparisonReport {
    /** The file of a comparison that holds every figure and every score. */
    static final String JSON = "comparison.json";

    private static final int SHOWN = 8;
    private static final int SIDE = 144;

    private final Comparison comparison;
    private final Optional<StaticGrid> grid;
    private final List<String> policies;
    private final Comparison.Eyes eyes;

    /** A report without a grid. */
    ComparisonReport(Comparison comparison) {
        this(comparison, Optional.empty());
    }

    /**
     * A report.
     *
     * @param grid every static schedule on the first of the same faces, if they were drawn
     */
    ComparisonReport(Comparison comparison, Optional<StaticGrid> grid) {
        this.comparison = comparison;
        this.grid = grid;
        policies = comparison.policies();
        eyes = comparison.eyes().get(comparison.eyes().size() - 1);
    }

    /** The headings of the table. */
    static List<String> columns() {
        return List.of(
                "policy",
                "composite",
                "95% interval",
                "over best static",
                "over the rule",
                "alignment",
                "identity",
                "style",
                "plausibility",
                "U-Net calls",
                "seconds");
    }

    /** One row a policy, as the given eyes see it. */
    List<List<String>> rows(Comparison.Eyes by) {
        List<List<String>> rows = new ArrayList<>();
        for (String policy : policies) {
            Interval composite = comparison.iqm(policy, "composite", by);
            List<String> row = new ArrayList<>();
            row.add(policy);
            row.add(number(composite.value()));
            row.add("[%s, %s]".formatted(number(composite.low()), number(composite.high())));
            row.add(over(policy, Rivals.STATIC, by));
            row.add(over(policy, Rivals.RULE, by));
            for (String measure : List.of("alignment", "identity", "style", "plausibility")) {
                row.add(number(comparison.iqm(policy, measure, by).value()));
            }
            row.add(String.format(Locale.ROOT, "%.1f", mean(policy, "unet_calls")));
            row.add(String.format(Locale.ROOT, "%.1f", mean(policy, "seconds")));
            rows.add(row);
        }
        return rows;
    }

    private double mean(String policy, String measure) {
        return Statistics.mean(comparison.scores(policy, measure, Comparison.Eyes.REWARD));
    }

    private String over(String policy, String rival, Comparison.Eyes by) {
        if (policy.equals(rival) || !policies.contains(rival)) {
            return "";
        }
        Interval gap = comparison.difference(policy, rival, "composite", by);
        return String.format(
                Locale.ROOT, "%+.3f [%+.3f, %+.3f]", gap.value(), gap.low(), gap.high());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** The table for a terminal. */
    String table(Comparison.Eyes by) {
        List<List<String>> all = new ArrayList<>();
        all.add(columns());
        all.addAll(rows(by));
        int[] width = new int[columns().size()];
        for (List<String> row : all) {
            for (int c = 0; c < width.length; c++) {
                width[c] = Math.max(width[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < width.length; c++) {
                String format = c == 0 ? "%-" + width[c] + "s" : "  %" + width[c] + "s";
                line.append(String.format(Locale.ROOT, format, row.get(c)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Performance profiles of the first policy and of the rivals that matter most. */
    Figure profiles() {
        List<String> shown = new ArrayList<>(List.of(policies.get(0)));
        for (String rival : List.of(Rivals.RULE, Rivals.STATIC, Rivals.RAMP, Rivals.SEARCH)) {
            if (policies.contains(rival) && !shown.contains(rival)) {
                shown.add(rival);
            }
        }
        return new Profiles(comparison, shown, eyes).chart();
    }

    /** Identity against alignment, and the composite with every episode as a dot. */
    Figure chart() {
        List<ScatterPanel.Point> points = new ArrayList<>();
        List<IntervalPanel.Row> rows = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            String policy = policies.get(i);
            Interval x = comparison.iqm(policy, "alignment", eyes);
            Interval y = comparison.iqm(policy, "identity", eyes);
            boolean strong = i == 0 || policy.equals(Rivals.STATIC) || policy.equals(Rivals.RULE);
            points.add(
                    new ScatterPanel.Point(
                            policy, i, strong, x.value(), x.low(), x.high(), y.value(), y.low(),
                            y.high()));
            Interval composite = comparison.iqm(policy, "composite", eyes);
            rows.add(
                    new IntervalPanel.Row(
                            policy,
                            i,
                            composite.value(),
                            composite.low(),
                            composite.high(),
                            dots(policy)));
        }
        OptionalDouble mark =
                policies.contains(Rivals.STATIC)
                        ? OptionalDouble.of(
                                comparison.iqm(Rivals.STATIC, "composite", eyes).value())
                        : OptionalDouble.empty();
        int n = comparison.episodes();
        return new Figure(2, 470, 360)
                .title(
                        "On %d held-out faces".formatted(n),
                        eyes == Comparison.Eyes.JUDGES
                                ? "by judges that no reward ever saw; interquartile means with 95%"
                                        + " bootstrap intervals"
                                : "by the reward's own networks; interquartile means with 95%"
                                        + " bootstrap intervals")
                .add(
                        new ScatterPanel(
                                "Identity kept against intent met",
                                "humor-intent alignment",
                                "identity",
                                points))
                .add(
                        new IntervalPanel(
                                "Composite score; the line is the best static schedule",
                                "composite",
                                rows,
                                mark));
    }

    /** A dot an episode, or a dot a training seed where there are several. */
    private double[] dots(String policy) {
        double[][] scores = comparison.scores(policy, "composite", eyes);
        return scores.length == 1 ? scores[0] : comparison.iqmOfRuns(policy, "composite", eyes);
    }

    /** The first episodes, one a row: the person, then what each policy made of them. */
    Picture sheet() {
        int shown = Math.min(SHOWN, comparison.episodes());
        List<String> headings = new ArrayList<>(List.of("sitter"));
        headings.addAll(policies);
        Sheet sheet = new Sheet(headings.size(), SIDE, headings);
        FaceRenderer renderer = new FaceRenderer();
        for (int i = 0; i < shown; i++) {
            Map<String, Outcome> row = comparison.ofEpisode(i);
            EpisodeSpec spec = row.get(policies.get(0)).spec();
            sheet.add(
                    renderer.render(spec.subject(), spec.view(), Look.PHOTO).picture(),
                    Intent.text(spec.intent()));
            for (String policy : policies) {
                Outcome outcome = row.get(policy);
                sheet.add(
                        outcome.picture(),
                        String.format(
                                Locale.ROOT,
                                "%.2f: %.2f %.2f %.2f",
                                eyes.terms(outcome).composite(),
                                eyes.terms(outcome).alignment(),
                                eyes.terms(outcome).identity(),
                                eyes.terms(outcome).style()));
            }
        }
        return sheet.draw();
    }

    /** Puts the comparison into a page. */
    void addTo(ReportWriter report) {
        report.chart(chart(), "");
        report.chart(
                profiles(),
                "Performance profiles: a line that lies above another everywhere belongs to the"
                        + " better policy whatever one cares for.");
        grid.ifPresent(
                all ->
                        report.chart(
                                all.chart(comparison, eyes),
                                "Every static schedule: grey where its style is less than the"
                                        + " controller's."));
        for (Comparison.Eyes by : comparison.eyes()) {
            report.heading(
                    by == Comparison.Eyes.JUDGES
                            ? "As the judges see it, who were part of no reward"
                            : "As the reward's networks see it");
            report.table(columns(), rows(by));
        }
        report.paragraph(
                "Figures are interquartile means over episodes; intervals are 95% bootstrap"
                        + " intervals; differences are paired by episode. Alignment is"
                        + " 1 - |a - w|² / |w|², a the exaggeration measured and w the one wanted."
                        + " U-Net calls and seconds are means; lanes share their seconds.");
        report.heading("Side by side");
        report.picture(
                sheet(), "Under each picture: composite; then alignment, identity and style.");
        report.heading("The policies");
        List<List<String>> rows = new ArrayList<>();
        comparison.descriptions().forEach((name, what) -> rows.add(List.of(name, what)));
        report.table(List.of("policy", "what it is"), rows);
    }

    /**
     * Writes everything into a folder: JSON, CSV, charts, a sheet of pictures and the page.
     *
     * @param json what the JSON begins with; completed here
     * @param about how it was done, for the page
     */
    void writeTo(Path folder, JsonObject json, Map<String, String> about) throws IOException {
        json.add("policies", comparison.toJson());
        grid.ifPresent(all -> json.add("static_grid", all.toJson(comparison.eyes())));
        AtomicFiles.write(
                folder.resolve(JSON),
                new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json)
                        + "\n");
        AtomicFiles.write(folder.resolve("comparison.csv"), comparison.toCsv());
        write(chart(), folder, "comparison");
        write(profiles(), folder, "profiles");
        if (grid.isPresent()) {
            write(grid.get().chart(comparison, eyes), folder, "static-grid");
        }
        PictureFile.write(folder.resolve("sheet.png"), sheet(), Map.of());
        write(folder.resolve("report.html"), about);
    }

    private static void write(Figure figure, Path folder, String name) throws IOException {
        figure.writePng(folder.resolve(name + ".png"));
        figure.writeSvg(folder.resolve(name + ".svg"));
    }

    /** Writes the page. */
    void write(Path file, Map<String, String> about) throws IOException {
        ReportWriter report = new ReportWriter("Comparison on held-out faces");
        report.figures(headline());
        addTo(report);
        report.heading("How it was done");
        List<List<String>> rows = new ArrayList<>();
        about.forEach((what, value) -> rows.add(List.of(what, value)));
        report.table(List.of("what", "value"), rows);
        report.write(file);
    }

    private Map<String, String> headline() {
        Map<String, String> figures = new LinkedHashMap<>();
        String first = policies.get(0);
        figures.put(
                "composite of " + first, number(comparison.iqm(first, "composite", eyes).value()));
        for (String rival : List.of(Rivals.STATIC, Rivals.RULE)) {
            if (!first.equals(rival) && policies.contains(rival)) {
                Interval wins = comparison.wins(first, rival, "composite", eyes);
                figures.put(
                        "faces won against the " + rival,
                        String.format(
                                Locale.ROOT,
                                "%.0f%% [%.0f%%, %.0f%%]",
                                100 * wins.value(),
                                100 * wins.low(),
                                100 * wins.high()));
                double base = comparison.iqm(rival, "composite", eyes).value();
                double gap = comparison.difference(first, rival, "composite", eyes).value();
                figures.put(
                        "over the " + rival,
                        base > 0
                                ? String.format(
                                        Locale.ROOT, "%+.3f (%+.1f%%)", gap, 100 * gap / base)
                                : String.format(Locale.ROOT, "%+.3f", gap));
            }
        }
        return figures;
    }
}
