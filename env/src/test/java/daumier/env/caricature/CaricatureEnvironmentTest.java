package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.AutoresetMode;
import daumier.env.DiscreteMoves;
import daumier.env.EnvironmentChecker;
import daumier.env.EnvironmentContractException;
import daumier.env.LaneReset;
import daumier.env.SeededRandom;
import daumier.env.StepResult;
import daumier.env.VectorStep;
import daumier.faces.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The environment on an untrained pack with analytic measures. */
class CaricatureEnvironmentTest {
    private static final Settings STANDARD = Settings.standard();
    private static Path folder;
    private static Studio studio;
    private static Studio judged;
    private static PopulationEpisodes episodes;

    @BeforeAll
    static void open(@TempDir Path temporary) throws Exception {
        folder = temporary;
        RandomPack.TINY.write(folder, true, "petal", "noir");
        studio = Studio.of(pack(), AnalyticNets.of(0, "petal", "noir"), null);
        FaceNets judges = AnalyticNets.of(1, "noir", "petal");
        judged = Studio.of(pack(), AnalyticNets.of(0, "petal", "noir"), judges);
        episodes = studio.episodes(Split.TRAIN);
    }

    @AfterAll
    static void close() {
        judged.close();
        studio.close();
    }

    private static Pack pack() {
        return Pack.open(folder, Device.cpu(), Precision.FP32);
    }

    private static CaricatureVectorEnvironment lanes(int count, AutoresetMode mode) {
        return new CaricatureVectorEnvironment(studio, STANDARD, episodes, count, mode);
    }

