package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.RandomPolicy;
import daumier.agent.StopSignal;
import daumier.cli.UserException;
import daumier.cli.chart.RunCurves;
import daumier.cli.run.CsvTable;
import daumier.cli.run.RunFolder;
import daumier.cli.run.RunLog;
import daumier.diffusion.nn.Precision;
import daumier.env.Box;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Move;
import daumier.env.caricature.Observation;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.env.caricature.Terms;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and comparing on a pack of untrained networks: everything runs, nothing is pretty. */
final class TrainingTest {
    @TempDir private Path folder;
    private Studio studio;

    @BeforeEach
    void open() throws IOException {
        studio = TinyStudio.open(folder.resolve("pack"));
    }

    @AfterEach
    void close() {
        if (studio != null) {
            studio.close();
        }
    }

    private static TrainPlan plan(TrainPlan.LearnerName learner, long steps) {
        return plan(learner, steps, 0, 0);
    }

    /** Two lanes, rollouts of three steps, two validation faces after every iteration. */
    static TrainPlan plan(TrainPlan.LearnerName learner, long steps, double minutes, int patience) {
        return new TrainPlan(
                TrainPlan.Preset.QUICK,
                learner,
                steps,
                minutes,
                2,
                3,
                learner == TrainPlan.LearnerName.PPO ? 2 : 0,
                5,
                learner == TrainPlan.LearnerName.PPO,
                learner == TrainPlan.LearnerName.PPO ? 2 : 0,
                1,
                2,
                1,
                patience,
                "pack",
                TinyStudio.settings().means(),
                Precision.FP32,
                1,
                List.of(),
                TinyStudio.settings().technique());
    }

    private int begin(Path run, TrainPlan plan) throws IOException {
        return begin(run, plan, Training.Start.fresh());
    }

    private int begin(Path run, TrainPlan plan, Training.Start start) throws IOException {
        try (Training training =
                Training.begin(
                        run,
                        plan,
                        studio,
                        TinyStudio.settings(),
                        start,
                        new PrintWriter(new StringWriter()))) {
            return training.run();
        }
    }

    private int resume(Path run, TrainPlan plan) throws IOException {
        try (Training training =
                Training.resume(
                        RunFolder.open(run),
                        plan,
                        studio,
                        TinyStudio.settings(),
                        new PrintWriter(new StringWriter()))) {
            return training.run();
        }
    }

    @Test
    void aRunLeavesEverythingItPromises() throws IOException {
        Path path = folder.resolve("run");
        assertEquals(0, begin(path, plan(TrainPlan.LearnerName.PPO, 12)));
        for (String name :
                List.of(
                        "config.json",
                        "progress.csv",
                        "monitor.csv",
                        "evaluations.csv",
                        "policy.zip",
                        "curves.png",
                        "curves.svg",
                        "curves.csv",
                        "report.html",
                        "checkpoints/policy_12_steps.zip",
                        "samples/validation_0000000.png")) {
            assertTrue(Files.size(path.resolve(name)) > 0, name);
        }
        RunFolder run = RunFolder.open(path);
        JsonObject imitation = run.config().getAsJsonObject("imitation");
        assertTrue(imitation.get("done").getAsBoolean());
        assertEquals(2, imitation.get("episodes").getAsInt());
        assertTrue(
                imitation.get("mean_squared_error_after").getAsDouble()
                        < imitation.get("mean_squared_error_before").getAsDouble());
        assertArrayEquals(
                new double[] {0, 6, 12},
                CsvTable.read(path.resolve("evaluations.csv")).column(RunLog.STEPS));
        assertEquals(4, run.monitor().rows().size());
        assertEquals(2, run.progress().rows().size());
        PolicyBundle bundle = ChosenPolicy.read(path.resolve("policy.zip"));
        assertFalse(bundle.arrays().keySet().stream().anyMatch(a -> a.startsWith("optimizer")));
        assertThrows(UserException.class, () -> resume(path, plan(TrainPlan.LearnerName.PPO, 12)));
        assertThrows(IOException.class, () -> begin(path, plan(TrainPlan.LearnerName.PPO, 12)));
    }

