package daumier.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.Environment;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class EvaluationTest {
    private static final Box ACTIONS = Box.of("action", 1, -1, 1);
    private static final List<Evaluation.Start> STARTS = Evaluation.Start.ofSeeds(9, 8, 7, 6, 5);

    private static List<Evaluation.Result> play(
            int lanes, Policy policy, Supplier<Environment<double[]>> task) {
        return Evaluation.play(
                Tasks.lanes(lanes, AutoresetMode.DISABLED, task),
                policy,
                STARTS,
                true,
                new StopSignal());
    }

    @Test
    void resultsDependOnSeedsAndNotOnLanes() {
        Policy policy = new OpenLoopPolicy(ACTIONS, new double[][] {{0.5}, {0.1}, {-0.2}});
        List<Evaluation.Result> one = play(1, policy, Tasks::tracking);
        assertEquals(5, one.size());
        assertEquals(STARTS, one.stream().map(Evaluation.Result::start).toList());
        for (int lanes : new int[] {2, 3, 5, 8}) {
            assertEquals(one, play(lanes, policy, Tasks::tracking), lanes + " lanes");
        }
        assertEquals(5, one.get(0).length());
        assertTrue(one.get(0).terminated());
    }

    @Test
    void episodesOfDifferentLengthEndApart() {
        // Right all the way ends after five steps; staying left is cut off after twenty.
        List<Evaluation.Result> right = play(2, new ConstantPolicy(ACTIONS, 1), Tasks::chain);
        assertEquals(1, right.get(4).totalReward());
        assertEquals(5, right.get(4).length());
        List<Evaluation.Result> left = play(2, new ConstantPolicy(ACTIONS, -1), Tasks::chain);
        assertEquals(20, left.get(4).length());
        assertEquals(0.1, left.get(4).totalReward(), 1e-12);
    }

    @Test
    void aSearchFindsTheBestSchedule() {
        CmaEs search = new CmaEs(Box.of("x", 2, -1, 1), new double[2], 0.3, 1);
        Box actions = (Box) Tasks.bandit().actionSpace();
        double[] best =
                search.maximize(
                        point ->
                                play(1, OpenLoopPolicy.ofPoint(actions, point), Tasks::bandit)
                                        .get(0)
                                        .totalReward(),
                        400);
        assertArrayEquals(new double[] {0.5, -0.3}, best, 1e-3);
    }

    @Test
    void schedulesStartAgainWithEachEpisodeAndHoldTheirEnd() {
        Policy policy = new OpenLoopPolicy(ACTIONS, new double[][] {{0.5}, {7}});
        double[][] seen = new double[2][1];
        boolean[] both = {true, true};
        boolean[] none = {false, false};
        boolean[] second = {false, true};
        assertArrayEquals(new double[][] {{0.5}, {0.5}}, policy.act(seen, both, true));
        assertArrayEquals(new double[][] {{1}, {1}}, policy.act(seen, none, true));
        assertArrayEquals(new double[][] {{1}, {0.5}}, policy.act(seen, second, true));
        assertArrayEquals(new double[][] {{1}, {1}}, policy.act(seen, none, true));
    }

    @Test
    void simplePoliciesKeepToTheirSpace() {
        Policy random = new RandomPolicy(ACTIONS, 1);
        double[][] actions = random.act(new double[50][1], new boolean[50], true);
        for (double[] action : actions) {
            assertTrue(ACTIONS.contains(action));
        }
        assertArrayEquals(
                actions,
                new RandomPolicy(ACTIONS, 1).act(new double[50][1], new boolean[50], true));
        assertThrows(IllegalArgumentException.class, () -> new ConstantPolicy(ACTIONS, 1.5));
    }

    @Test
    void stoppingAndMisuse() {
        StopSignal stop = new StopSignal();
        stop.raise();
        Policy policy = new ConstantPolicy(ACTIONS, 0);
        assertEquals(
                List.of(),
                Evaluation.play(
                        Tasks.lanes(2, AutoresetMode.DISABLED, Tasks::chain),
                        policy,
                        STARTS,
                        true,
                        stop));
        assertThrows(
                IllegalArgumentException.class,
                () -> Evaluation.play(Tasks.lanes(2, Tasks::chain), policy, STARTS, true, stop));
    }
}
