package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.agent.Demonstrations;
import daumier.agent.Evaluation;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.StopSignal;
import daumier.agent.Tasks;
import daumier.env.AutoresetMode;
import daumier.env.Box;
import daumier.env.Environment;
import daumier.env.VectorEnvironment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BehaviourCloningTest {
    /** What to do on the tracking task, whose first observation is ten times the target. */
    private static final Policy EXPERT =
            (observations, starts, deterministic) ->
                    Stream.of(observations)
                            .map(o -> new double[] {Math.max(-1, Math.min(1, o[0] / 10))})
                            .toArray(double[][]::new);

    private static Demonstrations demonstrations(double noise) {
        try (VectorEnvironment<double[]> environment =
                Tasks.lanes(4, AutoresetMode.DISABLED, Tasks::tracking)) {
            return Demonstrations.collect(
                    environment,
                    EXPERT,
                    Evaluation.Start.ofSeeds(LongStream.range(0, 60).toArray()),
                    noise,
                    3,
                    new StopSignal());
        }
    }

    private static PpoLearner learner() {
        Environment<double[]> task = Tasks.tracking();
        return new PpoLearner(
                PpoConfig.builder(1000).hidden(List.of(32, 32)).build(),
                task.observationSpace(),
                (Box) task.actionSpace(),
                5);
    }

    @Test
    void thePolicyBeginsWhereTheExpertStands() {
        Demonstrations shown = demonstrations(0.3);
        assertEquals(60, shown.episodes());
        assertTrue(shown.size() >= 60, shown.size() + " situations");
        PolicyBundle start = learner().checkpoint(Map.of("a", "b"));
        BehaviourCloning.Result result =
                BehaviourCloning.imitate(start, shown, BehaviourCloning.Regression.standard(), 1);
        assertTrue(result.lastError() < 0.002, "error " + result.lastError());
        assertTrue(result.lastError() < 0.1 * result.firstError());
        assertEquals(start.counters(), result.bundle().counters());
        assertArrayEquals(
                start.arrays().get("network.log_std").values(),
                result.bundle().arrays().get("network.log_std").values());
        Policy policy = PpoLearner.resume(result.bundle()).policy();
        for (double target : new double[] {-0.6, 0, 0.6}) {
            double[][] observed = {{10 * target, 0.3}};
            assertEquals(target, policy.act(observed, new boolean[] {true}, true)[0][0], 0.1);
        }
    }

    @Test
    void theExpertsOwnAnswersAreKeptNotTheNoise() {
        Demonstrations shown = demonstrations(0.5);
        for (int i = 0; i < shown.size(); i++) {
            double answer = EXPERT.act(new double[][] {shown.observations()[i]}, null, true)[0][0];
            assertEquals(answer, shown.actions()[i][0]);
        }
    }

    @Test
    void askingAboutMoreSituationsTeachesMore() {
        Demonstrations shown = demonstrations(0.1);
        Box space = Tasks.tracking().observationSpace();
        Set<String> still = Set.of(space.parts().get(0).name());
        Demonstrations wide = shown.widened(EXPERT, space, Set.of(), 4, 0.5, 2);
        assertEquals(5 * shown.size(), wide.size());
        for (int i = 0; i < wide.size(); i++) {
            assertTrue(space.contains(wide.observations()[i]));
            double answer = EXPERT.act(new double[][] {wide.observations()[i]}, null, true)[0][0];
            assertEquals(answer, wide.actions()[i][0]);
        }
        Demonstrations held = shown.widened(EXPERT, space, still, 1, 0.5, 2);
        for (int i = 0; i < shown.size(); i++) {
            double[] near = held.observations()[shown.size() + i];
            assertEquals(shown.observations()[i][0], near[0]);
        }
        // Alike in size, but what is new in the one was never seen by the other.
        Demonstrations few = demonstrations(0.1).widened(EXPERT, space, Set.of(), 4, 0, 2);
        Demonstrations far = shown.widened(EXPERT, space, Set.of(), 8, 1, 9);
        PolicyBundle start = learner().checkpoint(Map.of());
        BehaviourCloning.Regression quick = new BehaviourCloning.Regression(20, 64, 2e-3);
        double narrow = miss(BehaviourCloning.imitate(start, few, quick, 1), far);
        double broad = miss(BehaviourCloning.imitate(start, wide, quick, 1), far);
        assertTrue(broad < 0.7 * narrow, broad + " and " + narrow);
        assertThrows(
                IllegalArgumentException.class,
                () -> shown.widened(EXPERT, space, Set.of(), -1, 0.5, 2));
    }

    private static double miss(BehaviourCloning.Result result, Demonstrations asked) {
        Policy policy = PpoLearner.resume(result.bundle()).policy();
        double[][] answers = policy.act(asked.observations(), new boolean[asked.size()], true);
        double sum = 0;
        for (int i = 0; i < asked.size(); i++) {
            sum += Math.pow(answers[i][0] - asked.actions()[i][0], 2);
        }
        return sum / asked.size();
    }

    @Test
    void theSeedDecidesEverything() {
        Demonstrations shown = demonstrations(0.3);
        PolicyBundle start = learner().checkpoint(Map.of());
        BehaviourCloning.Regression few = new BehaviourCloning.Regression(2, 16, 1e-3);
        double[] first = weights(BehaviourCloning.imitate(start, shown, few, 1));
        assertArrayEquals(first, weights(BehaviourCloning.imitate(start, shown, few, 1)));
        assertThrows(
                IllegalArgumentException.class, () -> new BehaviourCloning.Regression(0, 1, 1));
    }

    private static double[] weights(BehaviourCloning.Result result) {
        return result.bundle().arrays().get("network.mean_W").values();
    }
}
