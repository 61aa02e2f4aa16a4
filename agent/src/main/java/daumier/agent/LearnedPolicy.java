package daumier.agent;

import com.google.gson.JsonObject;
import daumier.env.Box;
import daumier.env.ObservationNormalizer;
import daumier.env.SeededRandom;
import java.util.Arrays;

/**
 * The policy of a {@link PolicyBundle}: normalises with frozen statistics, asks the network, and
 * keeps actions within their bounds.
 */
public final class LearnedPolicy implements Policy {
    /** The kind of PPO's bundles. */
    public static final String PPO = "ppo";

    /** The kind of double DQN's bundles. */
    public static final String DOUBLE_DQN = "double-dqn";

    /** Turns the outputs of the network into an action. */
    private interface Head {
        double[] act(double[] outputs, boolean deterministic);
    }

    private final ObservationNormalizer normalizer;
    private final boolean normalize;
    private final Perceptron network;
    private final Head head;
    private final Box actions;

    private LearnedPolicy(PolicyBundle bundle, Perceptron network, Head head) {
        Box observations = bundle.observationSpace();
        JsonObject collect = bundle.config().getAsJsonObject("collect");
        if (collect == null
                || !collect.has("observationClip")
                || !collect.has("normalizeObservations")) {
            throw new PolicyFormatException(
                    "The configuration in the policy file does not say how observations are"
                            + " normalised.");
        }
        if (network.inputs() != observations.size()) {
            throw new PolicyFormatException(
                    "The network of the policy file sees "
                            + network.inputs()
                            + " values, its space has "
                            + observations.size()
                            + ".");
        }
        normalize = collect.get("normalizeObservations").getAsBoolean();
        normalizer =
                new ObservationNormalizer(
                        observations.size(), collect.get("observationClip").getAsDouble());
        normalizer.restore(
                NamedArray.require(
                                bundle.arrays(),
                                "normalizer.observation",
                                2 * observations.size() + 1)
                        .values());
        normalizer.setFrozen(true);
        actions = bundle.actionSpace();
        this.network = network;
        this.head = head;
    }

    /**
     * The policy in {@code bundle}.
     *
     * @param noiseSeed seed of drawn actions
     * @throws PolicyFormatException if the bundle is damaged or of an unknown kind
     */
    public static LearnedPolicy of(PolicyBundle bundle, long noiseSeed) {
        return switch (bundle.kind()) {
            case PPO -> gaussian(bundle, new SeededRandom(noiseSeed));
            case DOUBLE_DQN -> {
                double[][] moves = NamedArray.require(bundle.arrays(), "moves").rows();
                yield new LearnedPolicy(
                        bundle,
                        Perceptron.read(bundle.arrays(), "network.q"),
                        (values, deterministic) -> moves[best(values)].clone());
            }
            default ->
                    throw new PolicyFormatException(
                            "The policy file is of the unknown kind '" + bundle.kind() + "'.");
        };
    }

    private static LearnedPolicy gaussian(PolicyBundle bundle, SeededRandom noise) {
        int size = bundle.actionSpace().size();
        double[] logStd = NamedArray.require(bundle.arrays(), "network.log_std", size).values();
        return new LearnedPolicy(
                bundle,
                Perceptron.read(bundle.arrays(), "network.mean"),
                (mean, deterministic) -> {
                    double[] action = mean.clone();
                    for (int i = 0; i < size && !deterministic; i++) {
                        action[i] += Math.exp(logStd[i]) * noise.nextGaussian();
                    }
                    return action;
                });
    }

    /** Index of the largest value, the first of equals. */
    public static int best(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The mean of the observations it was trained on. */
    public double[] typicalObservation() {
        double[] state = normalizer.state();
        return Arrays.copyOf(state, network.inputs());
    }

    @Override
    public double[][] act(double[][] observations, boolean[] episodeStarts, boolean deterministic) {
        double[][] chosen = new double[observations.length][];
        for (int lane = 0; lane < observations.length; lane++) {
            double[] seen = normalize ? normalizer.apply(observations[lane]) : observations[lane];
            chosen[lane] = actions.clip(head.act(network.apply(seen), deterministic));
        }
        return chosen;
    }
}
