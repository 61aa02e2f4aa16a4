package daumier.agent.rl4j;

import daumier.agent.LaneLearner;
import daumier.agent.LearnedPolicy;
import daumier.agent.NamedArray;
import daumier.agent.Policy;
import daumier.agent.PolicyBundle;
import daumier.agent.PolicyFormatException;
import daumier.env.Box;
import daumier.env.VectorStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.rl4j.observation.Observation;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Proximal policy optimisation (Schulman et al. 2017) of a Gaussian policy over a box of actions,
 * with the details of stable-baselines3: separate tanh networks, orthogonal initial weights, a
 * standard deviation that depends on no state, GAE, advantages normalised by minibatch, and values
 * of truncated episodes bootstrapped from their final observation.
 */
public final class PpoLearner extends LaneLearner<double[]> {
    private final PpoConfig config;
    private final Box actionSpace;
    private final ActorCritic network;
    private final GaussianPolicy explorer;
    private final RolloutHandler rollout;
    private final PpoUpdateRule rule;
    private List<LaneAction> decisions = List.of();

    /**
     * A learner that has seen nothing.
     *
     * @param seed decides the initial weights, the noise of actions, the order of samples and the
     *     episodes
     */
    public PpoLearner(PpoConfig config, Box observationSpace, Box actionSpace, long seed) {
        super(config.collect(), observationSpace, seed);
        this.config = config;
        this.actionSpace = actionSpace;
        network =
                new ActorCritic(
                        observationSpace.size(),
                        actionSpace.size(),
                        config.hidden(),
                        config.initialLogStd(),
                        config.maxGradientNorm(),
                        random());
        explorer = new GaussianPolicy(network, random());
        rollout =
                new RolloutHandler(
                        config.collect().gamma(),
                        config.gaeLambda(),
                        config.collect().rolloutSteps(),
                        config.collect().groupSize(),
                        config.evenGroups());
        rule = new PpoUpdateRule(network, config, random());
    }

    /**
     * A learner that goes on where the one that wrote {@code bundle} stood.
     *
     * @throws PolicyFormatException if the bundle is not one of PPO or is damaged
     */
    public static PpoLearner resume(PolicyBundle bundle) {
        requireKind(bundle);
        return resume(bundle, PpoConfig.fromJson(bundle.config()));
    }

    /** The same with other settings, such as more steps; network sizes must stay as they were. */
    public static PpoLearner resume(PolicyBundle bundle, PpoConfig config) {
        requireKind(bundle);
        PpoLearner learner =
                new PpoLearner(config, bundle.observationSpace(), bundle.actionSpace(), 0);
        learner.network.read(bundle.arrays());
        learner.rule.setUpdateCount((int) bundle.counter("updates"));
        learner.read(bundle);
        return learner;
    }

    private static void requireKind(PolicyBundle bundle) {
        if (!bundle.kind().equals(LearnedPolicy.PPO)) {
            throw new PolicyFormatException(
                    "This policy file was written by '" + bundle.kind() + "', not by PPO.");
        }
    }

    /** Its settings. */
    public PpoConfig config() {
        return config;
    }

    @Override
    protected List<double[]> act(double[][] observed) {
        decisions = explorer.nextActions(observed);
        List<double[]> actions = new ArrayList<>(decisions.size());
        for (LaneAction decision : decisions) {
            actions.add(actionSpace.clip(decision.drawn()));
        }
        return actions;
    }

    @Override
    protected void record(double[][] before, VectorStep step) {
        double[] rewards = step.rewards().clone();
        if (config.handleTruncation()) {
            List<Integer> cut = new ArrayList<>();
            for (int lane = 0; lane < step.lanes(); lane++) {
                if (step.truncated()[lane] && !step.terminated()[lane]) {
                    cut.add(lane);
                }
            }
            if (!cut.isEmpty()) {
                double[] values =
                        network.values(
                                cut.stream()
                                        .map(lane -> step.finalObservations()[lane])
                                        .toArray(double[][]::new));
                for (int i = 0; i < values.length; i++) {
                    rewards[cut.get(i)] += config.collect().gamma() * values[i];
                }
            }
        }
        for (int lane = 0; lane < step.lanes(); lane++) {
            rollout.addExperience(
                    new Observation(Nd4j.createFromArray(new double[][] {before[lane]})),
                    decisions.get(lane),
                    rewards[lane],
                    step.ended(lane));
        }
    }

    @Override
    protected Map<String, Double> learn(double[][] observed) {
        rollout.bootstrap(network.values(observed));
        double learningRate = config.learningRateAt(steps());
        network.setLearningRate(learningRate);
        rule.setCriticOnly(steps() <= config.criticWarmup());
        rule.notifyNewBatchStarted();
        rule.update(rollout.generateTrainingBatch());
        Map<String, Double> metrics = new LinkedHashMap<>(rule.metrics());
        metrics.put("train/learning_rate", learningRate);
        metrics.put("train/clip_range", config.clipRange());
        metrics.put(
                "train/std",
                Arrays.stream(network.logStd()).map(Math::exp).average().orElse(Double.NaN));
        return metrics;
    }

    @Override
    protected boolean abandon() {
        rollout.clear();
        return true;
    }

    /** The critic's value of one raw observation, in units of the normalised reward. */
    public double value(double[] observation) {
        double[] seen =
                normalizesObservations() ? frozenNormalizer().apply(observation) : observation;
        return network.values(new double[][] {seen})[0];
    }

    /**
     * The policy as it stands. Drawn actions come from a stream of its own, which starts anew with
     * each call of this method.
     */
    @Override
    public Policy policy() {
        return LearnedPolicy.of(checkpoint(Map.of()), random().state()[0]);
    }

    @Override
    public PolicyBundle checkpoint(Map<String, String> provenance) {
        Map<String, NamedArray> arrays = new LinkedHashMap<>();
        Map<String, Long> counters = new LinkedHashMap<>();
        network.write(arrays);
        write(arrays, counters);
        counters.put("updates", (long) rule.getUpdateCount());
        return new PolicyBundle(
                LearnedPolicy.PPO,
                config.toJson(),
                provenance,
                observationSpace(),
                actionSpace,
                counters,
                arrays);
    }
}
