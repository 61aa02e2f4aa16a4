package daumier.cli.studio;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import daumier.agent.Demonstrations;
import daumier.agent.Policy;
import daumier.agent.StopSignal;
import daumier.agent.rival.ClosedLoopRule;
import daumier.agent.rival.Portraits;
import daumier.agent.rival.Tuning;
import daumier.agent.rl4j.BehaviourCloning;
import daumier.agent.rl4j.PpoLearner;
import daumier.cli.UserException;
import daumier.cli.console.Interrupts;
import daumier.cli.console.Progress;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The beginning of a training: the policy imitates the hand-written closed-loop rule, which was
 * tuned on training faces if there is time. Learning starts where the rule stands.
 */
final class Imitation {
    /** Disturbs the rule's own drawings, so that mistakes are seen and mended. */
    private static final double NOISE = 0.12;

    /** Situations round each that was seen, about which the rule is asked too. */
    private static final int IMAGINED = 8;

    /** How far they lie from it, in standard deviations of all that was seen. */
    private static final double WIDTH = 0.25;

    /** Parts of observations that say where a drawing stands: they do not vary freely. */
    private static final Set<String> PLACE =
            Set.of("progress", "log_snr", "decisions_left", "seen", "calls");

    /** Training faces that the rule is tuned on. */
    private static final int TUNED_ON = 48;

    private static final int FIRST_TUNED = 60_000;
    private static final int FIRST_WATCHED = 50_000;

    private final Studio studio;
    private final Settings settings;
    private final TrainPlan plan;
    private final StopSignal stop;
    private final Optional<ClosedLoopRule.Gains> known;

    /**
     * An imitation.
     *
     * @param known constants of the rule if it was tuned earlier
     */
    Imitation(
            Studio studio,
            Settings settings,
            TrainPlan plan,
            StopSignal stop,
            Optional<ClosedLoopRule.Gains> known) {
        this.known = known;
        this.studio = studio;
        this.settings = settings;
        this.plan = plan;
        this.stop = stop;
    }

    /**
     * About how many portraits an imitation draws.
     *
     * @param known whether the rule was tuned earlier
     */
    static long portraits(TrainPlan plan, boolean known) {
        if (plan.demonstrations() == 0) {
            return 0;
        }
        int tries = known ? 1 : plan.ruleTries();
        return plan.demonstrations()
                + (tries > 1 ? TimeEstimate.tuning(tries, TUNED_ON / 6, TUNED_ON) : 0);
    }

    /**
     * A learner that imitates and what a run's configuration says of it.
     *
     * @param student the learner
     * @param said how many episodes of whom, and how well
     */
    record Result(Student student, JsonObject said) {}

    /**
     * Lets a fresh learner imitate, if the plan says so and the learner can.
     *
     * @throws UserException if Ctrl-C was pressed meanwhile
     */
    Result of(Student fresh) {
        JsonObject said = new JsonObject();
        if (plan.demonstrations() == 0 || !(fresh instanceof Student.Ppo ppo)) {
            said.addProperty("done", false);
            said.addProperty("episodes", 0);
            return new Result(fresh, said);
        }
        Demonstrations shown = watch(said);
        BehaviourCloning.Result result =
                BehaviourCloning.imitate(
                        ppo.learner().checkpoint(Map.of()),
                        shown,
                        BehaviourCloning.Regression.standard(),
                        plan.seed());
        said.addProperty("expert_reward_with_noise", shown.meanReward());
        said.addProperty("mean_squared_error_before", result.firstError());
        said.addProperty("mean_squared_error_after", result.lastError());
        return new Result(new Student.Ppo(PpoLearner.resume(result.bundle())), said);
    }

    private Demonstrations watch(JsonObject said) {
        List<EpisodeSpec> episodes =
                studio.episodes(Split.TRAIN).numbered(FIRST_WATCHED, plan.demonstrations());
        try (Trials trials =
                        new Trials(studio, settings, studio.episodes(Split.TRAIN), plan.lanes());
                Interrupts interrupts = Interrupts.listen(stop::raise)) {
            ClosedLoopRule rule = expert(trials);
            said.addProperty("done", true);
            said.addProperty("episodes", plan.demonstrations());
            said.addProperty("expert", Rivals.RULE);
            said.addProperty("expert_tuned_over", known.isPresent() ? 0 : plan.ruleTries());
            said.add("expert_gains", new Gson().toJsonTree(rule.gains()));
            said.addProperty("noise", NOISE);
            Demonstrations shown;
            try (Progress progress =
                    Progress.start("watching the closed-loop rule", episodes.size())) {
                shown =
                        Demonstrations.collect(
                                trials.environment(),
                                counted(rule, progress, episodes.size()),
                                Portraits.starts(episodes),
                                NOISE,
                                plan.seed(),
                                stop);
            }
            if (interrupts.requested()) {
                throw new UserException(
                        "Interrupted before the training began; remove the run's folder and begin"
                                + " again.");
            }
            said.addProperty("decisions", shown.size());
            said.addProperty("imagined_for_each", IMAGINED);
            return shown.widened(
                    rule, trials.observationSpace(), PLACE, IMAGINED, WIDTH, plan.seed());
        }
    }

    /** The rule, as good as the plan has time to make it. */
    private ClosedLoopRule expert(Trials trials) {
        if (known.isPresent() || plan.ruleTries() <= 1) {
            return new ClosedLoopRule(
                    trials.observationSpace(), known.orElseGet(ClosedLoopRule.Gains::standard));
        }
        List<EpisodeSpec> known = studio.episodes(Split.TRAIN).numbered(FIRST_TUNED, TUNED_ON);
        try (Progress progress = Progress.start("tuning the closed-loop rule", 0)) {
            Tuning tuning =
                    new Tuning(trials.environment(), known, TUNED_ON / 6, stop, progress::print);
            return tuning.best(
                    Tuning.rules(trials.observationSpace(), plan.ruleTries(), plan.seed()));
        }
    }

    private Policy counted(Policy rule, Progress progress, int episodes) {
        long[] decisions = {0};
        return (observations, starts, deterministic) -> {
            decisions[0] += observations.length;
            progress.at(Math.min(episodes, decisions[0] / settings.decisions()));
            return rule.act(observations, starts, deterministic);
        };
    }
}