    @Test
    void aResumedRunIsTheSameBitByBitAndABeginningForAnother() throws IOException {
        Path path = folder.resolve("run");
        TrainPlan plan = plan(TrainPlan.LearnerName.PPO, 12);
        begin(path, plan);
        Path last = path.resolve("checkpoints/policy_12_steps.zip");
        PolicyBundle whole = ChosenPolicy.read(last);
        byte[] evaluations = Files.readAllBytes(path.resolve("evaluations.csv"));
        // As if it had been stopped after the checkpoint in the middle.
        Files.delete(last);
        assertEquals(0, resume(path, plan));
        PolicyBundle resumed = ChosenPolicy.read(last);
        assertEquals(whole.counters(), resumed.counters());
        whole.arrays()
                .forEach(
                        (name, array) ->
                                assertArrayEquals(
                                        array.values(), resumed.arrays().get(name).values(), name));
        assertArrayEquals(evaluations, Files.readAllBytes(path.resolve("evaluations.csv")));
        assertEquals(4, RunFolder.open(path).monitor().rows().size());
        Path other = folder.resolve("other");
        PolicyBundle origin = ChosenPolicy.bundle(path);
        Student.requireFitting(origin, "policy.zip");
        assertEquals(
                0,
                begin(
                        other,
                        plan(TrainPlan.LearnerName.PPO, 6),
                        new Training.Start("policy.zip", origin, null)));
        JsonObject config = RunFolder.open(other).config();
        assertEquals("policy.zip", config.get("init").getAsString());
        assertEquals("run", config.getAsJsonObject("init_provenance").get("run").getAsString());
    }

    @Test
    void aRunKeepsTheRivalsItIsSeenAgainst() throws IOException {
        Path path = folder.resolve("run");
        Rivals rivals = Rivals.untuned();
        assertEquals(
                0,
                begin(
                        path,
                        plan(TrainPlan.LearnerName.PPO, 6),
                        new Training.Start("", null, rivals)));
        assertEquals(rivals, Rivals.read(path.resolve(Rivals.FILE)));
        ChosenPolicy chosen =
                ChosenPolicy.of(path.resolve("policy.zip"), Observation.SPACE, Move.SPACE);
        assertEquals(rivals, chosen.rivals().orElseThrow(), "the policy file alone has them");
        RunCurves curves = new RunCurves(List.of(RunFolder.open(path)));
        curves.figure(false);
        for (String name : List.of("policy", Rivals.STATIC, Rivals.RAMP, Rivals.RULE)) {
            assertTrue(curves.csv().contains("\"" + name + "\""), name);
        }
        assertTrue(RunFolder.open(path).config().has("estimate"));
        Files.writeString(path.resolve(RunCurves.RIVALS), "[]");
        assertThrows(
                IOException.class, () -> new RunCurves(List.of(RunFolder.open(path))), "damaged");
    }

    @Test
    void aRunThatNoLongerImprovesIsBroughtToItsEnd() throws IOException {
        Path path = folder.resolve("run");
        begin(path, plan(TrainPlan.LearnerName.PPO, 6));
        // As if the first evaluation had been one that nothing can surpass.
        Path file = path.resolve("evaluations.csv");
        List<String> rows = new ArrayList<>(Files.readAllLines(file));
        rows.set(1, rows.get(1).replaceFirst("^0,[^,]*", "0,99"));
        Files.write(file, rows);
        assertEquals(0, resume(path, plan(TrainPlan.LearnerName.PPO, 60, 0, 2)));
        assertArrayEquals(
                new double[] {0, 6, 12},
                CsvTable.read(file).column(RunLog.STEPS),
                "two evaluations after the best the run ends");
        assertTrue(Files.exists(path.resolve("policy.zip")));
    }

