package daumier.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class VectorEnvironmentTest {
    private static final List<double[]> ACTIONS = List.of(new double[] {0.1}, new double[] {0.2});

    /** Lane 0 has episodes of two steps, lane 1 of three. */
    private static SyncVectorEnvironment<double[]> lanes(AutoresetMode mode) {
        // Equal spaces are demanded, so that both lanes are declared with the longer length.
        return new SyncVectorEnvironment<>(
                List.of(
                        new EnvironmentWrapper<>(new CountingEnvironment(3)) {
                            @Override
                            public StepResult step(double[] action) {
                                StepResult r = super.step(action);
                                boolean over = r.observation()[1] == 2;
                                return new StepResult(
                                        r.observation(), r.reward(), false, over, r.info());
                            }
                        },
                        new CountingEnvironment(3)),
                mode);
    }

    private static double[][] firstTwo(double[][] observations) {
        return new double[][] {
            {observations[0][0], observations[0][1]}, {observations[1][0], observations[1][1]}
        };
    }

    @Test
    void sameStepResetsWithinTheStepAndKeepsTheFinalObservation() {
        SyncVectorEnvironment<double[]> lanes = lanes(AutoresetMode.SAME_STEP);
        VectorReset reset = lanes.reset(OptionalLong.of(5), Map.of());
        assertArrayEquals(new double[][] {{1, 0}, {1, 0}}, firstTwo(reset.observations()));
        assertEquals(new SeededRandom(5).nextDouble(), reset.observations()[0][2]);
        assertEquals(new SeededRandom(6).nextDouble(), reset.observations()[1][2]);

        VectorStep one = lanes.step(ACTIONS);
        assertArrayEquals(new double[][] {{1, 1}, {1, 1}}, firstTwo(one.observations()));
        assertArrayEquals(new double[] {0.1, 0.2}, one.rewards());
        assertArrayEquals(new boolean[] {false, false}, one.ended());
        assertSame(one.observations()[0], one.finalObservations()[0]);
        assertEquals(List.of(Map.of(), Map.of()), one.resetInfos());

        VectorStep two = lanes.step(ACTIONS);
        assertArrayEquals(new double[][] {{2, 0}, {1, 2}}, firstTwo(two.observations()));
        assertArrayEquals(new double[][] {{1, 2}, {1, 2}}, firstTwo(two.finalObservations()));
        assertArrayEquals(new boolean[] {false, false}, two.terminated());
        assertArrayEquals(new boolean[] {true, false}, two.truncated());
        assertEquals(Map.of("step taken", 2), two.infos().get(0));
        assertEquals(Map.of("episode started", 2), two.resetInfos().get(0));

        VectorStep three = lanes.step(ACTIONS);
        assertArrayEquals(new double[][] {{2, 1}, {2, 0}}, firstTwo(three.observations()));
        assertArrayEquals(new double[][] {{2, 1}, {1, 3}}, firstTwo(three.finalObservations()));
        assertArrayEquals(new boolean[] {false, true}, three.terminated());
        assertArrayEquals(new boolean[] {false, false}, three.truncated());

        VectorStep four = lanes.step(ACTIONS);
        assertArrayEquals(new double[][] {{3, 0}, {2, 1}}, firstTwo(four.observations()));
        assertNotSame(four.observations()[0], four.finalObservations()[0]);
    }

    @Test
    void withoutAutoresetALaneIsParkedUntilItIsReset() {
        SyncVectorEnvironment<double[]> lanes = lanes(AutoresetMode.DISABLED);
        lanes.reset(OptionalLong.of(5), Map.of());
        lanes.step(ACTIONS);
        VectorStep two = lanes.step(ACTIONS);
        assertArrayEquals(new boolean[] {true, false}, two.truncated());
        assertArrayEquals(new double[][] {{1, 2}, {1, 2}}, firstTwo(two.observations()));

        VectorStep three = lanes.step(ACTIONS);
        assertArrayEquals(new boolean[] {true, false}, three.parked());
        assertArrayEquals(new double[] {0, 0.2}, three.rewards());
        assertArrayEquals(new boolean[] {false, true}, three.ended());
        assertArrayEquals(new double[][] {{1, 2}, {1, 3}}, firstTwo(three.observations()));

        VectorReset reset = lanes.reset(List.of(LaneReset.seeded(0, 77)));
        assertArrayEquals(new double[][] {{1, 0}, {1, 3}}, firstTwo(reset.observations()));
        assertEquals(Map.of(), reset.infos().get(1));
        VectorStep four = lanes.step(ACTIONS);
        assertArrayEquals(new boolean[] {false, true}, four.parked());
    }

    @Test
    void aLaneThatNeverBeganIsParkedWhileAnotherPlays() {
        SyncVectorEnvironment<double[]> lanes = lanes(AutoresetMode.DISABLED);
        assertThrows(EnvironmentContractException.class, () -> lanes.step(ACTIONS));
        lanes.reset(List.of(LaneReset.seeded(1, 77)));
        VectorStep step = lanes.step(ACTIONS);
        assertArrayEquals(new boolean[] {true, false}, step.parked());
        assertArrayEquals(new double[] {0, 0.2}, step.rewards());
        assertArrayEquals(new double[][] {{0, 0}, {1, 1}}, firstTwo(step.observations()));
        SyncVectorEnvironment<double[]> training = lanes(AutoresetMode.SAME_STEP);
        training.reset(List.of(LaneReset.seeded(1, 77)));
        assertThrows(EnvironmentContractException.class, () -> training.step(ACTIONS));
    }

    @Test
    void misuseIsRefused() {
        SyncVectorEnvironment<double[]> lanes = lanes(AutoresetMode.SAME_STEP);
        assertThrows(EnvironmentContractException.class, () -> lanes.step(ACTIONS));
        lanes.reset(OptionalLong.of(5), Map.of());
        assertThrows(EnvironmentContractException.class, () -> lanes.step(ACTIONS.subList(0, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SyncVectorEnvironment<>(List.of(), AutoresetMode.SAME_STEP));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new SyncVectorEnvironment<>(
                                List.of(new CountingEnvironment(1), new CountingEnvironment(2)),
                                AutoresetMode.SAME_STEP));
    }

    @Test
    void laneWrappersAgreeWithTheSingleOnes() {
        ObservationNormalizer single = new ObservationNormalizer(3, 10);
        ObservationNormalizer vector = new ObservationNormalizer(3, 10);
        Environment<double[]> one =
                new NormalizeObservation<>(
                        new NormalizeReward<>(
                                new RecordEpisodeStatistics<>(new CountingEnvironment(3), () -> 0L),
                                new RewardNormalizer(1, 0.9, 10)),
                        single);
        VectorEnvironment<double[]> many =
                new VectorNormalizeObservation<>(
                        new VectorNormalizeReward<>(
                                new VectorRecordEpisodeStatistics<>(
                                        new SyncVectorEnvironment<>(
                                                List.of(new CountingEnvironment(3)),
                                                AutoresetMode.DISABLED),
                                        () -> 0L),
                                new RewardNormalizer(1, 0.9, 10)),
                        vector);
        for (int episode = 0; episode < 3; episode++) {
            assertArrayEquals(
                    one.reset(OptionalLong.of(episode), Map.of()).observation(),
                    many.reset(List.of(LaneReset.seeded(0, episode))).observations()[0]);
            for (int step = 0; step < 3; step++) {
                double[] action = {0.1 * step};
                StepResult a = one.step(action);
                VectorStep b = many.step(List.of(action));
                assertArrayEquals(a.observation(), b.observations()[0]);
                assertEquals(a.reward(), b.rewards()[0]);
                assertEquals(a.info(), b.infos().get(0));
            }
        }
        assertArrayEquals(single.state(), vector.state());
    }

    @Test
    void movesAreLookedUp() {
        DiscreteMoves moves =
                new DiscreteMoves(
                        new SyncVectorEnvironment<>(
                                List.of(new CountingEnvironment(3)), AutoresetMode.SAME_STEP),
                        new double[][] {{-1}, {0.25}});
        assertEquals(new Discrete(2), moves.actionSpace());
        moves.reset(OptionalLong.of(0), Map.of());
        assertEquals(0.25, moves.step(List.of(1)).rewards()[0]);
        assertEquals(-1, moves.step(List.of(0)).rewards()[0]);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new DiscreteMoves(
                                new SyncVectorEnvironment<>(
                                        List.of(new CountingEnvironment(3)),
                                        AutoresetMode.SAME_STEP),
                                new double[][] {{3}}));
    }
}
