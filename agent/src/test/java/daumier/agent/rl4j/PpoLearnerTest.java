package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.agent.LearnedPolicy;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.PolicyFormatException;
import daumier.agent.PolicyMismatchException;
import daumier.agent.StopSignal;
import daumier.agent.Tasks;
import daumier.agent.TrainingListener;
import daumier.agent.TrainingOutcome;
import daumier.env.Box;
import daumier.env.Discrete;
import daumier.env.Environment;
import daumier.env.StepResult;
import daumier.env.VectorEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class PpoLearnerTest {
    private static PpoConfig.Builder quick(long steps) {
        return PpoConfig.builder(steps)
                .rolloutSteps(32)
                .minibatchSize(256)
                .epochs(8)
                .learningRate(3e-3)
                .hidden(List.of(32, 32))
                .targetKl(0.03)
                .initialLogStd(-0.5)
                .linearDecay(true);
    }

    private static PpoLearner learner(PpoConfig config, Supplier<Environment<double[]>> task) {
        Environment<double[]> one = task.get();
        return new PpoLearner(config, one.observationSpace(), (Box) one.actionSpace(), 5);
    }

    private static PpoLearner trained(PpoConfig config, Supplier<Environment<double[]>> task) {
        PpoLearner learner = learner(config, task);
        TrainingOutcome outcome =
                learner.train(
                        Tasks.lanes(8, task),
                        config.totalSteps(),
                        TrainingListener.NONE,
                        new StopSignal());
        assertEquals(TrainingOutcome.FINISHED, outcome);
        return learner;
    }

    private static double[] answer(PpoLearner learner, double... observation) {
        return learner.policy().act(new double[][] {observation}, new boolean[] {true}, true)[0];
    }

    @Test
    void learnsTheBestActionOfABandit() {
        PpoLearner learner = trained(quick(10_000).minibatchSize(128).build(), Tasks::bandit);
        assertArrayEquals(new double[] {0.5, -0.3}, answer(learner, 0), 0.05);
    }

    @Test
    void lanesThatMeetTheSameLuckLearnInSpiteOfIt() {
        PpoConfig.Builder config = quick(10_000).minibatchSize(128);
        double together = miss(trained(config.groupSize(4).build(), Tasks::luckyBandit));
        double alone = miss(trained(config.groupSize(0).build(), Tasks::luckyBandit));
        assertTrue(together < 0.1, "miss " + together);
        assertTrue(alone > 2 * together, "miss without company " + alone);
    }

    private static double miss(PpoLearner learner) {
        double[] action = answer(learner, 0);
        return Math.hypot(action[0] - 0.5, action[1] + 0.3);
    }

    @Test
    void whileTheCriticWarmsUpThePolicyStays() {
        PpoConfig config = quick(1_024).normalizeObservations(false).criticWarmup(512).build();
        PpoLearner learner = learner(config, Tasks::tracking);
        double[] before = answer(learner, 0.6, 0.3);
        double valueBefore = learner.value(new double[] {0.6, 0.3});
        train(learner, 512);
        assertArrayEquals(before, answer(learner, 0.6, 0.3), 1e-9);
        assertTrue(learner.value(new double[] {0.6, 0.3}) != valueBefore);
        train(learner, 1_024);
        assertTrue(Math.abs(answer(learner, 0.6, 0.3)[0] - before[0]) > 1e-3);
    }

    @Test
    void learnsToFollowWhatItObserves() {
        PpoLearner learner = trained(quick(16_000).gamma(0).build(), Tasks::tracking);
        for (double target : new double[] {-0.6, 0, 0.6}) {
            assertEquals(target, answer(learner, 10 * target, 0.3)[0], 0.1);
        }
    }

    @Test
    void learnsFromRewardAtTheEndOnly() {
        PpoLearner learner =
                trained(
                        quick(24_000).rolloutSteps(64).epochs(10).gamma(1).build(),
                        Tasks::integrator);
        Policy policy = learner.policy();
        double total = 0;
        int episodes = 40;
        Environment<double[]> task = Tasks.integrator();
        for (int seed = 0; seed < episodes; seed++) {
            double[] observed = task.reset(OptionalLong.of(seed), Map.of()).observation();
            for (int t = 0; t < 8; t++) {
                double[] action = policy.act(new double[][] {observed}, new boolean[1], true)[0];
                StepResult step = task.step(action);
                observed = step.observation();
                total += step.reward();
            }
        }
        // Doing nothing costs 0.45 an episode on average.
        assertTrue(total / episodes > -0.1, "mean reward " + total / episodes);
    }

    @Test
    void truncationIsBootstrappedAndMattersWhenItIsNot() {
        PpoConfig.Builder config =
                quick(6_000)
                        .gamma(0.8)
                        .gaeLambda(0.95)
                        .normalizeRewards(false)
                        .normalizeObservations(false)
                        .linearDecay(false)
                        .rolloutSteps(30);
        double right = trained(config.build(), Tasks::forever).value(new double[] {0.5});
        assertEquals(5, right, 0.1);
        double wrong =
                trained(config.handleTruncation(false).build(), Tasks::forever)
                        .value(new double[] {0.5});
        // The mean of (1 - 0.8^k) / 0.2 over k = 1..10 is 3.2.
        assertTrue(wrong < 4, "value " + wrong);
    }

    private static byte[] bytes(PpoLearner learner) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        learner.checkpoint(Map.of("purpose", "test")).write(out);
        return out.toByteArray();
    }

    private static PpoLearner reread(byte[] bytes) throws IOException {
        return PpoLearner.resume(PolicyBundle.read(new ByteArrayInputStream(bytes)));
    }

    private static void train(PpoLearner learner, long until) {
        learner.train(
                Tasks.lanes(4, Tasks::tracking), until, TrainingListener.NONE, new StopSignal());
    }

    @Test
    void resumingIsTheSameBitByBit() throws IOException {
        PpoConfig config = quick(1024).build();
        PpoLearner whole = learner(config, Tasks::tracking);
        train(whole, 1024);
        PpoLearner half = learner(config, Tasks::tracking);
        train(half, 512);
        PpoLearner resumed = reread(bytes(half));
        train(resumed, 1024);
        assertArrayEquals(bytes(whole), bytes(resumed));
        assertEquals(1024, resumed.steps());
        assertEquals(8, resumed.iterations());
    }

    @Test
    void theSeedDecidesEverything() throws IOException {
        PpoConfig config = quick(256).build();
        Environment<double[]> task = Tasks.tracking();
        List<byte[]> results = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            PpoLearner learner =
                    new PpoLearner(config, task.observationSpace(), (Box) task.actionSpace(), seed);
            train(learner, 256);
            results.add(bytes(learner));
        }
        assertArrayEquals(results.get(0), results.get(1));
        assertFalse(Arrays.equals(results.get(0), results.get(2)));
    }

    @Test
    void aStopWithinAnIterationGoesBackToItsStart() throws IOException {
        PpoConfig config = quick(1024).build();
        PpoLearner whole = learner(config, Tasks::tracking);
        train(whole, 1024);
        PpoLearner stopped = learner(config, Tasks::tracking);
        StopSignal stop = new StopSignal();
        TrainingListener listener =
                new TrainingListener() {
                    @Override
                    public void onStep(long steps) {
                        if (steps == 300) {
                            stop.raise();
                        }
                    }
                };
        VectorEnvironment<double[]> lanes = Tasks.lanes(4, Tasks::tracking);
        assertEquals(TrainingOutcome.STOPPED, stopped.train(lanes, 1024, listener, stop));
        assertEquals(256, stopped.steps());
        PpoLearner resumed = reread(bytes(stopped));
        train(resumed, 1024);
        assertArrayEquals(bytes(whole), bytes(resumed));
    }

    @Test
    void usingThePolicyChangesNothing() throws IOException {
        PpoLearner learner = learner(quick(512).build(), Tasks::tracking);
        train(learner, 256);
        byte[] before = bytes(learner);
        Policy policy = learner.policy();
        double[][] observations = {{3, 1}, {-2, 0}};
        double[][] first = policy.act(observations, new boolean[2], true);
        policy.act(new double[][] {{1e6, 1e6}}, new boolean[] {true}, false);
        assertArrayEquals(first, policy.act(observations, new boolean[2], true));
        assertArrayEquals(before, bytes(learner));
        Policy loaded = LearnedPolicy.of(PolicyBundle.read(new ByteArrayInputStream(before)), 0);
        assertArrayEquals(first, loaded.act(observations, new boolean[2], true));
        train(learner, 512);
        assertArrayEquals(first, policy.act(observations, new boolean[2], true));
    }

    @Test
    void theListenerHearsTheUsualNames() {
        SortedMap<String, Double> seen = new TreeMap<>();
        List<TrainingListener.Episode> episodes = new ArrayList<>();
        PpoLearner learner = learner(quick(256).build(), Tasks::bandit);
        learner.train(
                Tasks.lanes(4, Tasks::bandit),
                256,
                new TrainingListener() {
                    @Override
                    public void onEpisode(TrainingListener.Episode episode) {
                        episodes.add(episode);
                    }

                    @Override
                    public void onIteration(TrainingListener.Iteration iteration) {
                        seen.putAll(iteration.metrics());
                    }
                },
                new StopSignal());
        for (String name :
                List.of(
                        "rollout/ep_rew_mean",
                        "rollout/ep_len_mean",
                        "time/fps",
                        "time/iterations",
                        "time/time_elapsed",
                        "time/total_timesteps",
                        "train/approx_kl",
                        "train/clip_fraction",
                        "train/clip_range",
                        "train/entropy_loss",
                        "train/explained_variance",
                        "train/learning_rate",
                        "train/loss",
                        "train/n_updates",
                        "train/policy_gradient_loss",
                        "train/std",
                        "train/value_loss")) {
            assertTrue(seen.containsKey(name), name);
        }
        assertEquals(256, episodes.size());
        assertEquals(256, episodes.get(255).number());
        assertTrue(episodes.get(0).info().containsKey("miss"));
        assertEquals(1, seen.get("rollout/ep_len_mean"));
    }

    @Test
    void filesThatDoNotFitAreRefusedInOneSentence() throws IOException {
        PpoLearner learner = learner(quick(64).build(), Tasks::tracking);
        byte[] bytes = bytes(learner);
        PolicyBundle bundle = PolicyBundle.read(new ByteArrayInputStream(bytes));
        bundle.requireSpaces(Tasks.tracking().observationSpace(), Tasks.tracking().actionSpace());
        String message =
                assertThrows(
                                PolicyMismatchException.class,
                                () ->
                                        bundle.requireSpaces(
                                                Tasks.tracking().observationSpace(),
                                                Box.of("nose", 3, -1, 1)))
                        .getMessage();
        assertEquals(
                "This policy acts on 1 values (action), but the environment has 3 values (nose[3]):"
                        + " train one for it, or use the pack and settings it was trained with.",
                message);
        assertThrows(
                PolicyMismatchException.class,
                () -> bundle.requireSpaces(Tasks.tracking().observationSpace(), new Discrete(4)));
        for (int length : new int[] {0, 10, 300, bytes.length / 2}) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(
                    PolicyFormatException.class,
                    () -> PpoLearner.resume(PolicyBundle.read(new ByteArrayInputStream(cut))),
                    "cut at " + length);
        }
    }
}
