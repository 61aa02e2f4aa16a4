package daumier.agent.rl4j;

import daumier.agent.LaneLearner;
import daumier.agent.LearnedPolicy;
import daumier.agent.NamedArray;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.PolicyFormatException;
import daumier.env.Box;
import daumier.env.SeededRandom;
import daumier.env.VectorStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.rl4j.agent.learning.algorithm.dqn.BaseTransitionTDAlgorithm;
import org.deeplearning4j.rl4j.agent.learning.algorithm.dqn.DoubleDQN;
import org.deeplearning4j.rl4j.agent.learning.update.FeaturesLabels;
import org.deeplearning4j.rl4j.agent.learning.update.UpdateRule;
import org.deeplearning4j.rl4j.experience.StateActionRewardState;

/**
 * Double DQN (van Hasselt et al. 2016) over a table of moves: RL4J's {@code DoubleDQN} targets and
 * {@code UpdateRule}, with a replay memory that lanes fill side by side. Train it on {@link
 * daumier.env.DiscreteMoves} with the same table. A stop takes effect at the end of an iteration.
 */
public final class DqnLearner extends LaneLearner<Integer> {
    private final DqnConfig config;
    private final Box actionSpace;
    private final double[][] moves;
    private final MoveNetwork network;
    private final MoveNetwork target;
    private final ReplayHandler replay;
    private final TargetUpdater updater;
    private final UpdateRule<FeaturesLabels, StateActionRewardState<Integer>> rule;
    private List<Integer> chosen = List.of();
    private long vectorSteps;

    /**
     * A learner that has seen nothing.
     *
     * @param moves (choices, action size): the actions it chooses among
     * @param seed decides the initial weights, random moves, replayed samples and episodes
     */
    public DqnLearner(
            DqnConfig config, Box observationSpace, Box actionSpace, double[][] moves, long seed) {
        super(config.collect(), observationSpace, seed);
        this.config = config;
        this.actionSpace = actionSpace;
        this.moves = NamedArray.of(moves).rows();
        network = new MoveNetwork(config, observationSpace.size(), moves.length, random());
        target = network.clone();
        replay = new ReplayHandler(config, random());
        updater = new TargetUpdater(network, target, config.targetUpdateFrequency());
        rule =
                new UpdateRule<>(
                        new DoubleDQN(
                                network,
                                target,
                                BaseTransitionTDAlgorithm.Configuration.builder()
                                        .gamma(config.collect().gamma())
                                        .build()),
                        updater);
    }

    /**
     * A learner that goes on where the one that wrote {@code bundle} stood.
     *
     * @throws PolicyFormatException if the bundle is not one of double DQN or is damaged
     */
    public static DqnLearner resume(PolicyBundle bundle) {
        if (!bundle.kind().equals(LearnedPolicy.DOUBLE_DQN)) {
            throw new PolicyFormatException(
                    "This policy file was written by '" + bundle.kind() + "', not by double DQN.");
        }
        DqnLearner learner =
                new DqnLearner(
                        DqnConfig.fromJson(bundle.config()),
                        bundle.observationSpace(),
                        bundle.actionSpace(),
                        NamedArray.require(bundle.arrays(), "moves").rows(),
                        0);
        learner.network.read("network", bundle.arrays());
        learner.target.read("target", bundle.arrays());
        learner.network.optimizer().read(bundle.arrays());
        learner.replay.read(bundle);
        learner.updater.setUpdates(bundle.counter("updates"));
        learner.vectorSteps = bundle.counter("vector_steps");
        learner.read(bundle);
        return learner;
    }

    @Override
    protected List<Integer> act(double[][] observed) {
        double[][] values = network.values(observed);
        double epsilon = config.epsilonAt(steps());
        SeededRandom random = random();
        chosen = new ArrayList<>(values.length);
        for (double[] row : values) {
            chosen.add(
                    random.nextDouble() < epsilon
                            ? random.nextInt(moves.length)
                            : LearnedPolicy.best(row));
        }
        return chosen;
    }

    @Override
    protected void record(double[][] before, VectorStep step) {
        for (int lane = 0; lane < step.lanes(); lane++) {
            replay.addExperience(
                    ReplayHandler.row(before[lane]),
                    new LaneMove(chosen.get(lane), step.finalObservations()[lane]),
                    step.rewards()[lane],
                    step.terminated()[lane]);
        }
        vectorSteps++;
        if (replay.isTrainingBatchReady() && vectorSteps % config.trainEvery() == 0) {
            rule.update(replay.generateTrainingBatch());
        }
    }

    @Override
    protected Map<String, Double> learn(double[][] observed) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("train/learning_rate", config.learningRate());
        metrics.put("train/n_updates", (double) updater.updates());
        metrics.put("rollout/exploration_rate", config.epsilonAt(steps()));
        return metrics;
    }

    @Override
    protected boolean abandon() {
        return false;
    }

    @Override
    public Policy policy() {
        return LearnedPolicy.of(checkpoint(Map.of()), 0);
    }

    @Override
    public PolicyBundle checkpoint(Map<String, String> provenance) {
        Map<String, NamedArray> arrays = new LinkedHashMap<>();
        Map<String, Long> counters = new LinkedHashMap<>();
        network.write("network", arrays);
        target.write("target", arrays);
        network.optimizer().write(arrays);
        arrays.put("moves", NamedArray.of(moves));
        replay.write(arrays, counters);
        write(arrays, counters);
        counters.put("updates", updater.updates());
        counters.put("vector_steps", vectorSteps);
        return new PolicyBundle(
                LearnedPolicy.DOUBLE_DQN,
                config.toJson(),
                provenance,
                observationSpace(),
                actionSpace,
                counters,
                arrays);
    }
}
