package daumier.agent.rl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.env.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.rl4j.network.NeuralNetOutput;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

final class PpoLossTest {
    private static final int INPUTS = 3;
    private static final int ACTIONS = 2;

    private static ActorCritic network() {
        ActorCritic network =
                new ActorCritic(INPUTS, ACTIONS, List.of(6, 5), -0.3, 0.5, new SeededRandom(11));
        // Larger weights than those at the start, so that no gradient is tiny.
        SeededRandom random = new SeededRandom(12);
        double[] parameters = network.parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += 0.3 * random.nextGaussian();
        }
        network.setParameters(parameters);
        return network;
    }

    /** Samples whose ratios and values lie on both sides of the clips. */
    private static List<PpoSample> samples(ActorCritic network, int count) {
        SeededRandom random = new SeededRandom(13);
        List<PpoSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] observation = Gaussian.sample(new double[INPUTS], new double[INPUTS], random);
            double[][] row = {observation};
            double[] mean = network.means(row)[0];
            double[] action = Gaussian.sample(mean, network.logStd(), random);
            double logProb =
                    Gaussian.logProb(action, mean, network.logStd()) + 0.3 * random.nextGaussian();
            double value = network.values(row)[0] + 0.3 * random.nextGaussian();
            double advantage = random.nextGaussian();
            samples.add(
                    new PpoSample(
                            observation, action, logProb, value, advantage, value + advantage));
        }
        return samples;
    }

    private static PpoLoss loss(PpoConfig config, ActorCritic network, List<PpoSample> batch) {
        NeuralNetOutput output =
                network.output(
                        Nd4j.createFromArray(
                                batch.stream()
                                        .map(PpoSample::observation)
                                        .toArray(double[][]::new)));
        return PpoLoss.of(
                config,
                batch,
                output.get(ActorCritic.MEAN).toDoubleMatrix(),
                output.get(ActorCritic.VALUE).toDoubleMatrix(),
                network.logStd());
    }

    private static void assertGradients(PpoConfig config) {
        ActorCritic network = network();
        List<PpoSample> batch = samples(network, 24);
        PpoAlgorithm algorithm = new PpoAlgorithm(network, config);
        double[] gradient =
                algorithm.compute(batch).getGradient("all").getGradientFor("all").toDoubleVector();
        assertEquals(loss(config, network, batch).loss(), algorithm.lastLoss().loss(), 1e-12);
        assertTrue(algorithm.lastLoss().clipFraction() > 0.1);
        assertTrue(algorithm.lastLoss().clipFraction() < 0.9);
        double[] parameters = network.parameters();
        double[] numeric = new double[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            double[] moved = parameters.clone();
            moved[i] += 1e-6;
            network.setParameters(moved);
            double up = loss(config, network, batch).loss();
            moved[i] -= 2e-6;
            network.setParameters(moved);
            numeric[i] = (up - loss(config, network, batch).loss()) / 2e-6;
        }
        assertArrayEquals(numeric, gradient, 2e-8);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        assertGradients(PpoConfig.builder(1).entropyCoefficient(0.01).build());
    }

    @Test
    void gradientsWithClippedValuesAndRawAdvantagesToo() {
        assertGradients(
                PpoConfig.builder(1)
                        .valueClipRange(0.2)
                        .normalizeAdvantages(false)
                        .clipRange(0.15)
                        .entropyCoefficient(0.02)
                        .valueCoefficient(0.7)
                        .build());
    }

    @Test
    void actingAndLearningSeeTheSameNetwork() {
        ActorCritic network = network();
        double[][] rows = {{0.2, -1, 0.5}, {1, 2, 3}};
        NeuralNetOutput output = network.output(Nd4j.createFromArray(rows));
        double[][] means = output.get(ActorCritic.MEAN).toDoubleMatrix();
        assertArrayEquals(means[0], network.means(rows)[0], 1e-12);
        assertArrayEquals(means[1], network.means(rows)[1], 1e-12);
        assertArrayEquals(
                output.get(ActorCritic.VALUE).toDoubleVector(), network.values(rows), 1e-12);
    }

    @Test
    void anUnchangedPolicyHasNoKlAndTheMeanAdvantage() {
        PpoConfig config = PpoConfig.builder(1).normalizeAdvantages(false).build();
        double[][] means = {{0.1}, {0.2}};
        double[] logStd = {-0.5};
        List<PpoSample> batch = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            double[] action = {0.3};
            double logProb = Gaussian.logProb(action, means[i], logStd);
            double advantage = 2.0 * i - 0.5;
            batch.add(new PpoSample(new double[1], action, logProb, 1, advantage, 1 + advantage));
        }
        PpoLoss loss = PpoLoss.of(config, batch, means, new double[][] {{1}, {1}}, logStd);
        assertEquals(0, loss.approxKl(), 1e-15);
        assertEquals(0, loss.clipFraction());
        assertEquals(-0.5, loss.policyLoss(), 1e-15);
        // Targets are 0.5 and 2.5.
        assertEquals((0.25 + 2.25) / 2, loss.valueLoss(), 1e-15);
        assertEquals(0.5 - (0.5 + 0.5 * Math.log(2 * Math.PI)), loss.entropyLoss(), 1e-15);
    }
}
