package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import daumier.agent.Policy;
import daumier.agent.StopSignal;
import daumier.agent.rival.Tuning;
import daumier.cli.chart.RunCurves;
import daumier.cli.console.Progress;
import daumier.cli.run.RunFolder;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rivals that a run is seen against: their constants in {@code rivals.json}, and what they
 * score on the very validation faces of the run, for its curves.
 */
final class RunRivals {
    /** Training faces that the static schedules of a run are tuned on. */
    private static final int TUNED_ON = 24;

    /** How many of them all candidates draw. */
    private static final int FIRST = 8;

    /** The rivals that are scored. */
    private static final List<String> SCORED = List.of(Rivals.STATIC, Rivals.RAMP, Rivals.RULE);

    private RunRivals() {}

    /** Portraits that are drawn when nobody gives tuned rivals, or when somebody does. */
    static long portraits(TrainPlan plan, boolean given) {
        if (!given && plan.preset() == TrainPlan.Preset.QUICK) {
            return 0;
        }
        long tuning =
                given
                        ? 0
                        : TimeEstimate.tuning(
                                Rivals.coarse(Observation.SPACE).size(), FIRST, TUNED_ON);
        return tuning + (long) SCORED.size() * plan.validation();
    }

    /**
     * Records rivals in a run; without any given, a run with little time has none.
     *
     * @param given tuned ones, or null
     */
    static void record(
            RunFolder run,
            Studio studio,
            Settings settings,
            TrainPlan plan,
            Rivals given,
            Validation validation,
            StopSignal stop)
            throws IOException {
        if (portraits(plan, given != null) == 0) {
            return;
        }
        Rivals rivals = given == null ? tuned(studio, settings, plan, stop) : given;
        Map<String, Policy> policies = rivals.policies(Observation.SPACE, Move.SPACE, plan.seed());
        JsonObject scores = new JsonObject();
        try (Progress progress = Progress.start("rivals on validation faces", SCORED.size())) {
            for (String name : SCORED) {
                Validation.Result result = validation.of(policies.get(name), stop);
                if (!result.complete()) {
                    return;
                }
                scores.add(name, new Gson().toJsonTree(result.figures()));
                progress.advance(1);
            }
        }
        run.writeJson(Rivals.FILE, rivals.toJson());
        run.writeJson(RunCurves.RIVALS, scores);
    }

    private static Rivals tuned(Studio studio, Settings settings, TrainPlan plan, StopSignal stop) {
        int lanes = Math.min(plan.lanes(), TUNED_ON);
        try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TRAIN), lanes);
                Progress progress = Progress.start("tuning static schedules", 0)) {
            List<EpisodeSpec> known = studio.episodes(Split.TRAIN).numbered(0, TUNED_ON);
            return Rivals.hurried(
                    new Tuning(trials.environment(), known, FIRST, stop, progress::note),
                    trials.observationSpace());
        }
    }

    /** The rivals of a run, as a policy's provenance keeps them. */
    static Optional<String> provenance(RunFolder run) throws IOException {
        Path file = run.file(Rivals.FILE);
        return Files.isRegularFile(file)
                ? Optional.of(new Gson().toJson(Rivals.read(file).toJson()))
                : Optional.empty();
    }
}
