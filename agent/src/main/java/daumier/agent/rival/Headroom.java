package daumier.agent.rival;

import daumier.agent.StopSignal;
import daumier.env.Box;
import daumier.env.VectorEnvironment;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What there is to win before any policy is trained: static schedules, the ramp, difference from
 * the mean, the LoRAs' own best weights, the closed-loop rule and a search with ten times the
 * network calls, all tuned on training portraits and compared on others.
 */
public final class Headroom {
    /** Index of the best static schedule among the entrants. */
    public static final int BEST_STATIC = 0;

    private static final double[] WEIGHTS = {0.25, 0.4, 0.55, 0.7, 0.85, 1, 1.2};
    private static final int SEARCH_ROUNDS = 10;
    private static final long SEED = 7;

    private final VectorEnvironment<double[]> environment;
    private final Tuning tuning;
    private final List<EpisodeSpec> train;
    private final int rules;
    private final StopSignal stop;
    private final Consumer<String> log;

    /**
     * A measurement.
     *
     * @param environment lanes that do not reset themselves, with judges if the report is to have
     *     them
     * @param train training portraits, about a hundred
     * @param first how many of them every candidate draws at first, about eight
     * @param rules how many closed-loop rules are tried, about forty
     * @param log hears how it goes on
     */
    public Headroom(
            VectorEnvironment<double[]> environment,
            List<EpisodeSpec> train,
            int first,
            int rules,
            StopSignal stop,
            Consumer<String> log) {
        this.environment = environment;
        this.train = List.copyOf(train);
        this.rules = rules;
        this.stop = stop;
        this.log = log;
        this.tuning = new Tuning(environment, train, first, stop, log);
    }

    /**
     * Tunes all rivals and lets them draw.
     *
     * @param test portraits that nobody was tuned on
     * @param search whether the search with ten times the calls takes part
     */
    public Comparison run(List<EpisodeSpec> test, boolean search) {
        Box space = environment.observationSpace();
        List<Entrant> entrants = new ArrayList<>();
        StaticSchedule fixed = tuning.best(Tuning.grid(space));
        entrants.add(entrant("best static schedule", fixed, test));
        StaticSchedule ramp = tuning.best(Tuning.ramps(space));
        entrants.add(entrant("ramp 0.3 to 0.7", ramp, test));
        DifferenceFromMean difference = tuning.best(Tuning.differences(space));
        entrants.add(entrant("difference from mean", difference, test));
        KnownWeights known = KnownWeights.measured(environment, fixed, WEIGHTS, train);
        log.accept("best weights: " + known.weights());
        entrants.add(
                new Entrant(
                        "best weight of each LoRA known",
                        known.toString(),
                        known.draw(environment, test)));
        ClosedLoopRule rule = tuning.best(Tuning.rules(space, rules, SEED));
        entrants.add(entrant("closed-loop rule", rule, test));
        if (search) {
            List<Outcome> found =
                    new GuidedSearch(SEARCH_ROUNDS, rule, SEED).draw(environment, test);
            entrants.add(new Entrant("guided search, 10 x calls", "", found));
        }
        return new Comparison(entrants, BEST_STATIC);
    }

    private Entrant entrant(String name, Rival rival, List<EpisodeSpec> test) {
        log.accept(name + ": " + rival.constants());
        List<Outcome> outcomes = Portraits.play(environment, rival, test, stop);
        return new Entrant(name, rival.constants(), outcomes);
    }
}
