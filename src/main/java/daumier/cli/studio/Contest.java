package daumier.cli.studio;

import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.agent.StopSignal;
import daumier.agent.rival.BestOf;
import daumier.agent.rival.ClosedLoopRule;
import daumier.agent.rival.GuidedSearch;
import daumier.agent.rival.KnownWeights;
import daumier.agent.rival.OpenLoopSchedule;
import daumier.agent.rival.StaticSchedule;
import daumier.agent.rival.Tuning;
import daumier.cli.console.Progress;
import daumier.env.Box;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everybody who takes part in a comparison. All draw the same held-out episodes, one by one. */
final class Contest {
    /** The schedule that CMA-ES finds. */
    static final String OPEN_LOOP = "CMA-ES, open loop";

    /** The static schedules that know each LoRA. */
    static final String KNOWN = "each LoRA's best weight";

    private static final int FIRST_CMA = 30_000;
    private static final int CMA_PEOPLE = 2000;
    private static final int CMA_BATCH = 12;
    private static final double[] WEIGHTS = {0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.2};
    private static final int SEARCH_ROUNDS = 10;

    /** One way of drawing the episodes. */
    private interface Hand {
        List<Outcome> draw(Trials trials, List<EpisodeSpec> held, Progress progress);
    }

    private record Entry(Settings settings, List<Hand> hands) {}

    private final Studio studio;
    private final Settings settings;
    private final StopSignal stop;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> descriptions = new LinkedHashMap<>();

    /**
     * A contest without anybody.
     *
     * @param settings how all draw
     */
    Contest(Studio studio, Settings settings, StopSignal stop) {
        this.studio = studio;
        this.settings = settings.withPictures();
        this.stop = stop;
    }

    private void enter(String name, String description, Settings how, List<Hand> hands) {
        entries.put(name, new Entry(how, hands));
        descriptions.put(name, description);
    }

    private Hand hand(Policy policy) {
        return (trials, held, progress) -> trials.draw(policy, held, stop);
    }

    /** A policy, or several that count as training seeds of one. */
    void add(String name, String description, List<Policy> seeds) {
        enter(name, description, settings, seeds.stream().map(this::hand).toList());
    }

    /** Learned policies with their eyes shut, with uniform strides, by warps or the map alone. */
    void addAblations(String name, List<LearnedPolicy> seeds, Box observations, Box actions) {
        Map<String, List<Policy>> changed = new LinkedHashMap<>();
        for (LearnedPolicy seed : seeds) {
            Ablations.of(name, seed, observations, actions)
                    .forEach(
                            (what, policy) ->
                                    changed.computeIfAbsent(what, w -> new ArrayList<>())
                                            .add(policy));
        }
        changed.forEach((what, policies) -> add(what, Ablations.description(what), policies));
        if (settings.means() == Settings.Means.BOTH && !seeds.isEmpty()) {
            addWithMeans(name + Ablations.BY_WARPS, Settings.Means.WARP, seeds);
            addWithMeans(name + Ablations.BY_MAP, Settings.Means.ADAPTER, seeds);
        }
    }

    private void addWithMeans(String name, Settings.Means means, List<LearnedPolicy> seeds) {
        enter(
                name,
                Ablations.description(name),
                settings.withMeans(means),
                seeds.stream().<Hand>map(this::hand).toList());
    }

    /** Curves that CMA-ES finds with so many drawings of training faces. */
    void addOpenLoop(StaticSchedule start, long drawings, long seed) {
        Hand hand =
                (trials, held, progress) -> {
                    OpenLoopSchedule found =
                            OpenLoopSchedule.searched(
                                    trials.environment(),
                                    start,
                                    studio.episodes(Split.TRAIN).numbered(FIRST_CMA, CMA_PEOPLE),
                                    CMA_BATCH,
                                    drawings,
                                    seed,
                                    stop,
                                    progress::print);
                    descriptions.put(OPEN_LOOP, found.constants());
                    return trials.draw(found, held, stop);
                };
        enter(OPEN_LOOP, "", settings, List.of(hand));
    }

