package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.PolicyFormatException;
import daumier.agent.StopSignal;
import daumier.agent.Tasks;
import daumier.agent.TrainingListener;
import daumier.env.Box;
import daumier.env.DiscreteMoves;
import daumier.env.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DqnLearnerTest {
    private static final double[][] MOVES = {{-1}, {1}};

    private static DqnLearner learner(long steps) {
        DqnConfig defaults = DqnConfig.defaults(steps);
        DqnConfig config =
                new DqnConfig(
                        defaults.collect(),
                        steps,
                        32,
                        2000,
                        200,
                        2,
                        50,
                        0.1,
                        0.6,
                        3e-3,
                        10,
                        List.of(32));
        Environment<double[]> chain = Tasks.chain();
        return new DqnLearner(
                config, chain.observationSpace(), (Box) chain.actionSpace(), MOVES, 3);
    }

    private static void train(DqnLearner learner, long until) {
        learner.train(
                new DiscreteMoves(Tasks.lanes(4, Tasks::chain), MOVES),
                until,
                TrainingListener.NONE,
                new StopSignal());
    }

    @Test
    void walksTheChainToItsEnd() {
        DqnLearner learner = learner(6144);
        train(learner, 6144);
        Policy policy = learner.policy();
        for (int state = 0; state < 5; state++) {
            double[] oneHot = new double[6];
            oneHot[state] = 1;
            assertArrayEquals(
                    new double[] {1},
                    policy.act(new double[][] {oneHot}, new boolean[1], true)[0],
                    "state " + state);
        }
    }

    private static byte[] bytes(DqnLearner learner) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        learner.checkpoint(Map.of()).write(out);
        return out.toByteArray();
    }

    @Test
    void resumingIsTheSameBitByBit() throws IOException {
        DqnLearner whole = learner(1024);
        train(whole, 1024);
        DqnLearner half = learner(1024);
        train(half, 512);
        PolicyBundle bundle = PolicyBundle.read(new ByteArrayInputStream(bytes(half)));
        DqnLearner resumed = DqnLearner.resume(bundle);
        train(resumed, 1024);
        assertArrayEquals(bytes(whole), bytes(resumed));
        assertEquals(1024, resumed.steps());
    }

    @Test
    void aPolicyNeedsNoMemoryButTrainingDoes() {
        DqnLearner learner = learner(256);
        train(learner, 256);
        PolicyBundle small = learner.checkpoint(Map.of()).forUse();
        double[][] observations = {{1, 0, 0, 0, 0, 0}};
        assertArrayEquals(
                learner.policy().act(observations, new boolean[1], true),
                LearnedPolicy.of(small, 0).act(observations, new boolean[1], true));
        assertThrows(PolicyFormatException.class, () -> DqnLearner.resume(small));
        assertThrows(PolicyFormatException.class, () -> PpoLearner.resume(small));
    }
}
