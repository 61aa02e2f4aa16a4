package daumier.cli.studio;

import daumier.agent.PolicyBundle;
import daumier.agent.TrainingListener;
import daumier.cli.chart.Figure;
import daumier.cli.chart.RunCurves;
import daumier.cli.picture.PictureFile;
import daumier.cli.run.AtomicFiles;
import daumier.cli.run.CsvLog;
import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Terms;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a training writes into its run folder while it goes on and when it ends. */
final class TrainingRecords implements AutoCloseable {
    private static final String ENVIRONMENT = "Daumier-v0";
    private static final String EVALUATIONS = "evaluations.csv";
    private static final String BEST = "best.zip";
    private static final int RECENT = 50;

    private static final List<String> TERMS =
            List.of("composite", "alignment", "identity", "style", "plausibility", "unet_calls");

    private static final List<String> COLUMNS =
            List.of(
                    "rollout/ep_len_mean",
                    "rollout/ep_rew_mean",
                    "rollout/exploration_rate",
                    "time/episodes",
                    "time/fps",
                    "time/iterations",
                    "time/time_elapsed",
                    RunLog.STEPS,
                    "eval/mean_reward",
                    "train/approx_kl",
                    "train/clip_fraction",
                    "train/clip_range",
                    "train/entropy_loss",
                    "train/explained_variance",
                    "train/learning_rate",
                    "train/loss",
                    "train/n_updates",
                    "train/policy_gradient_loss",
                    "train/std",
                    "train/value_loss");

    private final RunFolder run;
    private final RunLog log;
    private final CsvLog evaluations;
    private final long stepsBefore;
    private final Deque<double[]> recent = new ArrayDeque<>();
    private final List<Validation.Result> results = new ArrayList<>();
    private double best;
    private int sinceBest;
    private long lastEvaluated;

    private TrainingRecords(RunFolder run, RunLog log, CsvLog evaluations, long stepsBefore)
            throws IOException {
        this.run = run;
        this.log = log;
        this.evaluations = evaluations;
        this.stepsBefore = stepsBefore;
        best = Double.NEGATIVE_INFINITY;
        lastEvaluated = -1;
        CsvTable table = CsvTable.read(run.file(EVALUATIONS));
        for (double value : table.column("composite")) {
            noteScore(value);
        }
        for (double steps : table.column(RunLog.STEPS)) {
            lastEvaluated = (long) steps;
        }
    }

    /**
     * Takes note of an evaluation's score.
     *
     * @return whether it is the best so far
     */
    private boolean noteScore(double score) {
        boolean better = score > best;
        sinceBest = better ? 0 : sinceBest + 1;
        best = Math.max(best, score);
        return better;
    }

    /** Evaluations since the best one. */
    int sinceBest() {
        return sinceBest;
    }

    private static List<String> evaluationColumns() {
        List<String> columns = new ArrayList<>(List.of(RunLog.STEPS));
        columns.addAll(Validation.columns());
        return columns;
    }

    /** Begins the records of a new run. */
    static TrainingRecords start(RunFolder run) throws IOException {
        return new TrainingRecords(
                run,
                RunLog.start(run, ENVIRONMENT, COLUMNS, TERMS),
                CsvLog.create(run.file(EVALUATIONS), "", evaluationColumns()),
                0);
    }

    /** Goes on with the records of a run from a checkpoint. */
    static TrainingRecords resume(RunFolder run, PolicyBundle checkpoint) throws IOException {
        long steps = checkpoint.counter("steps");
        long rows = 0;
        for (double at : CsvTable.read(run.file(EVALUATIONS)).column(RunLog.STEPS)) {
            rows += at <= steps ? 1 : 0;
        }
        return new TrainingRecords(
                run,
                RunLog.resume(
                        run,
                        COLUMNS,
                        TERMS,
                        checkpoint.counter("iterations"),
                        checkpoint.counter("episodes"),
                        steps),
                CsvLog.resume(run.file(EVALUATIONS), evaluationColumns(), rows),
                steps);
    }

    /** The steps of the checkpoint that this session began with. */
    long stepsBefore() {
        return stepsBefore;
    }

    /** An episode ended. */
    void episode(TrainingListener.Episode episode, double seconds) throws IOException {
        Map<String, Double> terms = new LinkedHashMap<>();
        if (episode.info().get(CaricatureVectorEnvironment.OUTCOME) instanceof Outcome outcome) {
            Terms seen = outcome.reward();
            terms.put("composite", seen.composite());
            terms.put("alignment", seen.alignment());
            terms.put("identity", seen.identity());
            terms.put("style", seen.style());
            terms.put("plausibility", seen.plausibility());
            terms.put("unet_calls", (double) outcome.unetCalls());
            recent.addLast(
                    new double[] {
                        episode.totalReward(), seen.alignment(), seen.identity(), seen.style()
                    });
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
        log.episode(episode.totalReward(), episode.length(), seconds, terms);
    }

    /** The recent figures in a few words. */
    String note() {
        double[] mean = new double[4];
        for (double[] row : recent) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / recent.size();
            }
        }
        return String.format(
                Locale.ROOT,
                "reward %.2f (alignment %.2f identity %.2f style %.2f)",
                mean[0],
                mean[1],
                mean[2],
                mean[3]);
    }

    /** The policy was updated; {@code evaluated} says whether it was evaluated just before. */
    void updated(TrainingListener.Iteration iteration, boolean evaluated) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        iteration
                .metrics()
                .forEach(
                        (name, value) -> {
                            if (COLUMNS.contains(name)) {
                                values.put(name, value);
                            }
                        });
        if (evaluated && !results.isEmpty()) {
            values.put("eval/mean_reward", results.get(results.size() - 1).composite().value());
        }
        log.update(values);
    }

    /** Whether the policy was evaluated after so many steps. */
    boolean hasEvaluation(long steps) {
        return lastEvaluated == steps;
    }

    /** An evaluation: a row, a sheet, and the policy if it is the best so far. */
    void evaluated(long steps, Validation.Result result, PolicyBundle policy) throws IOException {
        results.add(result);
        lastEvaluated = steps;
        Map<String, Double> row = new LinkedHashMap<>();
        row.put(RunLog.STEPS, (double) steps);
        row.putAll(result.figures());
        evaluations.append(row);
        Path sheet = run.file("samples").resolve("validation_%07d.png".formatted(steps));
        PictureFile.write(sheet, result.sheet(), Map.of());
        log.picture(
                steps,
                "samples/validation",
                result.sheet().width(),
                result.sheet().height(),
                PictureFile.png(result.sheet()));
        if (noteScore(result.composite().value())) {
            AtomicFiles.write(run.file("checkpoints").resolve(BEST), policy::write);
        }
    }

    /** The finished policy, the curves and the report. */
    void finish(PrintWriter out) throws IOException {
        // Chosen on validation faces, which no gradient ever saw; test faces stay unseen.
        Files.copy(
                run.file("checkpoints").resolve(BEST),
                run.file("policy.zip"),
                StandardCopyOption.REPLACE_EXISTING);
        if (run.monitor().rows().isEmpty()) {
            out.println("No episode was finished, so there are no curves.");
            return;
        }
        RunCurves curves = new RunCurves(List.of(run));
        Figure figure = curves.figure(false);
        figure.writePng(run.file("curves.png"));
        figure.writeSvg(run.file("curves.svg"));
        AtomicFiles.write(run.file("curves.csv"), curves.csv());
        new TrainingReport(run).write(run.file("report.html"), figure);
    }

    @Override
    public void close() throws IOException {
        try (log) {
            evaluations.close();
        }
    }
}