    /** Constant weights that are best for each LoRA on training episodes. */
    void addKnownWeights(StaticSchedule like, int episodes) {
        Hand hand =
                (trials, held, progress) -> {
                    KnownWeights known =
                            KnownWeights.measured(
                                    trials.environment(),
                                    like,
                                    WEIGHTS,
                                    studio.episodes(Split.TRAIN).numbered(0, episodes));
                    descriptions.put(
                            KNOWN,
                            "static, told each LoRA's best weight in advance: " + known.weights());
                    return known.draw(trials.environment(), held);
                };
        enter(KNOWN, "", settings, List.of(hand));
    }

    /** A search that draws each portrait ten times. */
    void addSearch(ClosedLoopRule rule, long seed) {
        Hand hand =
                (trials, held, progress) ->
                        new GuidedSearch(SEARCH_ROUNDS, rule, seed)
                                .draw(trials.environment(), held);
        enter(
                Rivals.SEARCH,
                "each portrait is drawn ten times by the rule, nudged each time by what was missed,"
                        + " and the best by the reward is kept",
                settings,
                List.of(hand));
    }

    /** The best of several quick static drawings that cost as many calls as one of the others. */
    void addBestOf(int count, StaticSchedule schedule, long seed) {
        Settings quick = BestOf.settings(settings, count);
        BestOf best = new BestOf(count, schedule, seed);
        enter(
                "best of %d static drawings".formatted(count),
                ("each portrait is drawn %d times from other noise by the best static schedule, with"
                                + " %d calls each, and the best by the reward is kept")
                        .formatted(count, quick.decisions() * quick.callsPerDecision()),
                quick,
                List.of((trials, held, progress) -> best.draw(trials.environment(), held)));
    }

    /**
     * Lets everybody draw; incomplete if stopped.
     *
     * @param held the episodes
     * @param lanes pictures drawn at once
     */
    Comparison run(List<EpisodeSpec> held, int lanes) {
        Map<String, List<List<Outcome>>> runs = new LinkedHashMap<>();
        long hands = entries.values().stream().mapToLong(entry -> entry.hands().size()).sum();
        try (Progress progress = Progress.start("drawing held-out faces", hands * held.size())) {
            entries.forEach(
                    (name, entry) -> {
                        progress.note(name);
                        runs.put(name, run(entry, held, lanes, progress));
                    });
        }
        return new Comparison(runs, descriptions);
    }

    /**
     * Lets every static schedule of the grid draw; incomplete if stopped.
     *
     * @param held the episodes
     * @param lanes pictures drawn at once
     */
    StaticGrid grid(List<EpisodeSpec> held, int lanes) {
        List<StaticGrid.Member> members = new ArrayList<>();
        List<StaticSchedule> grid = Tuning.grid(Observation.SPACE);
        int side = Math.min(lanes, held.size());
        try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TEST), side);
                Progress progress =
                        Progress.start(
                                "drawing the static grid", (long) grid.size() * held.size())) {
            for (StaticSchedule schedule : grid) {
                if (stop.isRaised()) {
                    break;
                }
                members.add(
                        new StaticGrid.Member(
                                schedule,
                                trials.draw(schedule, held, stop).stream()
                                        .map(Contest::withoutPicture)
                                        .toList()));
                progress.advance(held.size());
            }
        }
        return new StaticGrid(members, held.size());
    }

    /** Hundreds of schedules draw more pictures than memory should hold. */
    private static Outcome withoutPicture(Outcome o) {
        return new Outcome(
                o.spec(), o.reward(), o.judged(), o.unetCalls(), o.seconds(), o.decisions(), null);
    }

    private List<List<Outcome>> run(
            Entry entry, List<EpisodeSpec> held, int lanes, Progress progress) {
        List<List<Outcome>> drawn = new ArrayList<>();
        try (Trials trials =
                new Trials(
                        studio,
                        entry.settings(),
                        studio.episodes(Split.TEST),
                        Math.min(lanes, held.size()))) {
            for (Hand hand : entry.hands()) {
                if (!stop.isRaised()) {
                    drawn.add(hand.draw(trials, held, progress));
                    progress.advance(held.size());
                }
            }
        }
        return drawn;
    }
}
