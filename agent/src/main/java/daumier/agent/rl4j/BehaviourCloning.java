package daumier.agent.rl4j;

import daumier.agent.Demonstrations;
import daumier.agent.LearnedPolicy;
import daumier.agent.NamedArray;
import daumier.agent.PolicyBundle;
import daumier.agent.PolicyFormatException;
import daumier.env.ObservationNormalizer;
import daumier.env.SeededRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Behaviour cloning (Pomerleau 1989): the mean of a PPO policy is fitted to an expert's actions by
 * least squares, and its normaliser to what the expert saw, so that learning begins where the
 * expert stands. The critic and the standard deviations stay as they were.
 */
public final class BehaviourCloning {
    /**
     * How the regression goes.
     *
     * @param epochs passes over the samples, at least 1
     * @param minibatch samples of one gradient step, at least 1
     * @param learningRate Adam's first step size; it falls to a tenth along a cosine
     */
    public record Regression(int epochs, int minibatch, double learningRate) {
        /** Checks the ranges. */
        public Regression {
            if (epochs < 1 || minibatch < 1 || !(learningRate > 0)) {
                throw new IllegalArgumentException(
                        "Imitation needs at least one epoch, samples in a batch and a step size.");
            }
        }

        /** 60 passes in batches of 64 at 2e-3. */
        public static Regression standard() {
            return new Regression(60, 64, 2e-3);
        }
    }

    /**
     * A policy that imitates.
     *
     * @param bundle to resume a learner from
     * @param firstError mean squared error of a value of the action before
     * @param lastError the same after
     */
    public record Result(PolicyBundle bundle, double firstError, double lastError) {}

    private static final String PREFIX = "network";
    private static final double CLIP = 10;

    private BehaviourCloning() {}

    /**
     * Fits a policy to demonstrations.
     *
     * @param start of a {@link PpoLearner}
     * @param shown at least one sample, in the spaces of {@code start}
     * @param regression how
     * @param seed of the order of samples
     * @throws PolicyFormatException if the bundle is not one of PPO
     */
    public static Result imitate(
            PolicyBundle start, Demonstrations shown, Regression regression, long seed) {
        if (!start.kind().equals(LearnedPolicy.PPO)) {
            throw new PolicyFormatException(
                    "Only PPO's policies can imitate, not one of '" + start.kind() + "'.");
        }
        PpoConfig config = PpoConfig.fromJson(start.config());
        int inputs = start.observationSpace().size();
        ObservationNormalizer normalizer = new ObservationNormalizer(inputs, CLIP);
        double[][] seen = shown.observations();
        if (config.collect().normalizeObservations()) {
            normalizer.observe(seen);
            seen = normalizer.apply(seen);
        }
        SeededRandom random = new SeededRandom(seed);
        DenseNetwork network =
                new DenseNetwork(
                        inputs,
                        config.hidden(),
                        List.of(
                                new DenseNetwork.Head(
                                        ActorCritic.MEAN, start.actionSpace().size(), 1)),
                        random);
        network.read(PREFIX, start.arrays());
        double first = error(network, seen, shown.actions());
        fit(network, seen, shown.actions(), regression, random);
        Map<String, NamedArray> arrays = new LinkedHashMap<>(start.arrays());
        network.write(PREFIX, arrays);
        if (config.collect().normalizeObservations()) {
            arrays.put("normalizer.observation", NamedArray.of(normalizer.state()));
        }
        PolicyBundle bundle =
                new PolicyBundle(
                        start.kind(),
                        start.config(),
                        start.provenance(),
                        start.observationSpace(),
                        start.actionSpace(),
                        start.counters(),
                        arrays);
        return new Result(bundle, first, error(network, seen, shown.actions()));
    }

    private static void fit(
            DenseNetwork network,
            double[][] seen,
            double[][] actions,
            Regression regression,
            SeededRandom random) {
        Adam optimizer = new Adam(network.size(), 1);
        int[] order = new int[seen.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int epoch = 0; epoch < regression.epochs(); epoch++) {
            random.shuffle(order);
            double done = (double) epoch / regression.epochs();
            double rate = regression.learningRate() * (0.55 + 0.45 * Math.cos(Math.PI * done));
            for (int from = 0; from < order.length; from += regression.minibatch()) {
                int count = Math.min(regression.minibatch(), order.length - from);
                double[][] x = new double[count][];
                double[][] y = new double[count][];
                for (int i = 0; i < count; i++) {
                    x[i] = seen[order[from + i]];
                    y[i] = actions[order[from + i]];
                }
                INDArray mean = network.forward(Nd4j.createFromArray(x))[0];
                // The gradient of the mean over the batch of the summed squared error.
                INDArray slope = mean.sub(Nd4j.createFromArray(y)).muli(2.0 / count);
                double[] update = optimizer.update(network.backward(slope), rate);
                double[] parameters = network.parameters();
                for (int i = 0; i < parameters.length; i++) {
                    parameters[i] += update[i];
                }
                network.setParameters(parameters);
            }
        }
    }

    private static double error(DenseNetwork network, double[][] seen, double[][] actions) {
        double[][] means = network.output(Nd4j.createFromArray(seen))[0].toDoubleMatrix();
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            for (int k = 0; k < means[i].length; k++) {
                double miss = means[i][k] - actions[i][k];
                sum += miss * miss / means[i].length;
            }
        }
        return sum / means.length;
    }
}
