package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.agent.LearnedPolicy;
import daumier.agent.StopSignal;
import daumier.agent.rival.BestOf;
import daumier.agent.rival.Tuning;
import daumier.cli.Outputs;
import daumier.cli.Version;
import daumier.cli.console.Interrupts;
import daumier.cli.console.Progress;
import daumier.cli.run.AtomicFiles;
import daumier.env.Box;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daumier compare}: a policy and its rivals on the same held-out faces. */
@Command(
        name = "compare",
        sortOptions = false,
        description = {
            "Compares policies with static schedules, a ramp, difference from the mean, the"
                    + " hand-written closed-loop rule, random moves and no LoRA, on held-out faces."
                    + " Rivals are tuned on training faces first; everybody draws the same episodes;"
                    + " judges that no reward ever saw look at the pictures."
        },
        footer = {
            "",
            "Examples:",
            "  daumier compare",
            "  daumier compare --policy training-runs/mine --episodes 200 --json result.json"
        })
public final class CompareCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int LANES = 16;

    @Spec private CommandSpec spec;

    @Option(
            names = "--policy",
            split = ",",
            paramLabel = "FILE",
            description =
                    "Policy files or run folders (default: the reference run's policy). Without "
                            + "any, the rivals are compared among themselves.")
    private List<Path> policies = List.of();

    @Option(
            names = "--as-seeds",
            description =
                    "The policies are training seeds of one method: they share one row, with"
                            + " intervals over seeds and faces, and each is a dot on the chart.")
    private boolean asSeeds;

    @Option(
            names = "--episodes",
            defaultValue = "60",
            description =
                    "Held-out episodes, each with a face of its own (default: ${DEFAULT-VALUE}).")
    private int episodes;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description =
                    "Which held-out episodes: the first one's number (default: ${DEFAULT-VALUE}).")
    private int seed;

    @Option(
            names = "--tuning-episodes",
            defaultValue = "72",
            description =
                    "Training episodes that rivals are tuned on by successive halving; 0 leaves"
                            + " them untuned (default: ${DEFAULT-VALUE}).")
    private int tuningEpisodes;

    @Option(
            names = "--rule-tries",
            defaultValue = "40",
            description = "Candidates of the closed-loop rule (default: ${DEFAULT-VALUE}).")
    private int ruleTries;

    @Option(
            names = "--rivals",
            paramLabel = "FILE",
            description = "Tuned rivals of an earlier comparison (rivals.json), not tuned again.")
    private Path rivals;

    @Option(
            names = "--search",
            description =
                    "Lets a search take part that draws each portrait ten times: what there is to "
                            + "win.")
    private boolean search;

    @Option(
            names = "--best-of",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Lets the best of N quick static drawings take part, which together cost as many"
                            + " network calls as one drawing of the others; 0 leaves it out.")
    private int bestOf;

    @Option(
            names = "--ablations",
            description =
                    "Also lets learned policies draw with their eyes shut, with uniform strides, "
                            + "and by warps or by the map alone.")
    private boolean ablations;

    @Option(
            names = "--cma-es",
            paramLabel = "DRAWINGS",
            defaultValue = "0",
            description =
                    "Lets an open-loop schedule take part whose curves CMA-ES finds on training "
                            + "faces with so many drawings; 0 leaves it out.")
    private long cmaEs;

    @Option(
            names = "--known-weights",
            description =
                    "Lets a rival take part that knows each LoRA's own best constant weight, "
                            + "measured on the tuning episodes.")
    private boolean knownWeights;

    @Option(
            names = "--static-grid",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Lets every static schedule of the grid draw the first N faces, and charts"
                            + " their Pareto front; 0 leaves it out (default: ${DEFAULT-VALUE}).")
    private int staticGrid;

    @Option(names = "--lanes", description = "Pictures drawn at once (default: 16, large ones 4).")
    private Integer wishedLanes;

    private int lanes;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "comparison",
            description = "Where everything goes (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the JSON here too.")
    private Path json;

    @Mixin private StudioOptions options;

    @Override
    public Integer call() throws IOException {
        if (episodes < 2 || episodes + seed > Split.TEST.people() || seed < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--episodes must be 2 to %d with its --seed.".formatted(Split.TEST.people()));
        }
        if ((wishedLanes != null && wishedLanes < 1)
                || tuningEpisodes < 0
                || ruleTries < 1
                || staticGrid < 0
                || staticGrid > episodes
                || cmaEs < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--lanes and --rule-tries must be at least 1, --tuning-episodes and --cma-es at"
                            + " least 0, --static-grid from 0 to --episodes.");
        }
        Outputs.check(out.resolve("comparison.json"));
        if (json != null) {
            Outputs.check(json);
        }
        StopSignal stop = new StopSignal();
        try (Studio studio = options.open(true);
                Interrupts interrupts = Interrupts.listen(stop::raise)) {
            lanes = StudioOptions.lanes(studio, wishedLanes, LANES);
            Settings settings = options.settings(studio);
            requireShares(settings);
            Map<String, ChosenPolicy> chosen = chosen(studio, settings);
            Rivals tuned = tuned(studio, settings, stop);
            if (interrupts.requested()) {
                return INTERRUPTED;
            }
            Contest contest = contest(studio, settings, chosen, tuned, stop);
            List<EpisodeSpec> held = studio.episodes(Split.TEST).numbered(seed, episodes);
            Comparison comparison = contest.run(held, lanes);
            Optional<StaticGrid> grid =
                    staticGrid > 0 && !interrupts.requested()
                            ? Optional.of(contest.grid(held.subList(0, staticGrid), lanes))
                            : Optional.empty();
            if (interrupts.requested()) {
                return INTERRUPTED;
            }
            write(comparison, grid, studio, tuned);
        }
        return 0;
    }

    private void requireShares(Settings settings) {
        if (bestOf != 0) {
            try {
                BestOf.settings(settings, bestOf);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "--best-of " + bestOf + ": " + e.getMessage(), e);
            }
        }
    }

    private Map<String, ChosenPolicy> chosen(Studio studio, Settings settings) throws IOException {
        Map<String, ChosenPolicy> chosen = new LinkedHashMap<>();
        try (Trials probe = new Trials(studio, settings, studio.episodes(Split.TRAIN), 1)) {
            List<Path> files = new ArrayList<>(policies);
            if (files.isEmpty()) {
                ChosenPolicy.reference().ifPresent(files::add);
            }
            for (Path file : files) {
                ChosenPolicy policy =
                        ChosenPolicy.of(file, probe.observationSpace(), probe.actionSpace());
                String name = files.size() == 1 ? "policy" : policy.name();
                chosen.put(chosen.containsKey(name) ? file.toString() : name, policy);
            }
        }
        if (chosen.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("No policy is given and there is no reference run: rivals only.");
        }
        return chosen;
    }

    private Rivals tuned(Studio studio, Settings settings, StopSignal stop) throws IOException {
        if (rivals != null) {
            return Rivals.read(rivals);
        }
        if (tuningEpisodes == 0) {
            return Rivals.untuned();
        }
        Rivals result;
        try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TRAIN), lanes);
                Progress progress = Progress.start("tuning rivals on training faces", 0)) {
            List<EpisodeSpec> known = studio.episodes(Split.TRAIN).numbered(0, tuningEpisodes);
            Tuning tuning =
                    new Tuning(
                            trials.environment(),
                            known,
                            Math.max(2, tuningEpisodes / 9),
                            stop,
                            progress::print);
            result = Rivals.tuned(tuning, trials.observationSpace(), ruleTries);
        }
        if (!stop.isRaised()) {
            AtomicFiles.write(out.resolve(Rivals.FILE), pretty(result.toJson()));
        }
        return result;
    }

    private Contest contest(
            Studio studio,
            Settings settings,
            Map<String, ChosenPolicy> chosen,
            Rivals tuned,
            StopSignal stop) {
        Contest contest = new Contest(studio, settings, stop);
        Box observations = Observation.SPACE;
        Box actions = Move.SPACE;
        entered(chosen)
                .forEach(
                        (name, policies) -> {
                            contest.add(
                                    name,
                                    policies.stream()
                                            .map(ChosenPolicy::description)
                                            .collect(Collectors.joining(" ")),
                                    policies.stream().map(ChosenPolicy::policy).toList());
                        });
        Map<String, String> descriptions = tuned.descriptions();
        tuned.policies(observations, actions, seed)
                .forEach(
                        (name, policy) ->
                                contest.add(name, descriptions.get(name), List.of(policy)));
        if (ablations) {
            entered(chosen)
                    .forEach(
                            (name, policies) ->
                                    contest.addAblations(
                                            name, learned(policies), observations, actions));
        }
        if (cmaEs > 0) {
            contest.addOpenLoop(tuned.fixed(observations), cmaEs, seed);
        }
        if (knownWeights) {
            contest.addKnownWeights(tuned.fixed(observations), Math.max(2, tuningEpisodes));
        }
        if (search) {
            contest.addSearch(tuned.rule(observations), seed);
        }
        if (bestOf > 0) {
            contest.addBestOf(bestOf, tuned.fixed(observations), seed);
        }
        return contest;
    }

    /** The policies by the names they enter under: one each, or all as seeds of one. */
    private Map<String, List<ChosenPolicy>> entered(Map<String, ChosenPolicy> chosen) {
        Map<String, List<ChosenPolicy>> entered = new LinkedHashMap<>();
        if (asSeeds && chosen.size() > 1) {
            entered.put("policy, %d seeds".formatted(chosen.size()), List.copyOf(chosen.values()));
        } else {
            chosen.forEach((name, policy) -> entered.put(name, List.of(policy)));
        }
        return entered;
    }

    private static List<LearnedPolicy> learned(List<ChosenPolicy> policies) {
        return policies.stream()
                .map(ChosenPolicy::policy)
                .filter(LearnedPolicy.class::isInstance)
                .map(LearnedPolicy.class::cast)
                .toList();
    }

    private void write(
            Comparison comparison, Optional<StaticGrid> grid, Studio studio, Rivals tuned)
            throws IOException {
        String pack = Outputs.name(studio.pack().folder());
        Map<String, String> about = new LinkedHashMap<>();
        about.put("pack", pack);
        about.put("test episodes", "%d, from number %d on".formatted(episodes, seed));
        about.put(
                "rivals",
                rivals != null
                        ? "from " + Outputs.name(rivals)
                        : tuningEpisodes == 0
                                ? "not tuned"
                                : "tuned on %d training episodes, the rule by %d tries"
                                        .formatted(tuningEpisodes, ruleTries));
        about.put("version", "Daumier " + Version.number());
        JsonObject all = new JsonObject();
        all.addProperty("daumier", Version.number());
        all.addProperty("pack", pack);
        all.addProperty("split", "test");
        all.addProperty("episodes", episodes);
        all.addProperty("seed", seed);
        all.addProperty("tuning_episodes", rivals == null ? tuningEpisodes : 0);
        all.add("rivals", tuned.toJson());
        ComparisonReport report = new ComparisonReport(comparison, grid);
        report.writeTo(out, all, about);
        if (json != null) {
            AtomicFiles.write(json, Files.readString(out.resolve(ComparisonReport.JSON)));
        }
        for (Comparison.Eyes eyes : comparison.eyes()) {
            spec.commandLine()
                    .getOut()
                    .println(
                            eyes == Comparison.Eyes.JUDGES
                                    ? "By judges that no reward ever saw:"
                                    : "By the reward's networks:");
            spec.commandLine().getOut().println(report.table(eyes));
        }
        spec.commandLine().getOut().println("Look at " + out.resolve("report.html"));
        spec.commandLine().getOut().flush();
    }

    private static String pretty(JsonObject object) {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(object)
                + "\n";
    }
}
