package daumier.cli.studio;

import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.StopSignal;
import daumier.agent.rival.Tuning;
import daumier.cli.chart.RunCurves;
import daumier.cli.console.Progress;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Sheet;
import daumier.cli.report.ReportWriter;
import daumier.cli.run.RunFolder;
import daumier.env.Box;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier demo}: everything once, in a few minutes. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Trains a policy before your eyes, draws caricatures with it, and compares it with "
                    + "static weight schedules, in minutes on two processors. Writes a "
                    + "report with pictures and curves."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int TUNED_ON = 8;
    private static final int COMPARED_ON = 16;
    private static final int DRAWN = 6;
    private static final int LANES = 12;
    private static final double MOST_MINUTES = 60;

    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where everything goes; must be new (default: demo, demo-2, ...).")
    private Path out;

    @Option(
            names = "--minutes",
            defaultValue = "1.8",
            description = "Time for learning (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of everything.")
    private long seed;

    @Mixin private StudioOptions options;

    @Override
    public Integer call() throws IOException {
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw new ParameterException(
                    spec.commandLine(), "--minutes must be above 0 and at most 60.");
        }
        long start = System.nanoTime();
        Path folder = out == null ? free() : out;
        try (Studio studio = options.open(true)) {
            Settings settings = options.settings(studio);
            say("1 of 3: learning to draw, for about %.0f seconds of training", 60 * minutes);
            int trained = train(folder.resolve("run"), studio, settings);
            if (trained != 0) {
                return trained;
            }
            RunFolder run = RunFolder.open(folder.resolve("run"));
            PolicyBundle bundle = ChosenPolicy.read(run.file("policy.zip"));
            Policy policy = LearnedPolicy.of(bundle, 0);
            say("2 of 3: comparing with static schedules on %d faces never seen", COMPARED_ON);
            Comparison comparison = compare(studio, settings, policy);
            say("3 of 3: the report");
            Picture sheet = sheet(comparison.runs().get("policy").get(0));
            PictureFile.write(folder.resolve("caricatures.png"), sheet, Map.of());
            report(folder, run, sheet, comparison, start);
            ComparisonReport report = new ComparisonReport(comparison);
            report.chart().writePng(folder.resolve("comparison.png"));
            say("%s", report.table(comparison.eyes().get(comparison.eyes().size() - 1)));
        }
        say("Done in %s.", Progress.duration(Duration.ofNanos(System.nanoTime() - start)));
        say(
                "Look at %s, or at %s.",
                folder.resolve("report.html"), folder.resolve("caricatures.png"));
        say(
                "Now give it a photograph: daumier generate PHOTO --policy %s",
                folder.resolve("run").resolve("policy.zip"));
        return 0;
    }

    private void say(String format, Object... values) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(String.format(Locale.ROOT, format, values));
        writer.flush();
    }

    private static Path free() {
        Path folder = Path.of("demo");
        for (int i = 2; Files.exists(folder); i++) {
            folder = Path.of("demo-" + i);
        }
        return folder;
    }

    private int train(Path folder, Studio studio, Settings settings) throws IOException {
        TrainPlan.Preset preset = TrainPlan.Preset.QUICK;
        TrainPlan plan =
                new TrainPlan(
                        preset,
                        TrainPlan.LearnerName.PPO,
                        preset.steps(),
                        minutes,
                        LANES,
                        TrainPlan.standardRollout(),
                        TrainPlan.standardGroup(LANES),
                        seed,
                        true,
                        preset.demonstrations(),
                        preset.ruleTries(),
                        preset.validation(),
                        preset.evaluateEvery(),
                        preset.patience(),
                        options.named(),
                        settings.means(),
                        options.dtype(),
                        studio.workers(),
                        options.loras(),
                        settings.technique());
        try (Training training =
                Training.begin(
                        folder,
                        plan,
                        studio,
                        settings,
                        Training.Start.fresh(),
                        spec.commandLine().getOut())) {
            return training.run();
        }
    }

    private Comparison compare(Studio studio, Settings settings, Policy policy) {
        StopSignal never = new StopSignal();
        Rivals rivals;
        try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TRAIN), TUNED_ON);
                Progress progress = Progress.start("tuning static schedules", 0)) {
            List<EpisodeSpec> known = studio.episodes(Split.TRAIN).numbered(0, TUNED_ON);
            Tuning tuning =
                    new Tuning(trials.environment(), known, TUNED_ON, never, progress::note);
            rivals = Rivals.hurried(tuning, trials.observationSpace());
        }
        List<EpisodeSpec> held = studio.episodes(Split.TEST).numbered(0, COMPARED_ON);
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        Map<String, String> descriptions = new LinkedHashMap<>();
        try (Trials trials =
                new Trials(
                        studio,
                        settings.withPictures(),
                        studio.episodes(Split.TEST),
                        COMPARED_ON)) {
            Map<String, Policy> all = new LinkedHashMap<>();
            all.put("policy", policy);
            all.putAll(
                    rivals.policies(trials.observationSpace(), (Box) trials.actionSpace(), seed));
            all.keySet()
                    .retainAll(List.of("policy", Rivals.RULE, Rivals.STATIC, "ramp 0.3 to 0.7"));
            descriptions.put("policy", "trained in this demonstration");
            rivals.descriptions()
                    .forEach(
                            (name, what) -> {
                                if (all.containsKey(name)) {
                                    descriptions.put(name, what);
                                }
                            });
            try (Progress progress = Progress.start("drawing", (long) all.size() * COMPARED_ON)) {
                all.forEach(
                        (name, one) -> {
                            outcomes.put(name, trials.draw(one, held, never));
                            progress.advance(COMPARED_ON);
                        });
            }
        }
        return Comparison.single(outcomes, descriptions);
    }

    private static Picture sheet(List<Outcome> drawn) {
        int shown = Math.min(DRAWN, drawn.size());
        Sheet sheet = new Sheet(shown, 192, List.of());
        FaceRenderer renderer = new FaceRenderer();
        for (Outcome outcome : drawn.subList(0, shown)) {
            EpisodeSpec episode = outcome.spec();
            sheet.add(
                    renderer.render(episode.subject(), episode.view(), Look.PHOTO).picture(),
                    Intent.text(episode.intent()));
        }
        for (Outcome outcome : drawn.subList(0, shown)) {
            sheet.add(
                    outcome.picture(),
                    "LoRA " + outcome.spec().lora() + ", " + outcome.unetCalls() + " calls");
        }
        return sheet.draw();
    }

    private void report(
            Path folder, RunFolder run, Picture sheet, Comparison comparison, long start)
            throws IOException {
        ReportWriter report = new ReportWriter("Daumier: a demonstration");
        Map<String, String> figures = new LinkedHashMap<>();
        int pictures = run.monitor().rows().size();
        figures.put("pictures drawn to learn", "%,d".formatted(pictures));
        figures.put(
                "minutes in all",
                String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 6e10));
        report.figures(figures);
        report.heading("Caricatures of people it never met");
        report.picture(
                sheet,
                "Above: the sitters, and what was asked for. Below: drawn under the policy that was"
                        + " just trained.");
        report.heading("How it learned");
        report.paragraph(
                "The policy first imitated the hand-written closed-loop rule, then learned by"
                        + " reinforcement. A few minutes teach it little beyond the rule: the"
                        + " training-runs/reference folder holds the result of a longer training.");
        report.chart(new RunCurves(List.of(run)).figure(false), "");
        report.chart(TrainingReport.validation(run), "");
        report.heading("Against static schedules");
        report.paragraph(
                ("%d held-out faces; static schedules were tuned on %d training faces over a small"
                                + " grid. So few episodes show large differences only; daumier"
                                + " compare takes its time.")
                        .formatted(COMPARED_ON, TUNED_ON));
        new ComparisonReport(comparison).addTo(report);
        report.write(folder.resolve("report.html"));
    }
}
