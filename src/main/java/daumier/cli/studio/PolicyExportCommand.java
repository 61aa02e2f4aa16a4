package daumier.cli.studio;

import daumier.agent.StopSignal;
import daumier.cli.Outputs;
import daumier.cli.console.Interrupts;
import daumier.cli.console.Progress;
import daumier.cli.picture.PictureFile;
import daumier.cli.run.AtomicFiles;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier policy export}: a policy's LoRA schedule for other programs. */
@Command(
        name = "export",
        sortOptions = false,
        description = {
            "Writes the LoRA schedule of a policy in a form that other programs read: the mean "
                    + "over made-up people that no training met, or the one for a face."
        },
        footer = {
            "",
            "Examples:",
            "  daumier policy export training-runs/mine --as loractl",
            "  daumier policy export policy.zip --as comfyui --face me.jpg --out keyframes.json",
            "  daumier policy export policy.zip --as diffusers --steps 30 --out scales.json"
        })
final class PolicyExportCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int EPISODES = 64;
    private static final int MOST_STEPS = 1000;
    private static final int LANES = 16;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "POLICY",
            description =
                    "A policy.zip, a run's folder, or the word rule for the hand-written "
                            + "closed-loop rule.")
    private Path policy;

    @Option(
            names = "--as",
            required = true,
            description =
                    "${COMPLETION-CANDIDATES}: weight@progress points of the loractl extension, "
                            + "ComfyUI's CreateHookKeyframe nodes in API format, or a JSON list "
                            + "with a scale for each step.")
    private ScheduleExport.Form form;

    @Option(
            names = "--face",
            paramLabel = "PORTRAIT",
            description = "The schedule for the face in this photograph.")
    private Path face;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            description = "The mean over so many made-up people (default: " + EPISODES + ").")
    private Integer episodes;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Sampling steps that the form diffusers is written for (default: "
                            + "${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--seed", defaultValue = "0", description = "Seed of the noise for --face.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write (default: the standard output).")
    private Path out;

    @Mixin private StudioOptions options;

    @Mixin private ModelOptions models;

    @Override
    public Integer call() throws IOException {
        check();
        Picture photograph = face == null ? null : PictureFile.read(face);
        if (out != null) {
            Outputs.check(out);
        }
        StopSignal stop = new StopSignal();
        try (Studio studio = options.open(false);
                Interrupts interrupts = Interrupts.listen(stop::raise)) {
            Settings settings = options.settings(studio);
            List<EpisodeSpec> drawn =
                    photograph == null ? people(studio) : List.of(portrait(studio, photograph));
            List<Outcome> outcomes;
            try (Trials trials =
                            new Trials(
                                    studio,
                                    settings,
                                    studio.episodes(Split.VALIDATION),
                                    Math.min(LANES, drawn.size()));
                    Progress progress = Progress.start("drawing", 0)) {
                ChosenPolicy chosen =
                        ChosenPolicy.of(policy, trials.observationSpace(), trials.actionSpace());
                progress.note(chosen.name());
                outcomes = trials.draw(chosen.policy(), drawn, stop);
            }
            if (interrupts.requested()) {
                return INTERRUPTED;
            }
            write(
                    photograph == null
                            ? ScheduleExport.mean(
                                    outcomes.stream().map(Outcome::decisions).toList())
                            : ScheduleExport.of(outcomes.get(0).decisions()));
        }
        return 0;
    }

    private void check() {
        if (face != null && episodes != null) {
            throw new ParameterException(
                    spec.commandLine(), "Give --face or --episodes, not both.");
        }
        if (episodes != null && (episodes < 1 || episodes > Split.VALIDATION.people())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--episodes must be 1 to %d.".formatted(Split.VALIDATION.people()));
        }
        if (steps < 1 || steps > MOST_STEPS) {
            throw new ParameterException(
                    spec.commandLine(), "--steps must be 1 to %d.".formatted(MOST_STEPS));
        }
    }

    /** Validation people: test faces are for comparisons alone. */
    private List<EpisodeSpec> people(Studio studio) {
        return studio.episodes(Split.VALIDATION)
                .numbered(0, episodes == null ? EPISODES : episodes);
    }

    private EpisodeSpec portrait(Studio studio, Picture photograph) throws IOException {
        try (FaceDoor door = FaceDoor.open(studio, models.folder())) {
            Sitting sitting = Sitting.of("face", door.read(face, photograph, 1), door.detector());
            String style = DefaultStyle.of(studio, options.loras());
            return sitting.episode(studio, Intent.NONE, Optional.empty(), 1, style, null, seed);
        }
    }

    private void write(ScheduleExport schedule) throws IOException {
        String text = schedule.text(form, steps) + "\n";
        if (out == null) {
            spec.commandLine().getOut().print(text);
        } else {
            AtomicFiles.write(out, text);
            spec.commandLine().getOut().println(out);
        }
        spec.commandLine().getOut().flush();
    }
}
