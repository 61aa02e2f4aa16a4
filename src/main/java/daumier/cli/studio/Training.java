package daumier.cli.studio;

import com.google.gson.JsonObject;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.StopSignal;
import daumier.agent.TrainingListener;
import daumier.agent.TrainingOutcome;
import daumier.agent.rival.ClosedLoopRule;
import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.Version;
import daumier.cli.console.Interrupts;
import daumier.cli.console.Progress;
import daumier.cli.run.AtomicFiles;
import daumier.cli.run.RunFolder;
import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One training from its first to its last step, with everything it leaves in its run folder. */
final class Training implements AutoCloseable {
    private static final int INTERRUPTED = 130;
    private static final double NANOS = 1e-9;

    private final RunFolder run;
    private final TrainPlan plan;
    private final Studio studio;
    private final PrintWriter out;
    private final Closeable lock;
    private final StopSignal stop = new StopSignal();
    private final VectorEnvironment<double[]> lanes;
    private final Validation validation;
    private final TrainingRecords records;
    private final double secondsBefore;
    private Student student;
    private boolean patient = true;
    private long begun;
    private Progress progress;

    private Training(
            RunFolder run,
            TrainPlan plan,
            Studio studio,
            Settings settings,
            PrintWriter out,
            Closeable lock,
            PolicyBundle checkpoint)
            throws IOException {
        this.run = run;
        this.plan = plan;
        this.studio = studio;
        this.out = out;
        this.lock = lock;
        lanes =
                new CaricatureVectorEnvironment(
                        studio,
                        settings,
                        studio.episodes(Split.TRAIN),
                        plan.lanes(),
                        AutoresetMode.SAME_STEP);
        validation = new Validation(studio, settings, plan);
        secondsBefore =
                checkpoint == null
                        ? 0
                        : Double.parseDouble(
                                checkpoint.provenance().getOrDefault("training_seconds", "0"));
        student =
                checkpoint == null
                        ? Student.fresh(plan, lanes.observationSpace(), (Box) lanes.actionSpace())
                        : Student.resumed(plan, checkpoint);
        records =
                checkpoint == null
                        ? TrainingRecords.start(run)
                        : TrainingRecords.resume(run, checkpoint);
    }

    /**
     * What a run begins with.
     *
     * @param name of the policy it starts from, empty for none
     * @param init that policy, which fits, or null
     * @param rivals tuned rivals to show beside the curves, or null
     */
    record Start(String name, PolicyBundle init, Rivals rivals) {
        /** Nothing. */
        static Start fresh() {
            return new Start("", null, null);
        }
    }

    /** A new run. */
    static Training begin(
            Path folder,
            TrainPlan plan,
            Studio studio,
            Settings settings,
            Start start,
            PrintWriter out)
            throws IOException {
        JsonObject config = RunConfig.of(plan, studio, start);
        RunFolder run = RunFolder.create(folder, config);
        Training training = new Training(run, plan, studio, settings, out, run.lock(), null);
        try {
            training.announce(settings, start, config);
            training.learnFromOthers(settings, start, config);
            training.save();
            return training;
        } catch (IOException | IllegalArgumentException | UserException e) {
            training.close();
            throw e;
        }
    }

    /** Says how long it will take. */
    private void announce(Settings settings, Start start, JsonObject config) {
        TimeEstimate estimate =
                TimeEstimate.measure(
                        studio,
                        settings,
                        plan,
                        Imitation.portraits(plan, start.rivals() != null)
                                + RunRivals.portraits(plan, start.rivals() != null),
                        new ClosedLoopRule(
                                lanes.observationSpace(), ClosedLoopRule.Gains.standard()));
        config.add("estimate", estimate.toJson());
        out.printf(
                "This training takes %s%s.%n",
                estimate.line(), plan.patience() > 0 ? ", or less if it stops early" : "");
        out.flush();
    }

    /** Begins with another policy's weights, or by imitating the rule; the rivals are tuned too. */
    private void learnFromOthers(Settings settings, Start start, JsonObject config)
            throws IOException {
        if (start.init() != null && student instanceof Student.Ppo ppo) {
            student = Student.initialised(ppo.learner(), start.init());
        }
        RunRivals.record(run, studio, settings, plan, start.rivals(), validation, stop);
        Imitation.Result begun =
                new Imitation(
                                studio,
                                settings,
                                plan,
                                stop,
                                Optional.ofNullable(start.rivals()).map(Rivals::rule))
                        .of(student);
        student = begun.student();
        config.add("imitation", begun.said());
        run.writeJson("config.json", config);
        if (begun.said().has("decisions")) {
            out.printf(
                    Locale.ROOT,
                    "imitated %d decisions of the rule: mean squared error %.3f to %.3f%n",
                    begun.said().get("decisions").getAsInt(),
                    begun.said().get("mean_squared_error_before").getAsDouble(),
                    begun.said().get("mean_squared_error_after").getAsDouble());
            out.flush();
        }
    }

    /** A run that was begun before. */
    static Training resume(
            RunFolder run, TrainPlan plan, Studio studio, Settings settings, PrintWriter out)
            throws IOException {
        List<Path> checkpoints = run.checkpoints();
        if (checkpoints.isEmpty()) {
            throw new UserException(
                    "The run %s has no checkpoint to resume from; begin it anew in another folder."
                            .formatted(run.path()));
        }
        PolicyBundle bundle = ChosenPolicy.read(checkpoints.get(checkpoints.size() - 1));
        if (bundle.counter("steps") >= plan.steps()) {
            throw new UserException(
                    "The run %s has taken all its %,d steps; give --steps or --minutes for more."
                            .formatted(run.path(), plan.steps()));
        }
        return new Training(run, plan, studio, settings, out, run.lock(), bundle);
    }

