package daumier.cli.studio;

import daumier.agent.PolicyBundle;
import daumier.cli.Outputs;
import daumier.cli.UserException;
import daumier.cli.run.RunFolder;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier train}: a policy from nothing, or from another policy. */
@Command(
        name = "train",
        sortOptions = false,
        description = {
            "Trains a policy. It first imitates the hand-written closed-loop rule, then learns by "
                    + "reinforcement. Ctrl-C leaves a run that --resume continues as if it had "
                    + "never stopped."
        },
        footer = {
            "",
            "Examples:",
            "  daumier train --run training-runs/first --preset quick",
            "  daumier train --run training-runs/first --resume --minutes 30",
            "  daumier train --run training-runs/mine --pack ~/models/sd15 --init policy.zip"
        })
public final class TrainCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--run",
            paramLabel = "FOLDER",
            required = true,
            description = "Folder of the run; must be new, or with --resume hold a run.")
    private Path run;

    @Option(names = "--resume", description = "Continue the run from its newest checkpoint.")
    private boolean resume;

    @Option(
            names = "--preset",
            defaultValue = "STANDARD",
            description =
                    "How much time to take: ${COMPLETION-CANDIDATES}: a few minutes, at most an "
                            + "hour on two processors, or a night (default: ${DEFAULT-VALUE}). The "
                            + "first drawings are timed, and an estimate is printed.")
    private TrainPlan.Preset preset;

    @Option(
            names = "--steps",
            description = "Decisions to learn from; a drawing takes at most six of them.")
    private Long steps;

    @Option(names = "--minutes", description = "Most wall time of this training.")
    private Double minutes;

    @Option(
            names = "--lanes",
            description = "Pictures drawn at once (default: 12 to 16, large ones 4).")
    private Integer lanes;

    @Option(
            names = "--group",
            paramLabel = "N",
            description =
                    "Lanes that draw the same portraits, so that each is judged against the "
                            + "others; 0 for none (default: 4 if the lanes can be divided so).")
    private Integer group;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of everything.")
    private long seed;

    @Option(
            names = "--learner",
            defaultValue = "PPO",
            description =
                    "PPO with continuous actions, or DQN over a table of moves (default: "
                            + "${DEFAULT-VALUE}).")
    private TrainPlan.LearnerName learner;

    @Option(
            names = "--imitation",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Whether PPO first imitates the closed-loop rule; --no-imitation begins with "
                            + "nothing.")
    private boolean imitation;

    @Option(
            names = "--demonstrations",
            paramLabel = "N",
            description =
                    "Drawings of the closed-loop rule that are imitated, at least 1 (default: 72 to"
                            + " 600 by the preset).")
    private Integer demonstrations;

    @Option(
            names = "--init",
            paramLabel = "POLICY",
            description =
                    "A policy.zip or a run's folder to start from, for instance of another pack.")
    private Path init;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description =
                    "Stop after so many evaluations without a new best validation score; 0 never "
                            + "stops for that.")
    private Integer patience;

    @Option(
            names = "--rivals",
            paramLabel = "FILE",
            description =
                    "Tuned rivals of an earlier comparison (rivals.json) to show beside the curves; "
                            + "their closed-loop rule is imitated (default: tuned in a hurry, with "
                            + "QUICK none).")
    private Path rivals;

    @Option(names = "--validation", description = "Held-out episodes of every evaluation.")
    private Integer validation;

    @Mixin private StudioOptions options;

    @Override
    public Integer call() throws IOException {
        return resume ? resumed() : begun();
    }

    private int shown() {
        return demonstrations == null ? preset.demonstrations() : demonstrations;
    }

    private int begun() throws IOException {
        if (init != null && learner != TrainPlan.LearnerName.PPO) {
            throw new ParameterException(spec.commandLine(), "--init goes with PPO only.");
        }
        if (demonstrations != null && demonstrations < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--demonstrations must be at least 1; --no-imitation begins without any.");
        }
        options.folder(); // says at once if there is no pack
        Rivals known = rivals == null ? null : Rivals.read(rivals);
        PolicyBundle other = init == null ? null : ChosenPolicy.bundle(init);
        if (other != null) {
            Student.requireFitting(other, Outputs.name(init));
        }
        try (Studio studio = options.open(true)) {
            Settings settings = options.settings(studio);
            boolean imitates = imitation && init == null && learner == TrainPlan.LearnerName.PPO;
            int count = StudioOptions.lanes(studio, lanes, preset.lanes());
            // A bound that is given stands alone; the preset's are there for when none is.
            TrainPlan plan =
                    new TrainPlan(
                            preset,
                            learner,
                            steps != null ? steps : minutes != null ? 1_000_000 : preset.steps(),
                            minutes != null ? minutes : steps != null ? 0 : preset.minutes(),
                            count,
                            TrainPlan.standardRollout(),
                            group == null ? TrainPlan.standardGroup(count) : group,
                            seed,
                            imitates || other != null,
                            imitates ? shown() : 0,
                            preset.ruleTries(),
                            validation == null ? preset.validation() : validation,
                            preset.evaluateEvery(),
                            patience == null ? preset.patience() : patience,
                            options.named(),
                            settings.means(),
                            options.dtype(),
                            studio.workers(),
                            options.loras(),
                            settings.technique());
            try (Training training =
                    Training.begin(
                            run,
                            plan,
                            studio,
                            settings,
                            new Training.Start(
                                    init == null ? "" : Outputs.name(init), other, known),
                            spec.commandLine().getOut())) {
                return training.run();
            }
        }
    }

    private int resumed() throws IOException {
        RunFolder folder = RunFolder.open(run);
        TrainPlan plan = TrainPlan.from(folder.config());
        if (init != null) {
            throw new UserException("--init begins a new run; it does not go with --resume.");
        }
        if (rivals != null) {
            throw new UserException(
                    "--rivals belongs to the beginning of a run; it does not go with --resume.");
        }
        if (steps != null || minutes != null || patience != null) {
            boolean bounded = steps != null || minutes != null;
            plan =
                    plan.until(
                            steps != null ? steps : plan.steps(),
                            minutes != null ? minutes : bounded ? 0 : plan.minutes(),
                            patience != null ? patience : plan.patience());
        }
        StudioOptions same = options.continuing(plan);
        try (Studio studio = same.open(true);
                Training training =
                        Training.resume(
                                folder,
                                plan,
                                studio,
                                same.settings(studio),
                                spec.commandLine().getOut())) {
            return training.run();
        }
    }
}
