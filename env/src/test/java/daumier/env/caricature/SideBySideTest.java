package daumier.env.caricature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.AutoresetMode;
import daumier.env.LaneReset;
import daumier.env.SeededRandom;
import daumier.env.VectorStep;
import daumier.faces.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Portraits that are drawn side by side neither disturb nor wait for one another. */
class SideBySideTest {
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

    private static List<VectorStep> play(CaricatureVectorEnvironment environment, int steps) {
        environment.reset(OptionalLong.of(5), Map.of());
        SeededRandom random = new SeededRandom(6);
        List<VectorStep> played = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            played.add(environment.step(TinyRoom.actions(random, environment.lanes())));
        }
        return played;
    }

    @Test
    void sameSeedActionsAndLanesGiveTheSameBits() {
        try (CaricatureVectorEnvironment one = room.lanes(3, AutoresetMode.SAME_STEP);
                CaricatureVectorEnvironment two = room.lanes(3, AutoresetMode.SAME_STEP)) {
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
                            room.studio(),
                            STANDARD,
                            room.episodes(),
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
        List<EpisodeSpec> specs = room.episodes().numbered(0, 3);
        List<double[]> actions = TinyRoom.actions(new SeededRandom(3), 3);
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
                room.lanes(specs.size(), AutoresetMode.DISABLED, STANDARD.withPictures())) {
            TinyRoom.begin(lanes, specs);
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

    @Test
    void parkedLanesWaitForTheirEpisode() {
        try (CaricatureVectorEnvironment two = room.lanes(2, AutoresetMode.DISABLED)) {
            TinyRoom.begin(two, room.episodes().numbered(0, 2));
            double[] fast = {0, 0, 0, 0, 0, 0, 0, 1};
            double[] slow = {0, 0, 0, 0, 0, 0, 0, -1};
            VectorStep step = TinyRoom.finish(two, List.of(fast, slow));
            double[] last = step.observations()[0];
            step = two.step(Arrays.asList(null, slow));
            assertTrue(step.parked()[0]);
            assertEquals(0, step.rewards()[0]);
            assertArrayEquals(last, step.observations()[0]);
            EpisodeSpec next = room.episodes().numbered(7);
            LaneReset reset = new LaneReset(0, OptionalLong.empty(), Map.of("episode", next));
            assertEquals(next, two.reset(List.of(reset)).infos().get(0).get("episode"));
            assertFalse(two.step(List.of(fast, slow)).parked()[0]);
        }
    }

    @Test
    void sameStepBeginsTheNextEpisodeAtOnce() {
        try (CaricatureVectorEnvironment two = room.lanes(2, AutoresetMode.SAME_STEP)) {
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
}
