package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import daumier.diffusion.nn.Precision;
import daumier.env.AutoresetMode;
import daumier.env.DiscreteMoves;
import daumier.env.EnvironmentChecker;
import daumier.env.EnvironmentContractException;
import daumier.env.SeededRandom;
import daumier.env.StepResult;
import daumier.env.VectorStep;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The environment on an untrained pack with analytic measures: what is asked, seen, paid and
 * refused.
 */
class CaricatureEnvironmentTest {
    private static final Settings STANDARD = Settings.standard();
    private static TinyRoom room;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        room = new TinyRoom(folder);
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @Test
    void keepsTheContract() {
        List<String> warnings =
                EnvironmentChecker.check(
                        new CaricatureEnvironment(room.studio(), STANDARD, room.episodes()));
        assertEquals(List.of(), warnings);
    }

    @Test
    void rewardsSumUpToThePictureLessItsCalls() {
        FaceNets judges = AnalyticNets.of(1, "noir", "petal");
        try (Studio judged = Studio.of(room.pack(), TinyRoom.nets(), judges);
                CaricatureEnvironment environment =
                        new CaricatureEnvironment(
                                judged, STANDARD.withPictures(), room.episodes())) {
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
        EpisodeSpec spec = room.episodes().numbered(4);
        int[] calls = new int[3];
        for (int k = 0; k < 3; k++) {
            double[] action = new double[8];
            action[7] = k - 1;
            try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED)) {
                TinyRoom.begin(one, List.of(spec));
                VectorStep step = TinyRoom.finish(one, List.of(action));
                assertFalse(step.truncated()[0]);
                calls[k] = TinyRoom.outcome(step, 0).unetCalls();
            }
        }
        assertEquals(12, calls[0]);
        assertEquals(12, calls[1]);
        assertTrue(calls[2] < 12, Arrays.toString(calls));
    }

    @Test
    void observationsSayWhatWasAskedFor() {
        EpisodeSpec spec = room.episodes().numbered(11);
        try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED)) {
            TinyRoom.begin(one, List.of(spec));
            double[] action = {1, 0, 0, 0, 0, -1, 1, 0};
            double[] seen = one.step(List.of(action)).observations()[0];
            assertArrayEquals(spec.intent(), Observation.SPACE.slice(seen, "intent"));
            assertArrayEquals(
                    new double[] {1.5, 0, 0, 0, 0, -0.8}, Observation.SPACE.slice(seen, "effort"));
            assertArrayEquals(
                    new double[] {1.3}, Observation.SPACE.slice(seen, "lora_weight"), 1e-12);
            assertTrue(Observation.SPACE.contains(seen));
            double[] next = one.step(List.of(new double[8])).observations()[0];
            double first = scalar(seen, "progress");
            double second = scalar(next, "progress");
            assertEquals(0.65, scalar(next, "lora_weight"), 1e-12);
            assertEquals(
                    (1.3 * first + 0.65 * (second - first)) / second,
                    scalar(next, "mean_lora_weight"),
                    1e-12);
        }
    }

    private static double scalar(double[] observation, String part) {
        return Observation.SPACE.slice(observation, part)[0];
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
        try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED, settings)) {
            one.reset(OptionalLong.of(2), Map.of());
            VectorStep step = TinyRoom.finish(one, List.of(new double[8]));
            assertEquals(5, TinyRoom.outcome(step, 0).unetCalls());
        }
    }

    @Test
    void episodesAreDividedAndRepeatable() {
        assertEquals(
                room.episodes().numbered(12), room.studio().episodes(Split.TRAIN).numbered(12));
        assertNotEquals(
                room.episodes().numbered(12), room.studio().episodes(Split.TEST).numbered(12));
        assertEquals(
                room.episodes().draw(new SeededRandom(4)),
                room.episodes().draw(new SeededRandom(4)));
        for (EpisodeSpec spec : room.studio().episodes(Split.VALIDATION).numbered(0, 40)) {
            long asked = Arrays.stream(spec.intent()).filter(gain -> gain != 0).count();
            assertTrue(asked >= 1 && asked <= 3);
            assertTrue(room.studio().styles().contains(spec.lora()));
            assertTrue(spec.prompt().startsWith(spec.lora()), spec.prompt());
        }
    }

    @Test
    void discreteMovesReachTheEnvironment() {
        double[][] table = CaricatureMoves.table();
        try (DiscreteMoves discrete =
                new DiscreteMoves(room.lanes(1, AutoresetMode.DISABLED), table)) {
            discrete.reset(OptionalLong.of(1), Map.of());
            VectorStep step = discrete.step(List.of(table.length - 1));
            assertEquals(1, step.lanes());
        }
    }

    @Test
    void mistakesAreSaidInOneSentence(@TempDir Path empty) throws Exception {
        EpisodeSpec known = room.episodes().numbered(0);
        EpisodeSpec unknown =
                EpisodeSpec.of(known.subject(), known.view(), known.intent(), "rembrandt", 1);
        try (CaricatureVectorEnvironment one = room.lanes(1, AutoresetMode.DISABLED)) {
            assertSentence("rembrandt", () -> TinyRoom.begin(one, List.of(unknown)));
            TinyRoom.begin(one, List.of(known));
            assertSentence("not 2", () -> one.step(List.of(new double[2])));
            double[] none = new double[8];
            none[3] = Double.NaN;
            assertSentence("NaN", () -> one.step(List.of(none)));
        }
        assertSentence(
                "faces",
                () -> Studio.open(room.folder(), Device.cpu(), Precision.FP32, false).close());
        assertSentence(
                "model_index.json",
                () -> Studio.open(empty, Device.cpu(), Precision.FP32, false).close());
        assertSentence(
                "style LoRA",
                () -> Studio.of(room.pack(), AnalyticNets.of(0, "ember"), null).close());
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