    @Test
    void theOtherLearnerTrainsTooButIsNoBeginningForPpo() throws IOException {
        Path path = folder.resolve("dqn");
        assertEquals(0, begin(path, plan(TrainPlan.LearnerName.DQN, 128)));
        PolicyBundle other = ChosenPolicy.bundle(path);
        assertEquals("double-dqn", other.kind());
        assertThrows(UserException.class, () -> Student.requireFitting(other, "dqn"));
    }

    @Test
    void policiesAreComparedOnTheSameEpisodes() {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        try (Trials trials =
                new Trials(
                        studio,
                        TinyStudio.settings().withPictures(),
                        studio.episodes(Split.TEST),
                        2)) {
            List<EpisodeSpec> episodes = studio.episodes(Split.TEST).numbered(0, 3);
            Map<String, Policy> policies = new LinkedHashMap<>();
            policies.put("policy", new RandomPolicy((Box) trials.actionSpace(), 3));
            policies.putAll(
                    Rivals.untuned()
                            .policies(trials.observationSpace(), (Box) trials.actionSpace(), 1));
            policies.forEach(
                    (name, policy) ->
                            outcomes.put(name, trials.draw(policy, episodes, new StopSignal())));
        }
        Comparison comparison = Comparison.single(outcomes, Rivals.untuned().descriptions());
        JsonObject json = comparison.toJson();
        assertEquals(outcomes.keySet(), json.keySet());
        for (String policy : json.keySet()) {
            JsonObject one = json.getAsJsonObject(policy);
            assertEquals(3, one.getAsJsonArray("episodes").size());
            for (String eyes : List.of("reward", "judges")) {
                for (String measure : Comparison.MEASURES) {
                    JsonObject figures = one.getAsJsonObject(eyes).getAsJsonObject(measure);
                    assertEquals(3, figures.get("n").getAsInt());
                    double iqm = figures.get("iqm").getAsDouble();
                    assertTrue(figures.getAsJsonArray("ci95").get(0).getAsDouble() <= iqm);
                    assertTrue(figures.has("vs_best_static"), measure);
                    assertTrue(figures.has("vs_closed_loop_rule"), measure);
                }
            }
        }
        JsonObject itself =
                json.getAsJsonObject(Rivals.STATIC)
                        .getAsJsonObject("judges")
                        .getAsJsonObject("composite")
                        .getAsJsonObject("vs_best_static");
        assertEquals(0, itself.get("difference").getAsDouble());
        assertEquals(1 + 3 * outcomes.size(), comparison.toCsv().lines().count());
        ComparisonReport report = new ComparisonReport(comparison);
        assertEquals(1 + outcomes.size(), report.table(Comparison.Eyes.JUDGES).lines().count());
        assertTrue(report.sheet().width() > 128 * outcomes.size());
        assertEquals(Rivals.untuned(), Rivals.fromJson(Rivals.untuned().toJson()));
    }

    @Test
    void thePackNamesTheStyleUnlessSomebodyDoes() throws IOException {
        Path index = studio.pack().folder().resolve("model_index.json");
        String before = Files.readString(index);
        String first = studio.styles().get(0);
        String last = studio.styles().get(studio.styles().size() - 1);
        try {
            Files.writeString(index, "{\"%s\": \"%s\"}".formatted(DefaultStyle.KEY, last));
            assertEquals(last, DefaultStyle.of(studio, List.of()));
            assertEquals(first, DefaultStyle.of(studio, List.of(first)));
            for (String useless : List.of("{\"_daumier_style\": \"nobody\"}", "{}", "[")) {
                Files.writeString(index, useless);
                assertEquals(first, DefaultStyle.of(studio, List.of()));
            }
        } finally {
            Files.writeString(index, before);
        }
    }