    private static List<double[]> actions(SeededRandom random, int lanes) {
        List<double[]> actions = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            actions.add(Move.SPACE.sample(random));
        }
        return actions;
    }

    private static List<VectorStep> play(CaricatureVectorEnvironment environment, int steps) {
        environment.reset(OptionalLong.of(5), Map.of());
        SeededRandom random = new SeededRandom(6);
        List<VectorStep> played = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            played.add(environment.step(actions(random, environment.lanes())));
        }
        return played;
    }

    @Test
    void keepsTheContract() {
        List<String> warnings =
                EnvironmentChecker.check(new CaricatureEnvironment(studio, STANDARD, episodes));
        assertEquals(List.of(), warnings);
    }

    @Test
    void whatCannotBeMeasuredIsNeitherSteeredNorPaidFor() {
        boolean[] trusted = {true, false, true, false, true, true};
        FaceNets nets = AnalyticNets.trusting(trusted, AnalyticNets.of(0, "petal", "noir"));
        try (Studio some = Studio.of(pack(), nets, null);
                CaricatureVectorEnvironment lanes =
                        new CaricatureVectorEnvironment(
                                some,
                                STANDARD,
                                some.episodes(Split.TRAIN),
                                1,
                                AutoresetMode.DISABLED)) {
            for (EpisodeSpec spec : some.episodes(Split.TRAIN).numbered(0, 60)) {
                assertEquals(0, spec.intent()[1]);
                assertEquals(0, spec.intent()[3]);
            }
            double[] asked = {0.8, 1.1, 0, 0, 0, 0};
            EpisodeSpec spec = some.episodes(Split.TRAIN).numbered(0).withIntent(asked);
            begin(lanes, List.of(spec));
            double[] everything = new double[Move.SPACE.size()];
            Arrays.fill(everything, 1);
            double[] after = lanes.step(List.of(everything)).observations()[0];
            double[] effort = Observation.SPACE.slice(after, "effort");
            assertEquals(1.1, effort[1], 1e-9);
            assertEquals(0, effort[3]);
            assertTrue(effort[2] > 0);
            assertEquals(0.8, Observation.SPACE.slice(after, "intent")[0], 1e-9);
            assertEquals(0, Observation.SPACE.slice(after, "intent")[1]);
            assertEquals(0, Observation.SPACE.slice(after, "achieved")[1]);
            assertEquals(0, Observation.SPACE.slice(after, "error")[1]);
        }
    }

    @Test
    void sameSeedActionsAndLanesGiveTheSameBits() {
        try (CaricatureVectorEnvironment one = lanes(3, AutoresetMode.SAME_STEP);
                CaricatureVectorEnvironment two = lanes(3, AutoresetMode.SAME_STEP)) {
            List<VectorStep> first = play(one, 9);
            List<VectorStep> second = play(two, 9);
            for (int i = 0; i < first.size(); i++) {
                assertArrayEquals(first.get(i).rewards(), second.get(i).rewards());
                assertArrayEquals(first.get(i).observations(), second.get(i).observations());
                assertEquals(first.get(i).infos(), second.get(i).infos());
            }
        }
    }

    @Test
    void workersAreDeterministicAndDrawTheSame() {
        double[][][] observed = new double[3][][];
        for (int k = 0; k < 3; k++) {
            try (CaricatureVectorEnvironment lanes =
                    new CaricatureVectorEnvironment(
                            studio,
                            STANDARD,
                            episodes,
                            4,
                            AutoresetMode.SAME_STEP,
                            k == 0 ? 1 : 2)) {
                List<VectorStep> played = play(lanes, 7);
                observed[k] = played.get(played.size() - 1).observations();
            }
        }
        assertArrayEquals(observed[1], observed[2]);
        for (int lane = 0; lane < 4; lane++) {
            assertArrayEquals(observed[0][lane], observed[1][lane], 0.05);
        }
    }

    @Test
    void anotherNumberOfLanesChangesRoundingOnly() {
        List<EpisodeSpec> specs = episodes.numbered(0, 3);
        List<double[]> actions = actions(new SeededRandom(3), 3);
        VectorStep together = thirdStep(specs, actions);
        for (int i = 0; i < 3; i++) {
            VectorStep alone = thirdStep(specs.subList(i, i + 1), actions.subList(i, i + 1));
            // Untrained networks make much of a rounding (trained ones a level in a few pixels);
            // another noise makes another picture.
            double same = distance(preview(alone, 0), preview(together, i));
            double other = distance(preview(alone, 0), preview(together, (i + 1) % 3));
            assertTrue(same < 6 && other > 20, "lane " + i + ": " + same + ", " + other);
            assertEquals(alone.rewards()[0], together.rewards()[i], 0.1, "lane " + i);
        }
    }

    private VectorStep thirdStep(List<EpisodeSpec> specs, List<double[]> actions) {
        try (CaricatureVectorEnvironment lanes =
                new CaricatureVectorEnvironment(
                        studio,
                        STANDARD.withPictures(),
                        episodes,
                        specs.size(),
                        AutoresetMode.DISABLED)) {
            begin(lanes, specs);
            lanes.step(actions);
            lanes.step(actions);
            return lanes.step(actions);
        }
    }

    private static Picture preview(VectorStep step, int lane) {
        return (Picture) step.infos().get(lane).get(CaricatureVectorEnvironment.PREVIEW);
    }

    /** The mean difference of two pictures, of 255. */
    private static double distance(Picture a, Picture b) {
        double sum = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            sum += Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff));
        }
        return sum / a.rgb().length;
    }

    private static void begin(CaricatureVectorEnvironment environment, List<EpisodeSpec> specs) {
        List<LaneReset> resets = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            resets.add(
                    new LaneReset(
                            i,
                            OptionalLong.empty(),
                            Map.of(CaricatureVectorEnvironment.EPISODE, specs.get(i))));
        }
        environment.reset(resets);
    }

    @Test
    void rewardsSumUpToThePictureLessItsCalls() {
        try (CaricatureEnvironment environment =
                new CaricatureEnvironment(judged, STANDARD.withPictures(), episodes)) {
            environment.reset(OptionalLong.of(8), Map.of());
            SeededRandom random = new SeededRandom(9);
            double sum = 0;
            StepResult step;
            int steps = 0;
            do {
                step = environment.step(Move.SPACE.sample(random));
                sum += step.reward();
                steps++;
                assertEquals(
                        List.of(
                                "composite",
                                "alignment",
                                "identity",
                                "style",
                                "plausibility",
                                "plain_alignment",
                                "cosine",
                                "level"),
                        List.copyOf(((Map<?, ?>) step.info().get("terms")).keySet()));
            } while (!step.terminated());
            Outcome outcome = (Outcome) step.info().get(CaricatureVectorEnvironment.OUTCOME);
            assertEquals(2 * steps, outcome.unetCalls());
            double expected = outcome.reward().composite() - STANDARD.reward().call() * 2 * steps;
            assertEquals(expected, sum, 1e-9);
            assertEquals(steps, outcome.decisions().size());
            assertEquals(1, outcome.decisions().get(steps - 1).progress());
            assertNotNull(outcome.judged());
            assertNotEquals(outcome.judged(), outcome.reward());
            assertEquals(32, outcome.picture().width());
            assertThrows(EnvironmentContractException.class, () -> environment.step(new double[8]));
        }
    }

    @Test
    void longStridesSaveCallsAndShortOnesStillFinish() {
        EpisodeSpec spec = episodes.numbered(4);
        int[] calls = new int[3];
        for (int k = 0; k < 3; k++) {
            double[] action = new double[8];
            action[7] = k - 1;
            try (CaricatureVectorEnvironment one = lanes(1, AutoresetMode.DISABLED)) {
                begin(one, List.of(spec));
                VectorStep step = one.step(List.of(action));
                while (!step.terminated()[0]) {
                    step = one.step(List.of(action));
                }
                assertFalse(step.truncated()[0]);
                Map<String, Object> info = step.infos().get(0);
                calls[k] = ((Outcome) info.get(CaricatureVectorEnvironment.OUTCOME)).unetCalls();
            }
        }
        assertEquals(12, calls[0]);
        assertEquals(12, calls[1]);
        assertTrue(calls[2] < 12, Arrays.toString(calls));
    }

    @Test
    void parkedLanesWaitForTheirEpisode() {
        try (CaricatureVectorEnvironment two = lanes(2, AutoresetMode.DISABLED)) {
            begin(two, episodes.numbered(0, 2));
            double[] fast = {0, 0, 0, 0, 0, 0, 0, 1};
            double[] slow = {0, 0, 0, 0, 0, 0, 0, -1};
            VectorStep step = two.step(List.of(fast, slow));
            while (!step.terminated()[0]) {
                step = two.step(List.of(fast, slow));
            }
            double[] last = step.observations()[0];
            step = two.step(Arrays.asList(null, slow));
            assertTrue(step.parked()[0]);
            assertEquals(0, step.rewards()[0]);
            assertArrayEquals(last, step.observations()[0]);
            EpisodeSpec next = episodes.numbered(7);
            LaneReset reset = new LaneReset(0, OptionalLong.empty(), Map.of("episode", next));
            assertEquals(next, two.reset(List.of(reset)).infos().get(0).get("episode"));
            assertFalse(two.step(List.of(fast, slow)).parked()[0]);
        }
    }

    @Test
    void sameStepBeginsTheNextEpisodeAtOnce() {
        try (CaricatureVectorEnvironment two = lanes(2, AutoresetMode.SAME_STEP)) {
            two.reset(OptionalLong.of(1), Map.of());
            List<double[]> still = Collections.nCopies(2, new double[8]);
            VectorStep step = two.step(still);
            for (int i = 1; i < STANDARD.decisions(); i++) {
                assertFalse(step.terminated()[0]);
                step = two.step(still);
            }
            assertTrue(step.terminated()[1]);
            int progress = Observation.SPACE.part("progress").offset();
            assertEquals(1, step.finalObservations()[1][progress]);
            assertEquals(0, step.observations()[1][progress]);
            assertTrue(step.resetInfos().get(1).containsKey("episode"));
        }
    }

    @Test
    void observationsSayWhatWasAskedFor() {
        EpisodeSpec spec = episodes.numbered(11);
        try (CaricatureVectorEnvironment one = lanes(1, AutoresetMode.DISABLED)) {
            begin(one, List.of(spec));
            double[] action = {1, 0, 0, 0, 0, -1, 1, 0};
            double[] seen = one.step(List.of(action)).observations()[0];
            assertArrayEquals(spec.intent(), Observation.SPACE.slice(seen, "intent"));
            assertArrayEquals(
                    new double[] {1.5, 0, 0, 0, 0, -0.8}, Observation.SPACE.slice(seen, "effort"));
            assertArrayEquals(
                    new double[] {1.3}, Observation.SPACE.slice(seen, "lora_weight"), 1e-12);
            assertTrue(Observation.SPACE.contains(seen));
        }
    }

    @Test
    void effortAndWeightAndWarpChangeThePicture() throws Exception {
        double[] quiet = {0, 0, 0, 0, 0, 0, -1, 0};
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        double[] styled = {0, 0, 0, 0, 0, 0, 1, 0};
        Settings pictures = STANDARD.withPictures();
        byte[] plain = draw(studio, pictures, quiet);
        assertNotEquals(0, difference(plain, draw(studio, pictures, pushed)));
        assertNotEquals(0, difference(plain, draw(studio, pictures, styled)));
        Settings warped = pictures.withMeans(Settings.Means.WARP);
        assertEquals(0, difference(plain, draw(studio, warped, quiet)));
        assertNotEquals(0, difference(plain, draw(studio, warped, pushed)));
        Path bare = folder.resolve("bare");
        RandomPack.TINY.write(bare, false, "petal", "noir");
        try (Studio without =
                Studio.of(
                        Pack.open(bare, Device.cpu(), Precision.FP32),
                        AnalyticNets.of(0, "petal", "noir"),
                        null)) {
            assertNotEquals(
                    0, difference(draw(without, pictures, quiet), draw(without, pictures, pushed)));
        }
    }

    @Test
    void theMapIsFollowedAsStrictlyAsTheEpisodeSays() {
        double[] quiet = {0, 0, 0, 0, 0, 0, -1, 0};
        double[] pushed = {1, 1, 1, 1, 1, 1, -1, 0};
        EpisodeSpec strict = episodes.numbered(0).withAdapterScale(1);
        EpisodeSpec loose = strict.withAdapterScale(0.5);
        EpisodeSpec free = strict.withAdapterScale(0);
        assertEquals(0, difference(drawn(free, quiet), drawn(free, pushed)));
        assertNotEquals(0, difference(drawn(loose, quiet), drawn(loose, pushed)));
        assertNotEquals(0, difference(drawn(strict, pushed), drawn(loose, pushed)));
        // Lanes of one batch have their own scales.
        try (CaricatureVectorEnvironment two =
                new CaricatureVectorEnvironment(
                        studio, byMap(), episodes, 2, AutoresetMode.DISABLED)) {
            begin(two, List.of(free, strict));
            VectorStep step = two.step(List.of(pushed, pushed));
            while (!step.terminated()[0]) {
                step = two.step(List.of(pushed, pushed));
            }
            assertNear(drawn(free, pushed), picture(step, 0));
            assertNear(drawn(strict, pushed), picture(step, 1));
        }
        Set<Double> scales = new HashSet<>();
        for (EpisodeSpec spec : episodes.numbered(0, 20)) {
            assertTrue(spec.adapterScale() >= 0.5 && spec.adapterScale() <= 1);
            scales.add(spec.adapterScale());
        }
        assertEquals(20, scales.size());
    }

    private static Settings byMap() {
        return STANDARD.withPictures().withMeans(Settings.Means.ADAPTER);
    }

    private byte[] drawn(EpisodeSpec spec, double[] action) {
        try (CaricatureVectorEnvironment one =
                new CaricatureVectorEnvironment(
                        studio, byMap(), episodes, 1, AutoresetMode.DISABLED)) {
            begin(one, List.of(spec));
            VectorStep step = one.step(List.of(action));
            while (!step.terminated()[0]) {
                step = one.step(List.of(action));
            }
            return picture(step, 0);
        }
    }

    private static byte[] picture(VectorStep step, int lane) {
        return ((Outcome) step.infos().get(lane).get(CaricatureVectorEnvironment.OUTCOME))
                .picture()
                .rgb();
    }

    /** Alike but for rounding. */
    private static void assertNear(byte[] expected, byte[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Math.abs((expected[i] & 0xff) - (actual[i] & 0xff)) <= 1);
        }
    }

    private static byte[] draw(Studio in, Settings settings, double[] action) {
        try (CaricatureEnvironment one = new CaricatureEnvironment(in, settings, episodes)) {
            one.reset(OptionalLong.of(3), Map.of());
            StepResult step = one.step(action);
            while (!step.terminated()) {
                step = one.step(action);
            }
            Outcome outcome = (Outcome) step.info().get(CaricatureVectorEnvironment.OUTCOME);
            assertNull(outcome.judged());
            return outcome.picture().rgb();
        }
    }

    private static int difference(byte[] a, byte[] b) {
        int different = 0;
        for (int i = 0; i < a.length; i++) {
            different += a[i] == b[i] ? 0 : 1;
        }
        return different;
    }

    @Test
    void foresightByOneMoreCallIsCounted() {
        Settings settings =
                new Settings(
                        3,
                        new Technique(1, 1, "", 1),
                        Settings.Means.ADAPTER,
                        Settings.Foresight.CONSISTENCY,
                        Reward.standard(),
                        false);
        try (CaricatureVectorEnvironment one =
                new CaricatureVectorEnvironment(
                        studio, settings, episodes, 1, AutoresetMode.DISABLED)) {
            one.reset(OptionalLong.of(2), Map.of());
            VectorStep step = one.step(List.of(new double[8]));
            while (!step.terminated()[0]) {
                step = one.step(List.of(new double[8]));
            }
            Map<String, Object> info = step.infos().get(0);
            Outcome outcome = (Outcome) info.get(CaricatureVectorEnvironment.OUTCOME);
            assertEquals(5, outcome.unetCalls());
        }
    }

    @Test
    void episodesAreDividedAndRepeatable() {
        assertEquals(episodes.numbered(12), studio.episodes(Split.TRAIN).numbered(12));
        assertNotEquals(episodes.numbered(12), studio.episodes(Split.TEST).numbered(12));
        assertEquals(episodes.draw(new SeededRandom(4)), episodes.draw(new SeededRandom(4)));
        for (EpisodeSpec spec : studio.episodes(Split.VALIDATION).numbered(0, 40)) {
            long asked = Arrays.stream(spec.intent()).filter(gain -> gain != 0).count();
            assertTrue(asked >= 1 && asked <= 3);
            assertTrue(studio.styles().contains(spec.lora()));
            assertTrue(spec.prompt().startsWith(spec.lora()), spec.prompt());
        }
    }

    @Test
    void discreteMovesReachTheEnvironment() {
        double[][] table = CaricatureMoves.table();
        try (DiscreteMoves discrete = new DiscreteMoves(lanes(1, AutoresetMode.DISABLED), table)) {
            discrete.reset(OptionalLong.of(1), Map.of());
            VectorStep step = discrete.step(List.of(table.length - 1));
            assertEquals(1, step.lanes());
        }
    }

    @Test
    void mistakesAreSaidInOneSentence(@TempDir Path empty) throws Exception {
        EpisodeSpec known = episodes.numbered(0);
        EpisodeSpec unknown =
                EpisodeSpec.of(known.subject(), known.view(), known.intent(), "rembrandt", 1);
        try (CaricatureVectorEnvironment one = lanes(1, AutoresetMode.DISABLED)) {
            assertSentence("rembrandt", () -> begin(one, List.of(unknown)));
            begin(one, List.of(known));
            assertSentence("not 2", () -> one.step(List.of(new double[2])));
            double[] none = new double[8];
            none[3] = Double.NaN;
            assertSentence("NaN", () -> one.step(List.of(none)));
        }
        assertSentence(
                "faces", () -> Studio.open(folder, Device.cpu(), Precision.FP32, false).close());
        assertSentence(
                "model_index.json",
                () -> Studio.open(empty, Device.cpu(), Precision.FP32, false).close());
        assertSentence(
                "style LoRA", () -> Studio.of(pack(), AnalyticNets.of(0, "ember"), null).close());
        assertSentence("intent", () -> known.withIntent(new double[6]));
    }

    private static void assertSentence(
            String about, org.junit.jupiter.api.function.Executable mistake) {
        RuntimeException said = assertThrows(RuntimeException.class, mistake);
        assertTrue(said.getMessage().contains(about), said.getMessage());
        assertTrue(said.getMessage().endsWith("."), said.getMessage());
        assertEquals(-1, said.getMessage().indexOf('\n'));
    }
}
