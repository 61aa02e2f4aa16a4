package daumier.cli.studio;

import com.google.gson.JsonObject;
import daumier.agent.Policy;
import daumier.cli.console.Progress;
import daumier.env.LaneReset;
import daumier.env.VectorStep;
import daumier.env.caricature.CaricatureVectorEnvironment;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How long a training will take, from its first drawings, which are timed. The updates of the
 * policy's small networks are not in it; the progress bar, which sees them, takes over.
 *
 * @param measured decisions that were timed
 * @param pace decisions a second, all lanes together
 * @param preparation seconds until learning begins: rivals, imitation
 * @param learning seconds of the drawings that are learned from
 * @param evaluation seconds of the evaluations on held-out faces
 */
record TimeEstimate(
        int measured, double pace, double preparation, double learning, double evaluation) {
    private static final int KEPT = 4;

    /**
     * Draws the first episode of every lane and reckons.
     *
     * @param preparing episodes that are drawn before learning begins
     * @param policy that draws
     */
    static TimeEstimate measure(
            Studio studio, Settings settings, TrainPlan plan, long preparing, Policy policy) {
        try (Trials trials =
                new Trials(studio, settings, studio.episodes(Split.TRAIN), plan.lanes())) {
            CaricatureVectorEnvironment lanes = trials.environment();
            double[][] seen =
                    lanes.reset(LaneReset.all(plan.lanes(), OptionalLong.of(plan.seed()), Map.of()))
                            .observations();
            boolean[] starts = new boolean[plan.lanes()];
            int decisions = 0;
            long begun = 0;
            long ended = 0;
            for (boolean drawing = true; drawing; ) {
                VectorStep step = lanes.step(Arrays.asList(policy.act(seen, starts, true)));
                seen = step.observations();
                ended = System.nanoTime();
                drawing = false;
                for (int i = 0; i < plan.lanes(); i++) {
                    // The first decision warms the networks up and is not timed.
                    decisions += begun == 0 || step.parked()[i] ? 0 : 1;
                    drawing |= !step.parked()[i] && !step.ended(i);
                }
                begun = begun == 0 ? ended : begun;
            }
            double seconds = Math.max(1e-9, (ended - begun) * 1e-9);
            return of(plan, settings, preparing, decisions, Math.max(1, decisions) / seconds);
        }
    }

    /**
     * About how many portraits a tuning draws, whose rounds keep a quarter of the candidates and
     * take three times the portraits.
     *
     * @param candidates at least 1
     * @param first portraits of the first round
     * @param all portraits there are
     */
    static long tuning(int candidates, int first, int all) {
        long drawn = 0;
        int portraits = Math.min(first, all);
        for (int left = candidates; ; left = (left + KEPT - 1) / KEPT) {
            drawn += (long) left * portraits;
            if (left <= KEPT || portraits == all) {
                return drawn;
            }
            portraits = Math.min(3 * portraits, all);
        }
    }

    /** Reckons from a pace. */
    static TimeEstimate of(
            TrainPlan plan, Settings settings, long preparing, int measured, double pace) {
        double portrait = settings.decisions() / pace;
        long between = (long) plan.rollout() * plan.lanes() * plan.evaluateEvery();
        double evaluation = plan.validation() * portrait;
        double learning = plan.steps() / pace;
        double evaluations = (plan.steps() / between) * evaluation;
        double bound = plan.minutes() > 0 ? 60 * plan.minutes() : Double.POSITIVE_INFINITY;
        double fits = Math.min(1, bound / Math.max(1e-9, learning + evaluations));
        // One evaluation before the first step and one after the last are outside the bound.
        return new TimeEstimate(
                measured,
                pace,
                preparing * portrait,
                fits * learning,
                fits * evaluations + 2 * evaluation);
    }

    /** Seconds of the whole training, unless it stops early. */
    double seconds() {
        return preparation + learning + evaluation;
    }

    /** What a person wants to know. */
    String line() {
        return String.format(
                Locale.ROOT,
                "about %s: %s of preparation, %s of learning, %s of evaluations (%d decisions"
                        + " timed, %.1f a second)",
                duration(seconds()),
                duration(preparation),
                duration(learning),
                duration(evaluation),
                measured,
                pace);
    }

    private static String duration(double seconds) {
        return Progress.duration(Duration.ofSeconds(Math.round(seconds)));
    }

    /** For a run's configuration. */
    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("seconds", Math.rint(seconds()));
        json.addProperty("decisions_timed", measured);
        json.addProperty("decisions_per_second", Math.rint(100 * pace) / 100);
        return json;
    }
}