    @Test
    void seedsOfOneMethodShareARow() throws IOException {
        Contest contest = new Contest(studio, TinyStudio.settings(), new StopSignal());
        List<Policy> seeds = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            seeds.add(new RandomPolicy(Move.SPACE, seed));
        }
        contest.add("policy, 3 seeds", "random moves", seeds);
        contest.add(Rivals.STATIC, "fixed", List.of(Rivals.untuned().fixed(Observation.SPACE)));
        Comparison comparison = contest.run(studio.episodes(Split.TEST).numbered(0, 2), 2);
        assertEquals(List.of("policy, 3 seeds", Rivals.STATIC), comparison.policies());
        JsonObject row = comparison.toJson().getAsJsonObject("policy, 3 seeds");
        assertEquals(3, row.get("runs").getAsInt());
        assertEquals(6, row.getAsJsonArray("episodes").size());
        JsonObject composite = row.getAsJsonObject("judges").getAsJsonObject("composite");
        assertEquals(6, composite.get("n").getAsInt());
        assertEquals(3, composite.getAsJsonArray("iqm_of_runs").size());
        assertEquals(1 + 4 * 2, comparison.toCsv().lines().count());
        assertEquals(
                3, new ComparisonReport(comparison).table(Comparison.Eyes.REWARD).lines().count());
        theGridHasAFront(contest, comparison);
    }

    private void theGridHasAFront(Contest contest, Comparison comparison) throws IOException {
        StaticGrid all = contest.grid(studio.episodes(Split.TEST).numbered(0, 1), 1);
        StaticGrid grid = new StaticGrid(all.members().subList(0, 40), 1);
        List<StaticGrid.Member> front = grid.front(-1, Comparison.Eyes.REWARD);
        assertTrue(!front.isEmpty() && front.size() < 40, front.size() + " on the front");
        for (int i = 1; i < front.size(); i++) {
            Terms left = front.get(i - 1).outcomes().get(0).reward();
            Terms right = front.get(i).outcomes().get(0).reward();
            assertTrue(left.alignment() <= right.alignment());
            assertTrue(left.identity() >= right.identity());
        }
        assertEquals(List.of(), grid.front(2, Comparison.Eyes.REWARD));
        new ComparisonReport(comparison, Optional.of(grid))
                .writeTo(folder.resolve("contest"), new JsonObject(), Map.of());
        assertTrue(Files.exists(folder.resolve("contest").resolve("static-grid.png")));
    }

    @Test
    void aDrawingKeepsItsPreviewsAndItsSchedule() {
        try (Trials trials =
                new Trials(
                        studio,
                        TinyStudio.settings().withPictures(),
                        studio.episodes(Split.TEST),
                        1)) {
            EpisodeSpec episode = studio.episodes(Split.TEST).numbered(7);
            Policy rule =
                    Rivals.untuned()
                            .policies(trials.observationSpace(), (Box) trials.actionSpace(), 1)
                            .get(Rivals.RULE);
            Drawing drawing = Drawing.draw(trials.environment(), rule, episode);
            int decisions = drawing.outcome().decisions().size();
            assertEquals(decisions, drawing.previews().size());
            JsonObject trace = Schedules.trace(drawing.outcome());
            assertEquals(decisions, trace.getAsJsonArray("decisions").size());
            assertTrue(
                    Schedules.chart(drawing.outcome(), "test").image().getWidth() > 800,
                    "a chart of two columns");
            assertEquals(decisions, drawing.moves().size());
            assertEquals(6, drawing.wanted().size());
            Drawing fixed =
                    Drawing.draw(
                            trials.environment(),
                            Rivals.untuned().fixed(trials.observationSpace()),
                            episode);
            Explanation explanation =
                    new Explanation(
                            drawing.outcome().picture(),
                            "the person",
                            "policy",
                            drawing,
                            "static schedule",
                            fixed);
            assertEquals(2440, explanation.figure().image().getWidth());
        }
    }
}