    /**
     * Trains to the end of the plan, the time or the user's patience.
     *
     * @return the exit code
     */
    int run() throws IOException {
        begun = System.nanoTime();
        if (student.learner().steps() == 0) {
            validate(student.learner().policy());
        }
        begun = System.nanoTime();
        TrainingOutcome outcome;
        boolean interrupted;
        try (Interrupts interrupts =
                        Interrupts.listen(
                                () -> {
                                    progress.print("stopping; the run can be resumed");
                                    stop.raise();
                                });
                Progress bar =
                        Progress.resume("training", student.learner().steps(), plan.steps())) {
            progress = bar;
            outcome = student.train(lanes, plan.steps(), new Listener(), stop);
            interrupted = interrupts.requested();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        save();
        if (!patient && !interrupted) {
            out.printf(
                    "Stopped early: %d evaluations without a new best validation score.%n",
                    plan.patience());
        }
        if (outcome == TrainingOutcome.STOPPED && interrupted) {
            out.printf(
                    "Stopped after %,d steps. Go on with: daumier train --run %s --resume%n",
                    student.learner().steps(), run.path());
            return INTERRUPTED;
        }
        finish();
        return 0;
    }

    private double secondsNow() {
        return (System.nanoTime() - begun) * NANOS;
    }

    private double seconds() {
        return secondsBefore + secondsNow();
    }

    /** The time this session may take, or infinity. */
    private double limit() {
        return plan.minutes() > 0 ? plan.minutes() * 60 : Double.POSITIVE_INFINITY;
    }

    private Map<String, String> provenance() throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        RunRivals.provenance(run).ifPresent(text -> provenance.put(Rivals.PROVENANCE, text));
        if (plan.demonstrations() > 0) {
            provenance.put(ChosenPolicy.IMITATED, "closed-loop rule");
        }
        provenance.put("daumier", Version.number());
        provenance.put("run", run.name());
        provenance.put("pack", Outputs.name(studio.pack().folder()));
        provenance.put("training_seconds", String.format(Locale.ROOT, "%.1f", seconds()));
        return provenance;
    }

    private void save() throws IOException {
        if (begun == 0) {
            begun = System.nanoTime();
        }
        PolicyBundle bundle = student.learner().checkpoint(provenance());
        AtomicFiles.write(run.checkpoint(bundle.counter("steps")), bundle::write);
        List<Path> all = run.checkpoints();
        for (Path old : all.subList(0, Math.max(0, all.size() - 3))) {
            Files.delete(old);
        }
    }

    private void validate(Policy policy) throws IOException {
        long steps = student.learner().steps();
        Validation.Result result = validation.of(policy, stop);
        if (result.complete()) {
            PolicyBundle bundle = student.learner().checkpoint(provenance()).forUse();
            records.evaluated(steps, result, bundle);
            String line = "after %,d steps: validation %s".formatted(steps, result.line());
            if (progress == null) {
                out.println(line);
                out.flush();
            } else {
                progress.print(line);
            }
        }
    }

    private void finish() throws IOException {
        long steps = student.learner().steps();
        if (!records.hasEvaluation(steps)) {
            stopAgain();
            validate(student.learner().policy());
        }
        records.finish(out);
        out.println("The policy is " + run.file("policy.zip"));
        out.println("Look at " + run.file("report.html") + " and " + run.file("curves.png"));
        out.flush();
    }

    /** What ended the training must not end the last evaluation. */
    private void stopAgain() {
        validation.ignoreStops();
    }

    @Override
    public void close() throws IOException {
        try (lock;
                records) {
            validation.close();
            lanes.close();
        }
    }

    /** Hears the learner and writes everything down. */
    private final class Listener implements TrainingListener {
        private double lastIteration;

        @Override
        public void onStep(long steps) {
            long done = steps - startSteps();
            if (done > 0 && Double.isFinite(limit())) {
                // Which bound comes first shows with the pace.
                double byTime = steps + done / secondsNow() * Math.max(0, limit() - secondsNow());
                progress.total(
                        (long) Math.min((double) plan.steps(), Math.max(steps + 1.0, byTime)));
            }
            progress.at(steps);
            if (secondsNow() > 1.3 * limit()) {
                stop.raise();
            }
        }

        private long startSteps() {
            return records.stepsBefore();
        }

        @Override
        public void onEpisode(Episode episode) {
            try {
                records.episode(episode, seconds());
                progress.note(records.note());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onIteration(Iteration iteration) {
            try {
                boolean due = iteration.number() % plan.evaluateEvery() == 0;
                if (due) {
                    validate(iteration.learner().policy());
                    if (plan.patience() > 0 && records.sinceBest() >= plan.patience()) {
                        patient = false;
                        stop.raise();
                    }
                }
                records.updated(iteration, due);
                if (due) {
                    save();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            double now = secondsNow();
            if (now + (now - lastIteration) / 2 > limit()) {
                stop.raise();
            }
            lastIteration = now;
        }
    }
}
