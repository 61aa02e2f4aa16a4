package daumier.agent.rl4j;

import daumier.agent.NamedArray;
import daumier.agent.Perceptron;
import daumier.env.SeededRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.rl4j.agent.learning.update.Features;
import org.deeplearning4j.rl4j.agent.learning.update.FeaturesLabels;
import org.deeplearning4j.rl4j.agent.learning.update.Gradients;
import org.deeplearning4j.rl4j.network.CommonLabelNames;
import org.deeplearning4j.rl4j.network.CommonOutputNames;
import org.deeplearning4j.rl4j.network.ITrainableNeuralNet;
import org.deeplearning4j.rl4j.network.NeuralNetOutput;
import org.deeplearning4j.rl4j.observation.Observation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The value of each move in a state, learned under Huber's loss (threshold 1). */
final class MoveNetwork implements ITrainableNeuralNet<MoveNetwork> {
    private static final String ALL = "all";

    private final DqnConfig config;
    private final int inputs;
    private final int moves;
    private final DenseNetwork network;
    private final Adam optimizer;
    private boolean fresh;
    private Perceptron plain;

    MoveNetwork(DqnConfig config, int inputs, int moves, SeededRandom random) {
        this.config = config;
        this.inputs = inputs;
        this.moves = moves;
        network =
                new DenseNetwork(
                        inputs,
                        config.hidden(),
                        List.of(new DenseNetwork.Head("q", moves, 1)),
                        random);
        optimizer = new Adam(network.size(), config.maxGradientNorm());
    }

    /** Values (rows, moves) for (rows, inputs). */
    double[][] values(double[][] observations) {
        if (!fresh) {
            Map<String, NamedArray> arrays = new HashMap<>();
            network.write("network", arrays);
            plain = Perceptron.read(arrays, "network.q");
            fresh = true;
        }
        return plain.apply(observations);
    }

    @Override
    public NeuralNetOutput output(Observation observation) {
        return output(observation.getData());
    }

    /** RL4J writes targets into the array it is given, so that each call gives a new one. */
    @Override
    public NeuralNetOutput output(INDArray observations) {
        NeuralNetOutput result = new NeuralNetOutput();
        result.put(CommonOutputNames.QValues, network.output(observations)[0].dup());
        return result;
    }

    @Override
    public NeuralNetOutput output(Features features) {
        return output(features.get(0));
    }

    @Override
    public Gradients computeGradients(FeaturesLabels labels) {
        double[][] values = DenseNetwork.rows(network.forward(labels.getFeatures().get(0))[0]);
        double[][] targets = DenseNetwork.rows(labels.getLabels(CommonLabelNames.QValues));
        for (int row = 0; row < values.length; row++) {
            for (int move = 0; move < moves; move++) {
                double error = values[row][move] - targets[row][move];
                values[row][move] = Math.min(Math.max(error, -1), 1) / values.length;
            }
        }
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(
                ALL, Nd4j.createFromArray(network.backward(Nd4j.createFromArray(values))));
        Gradients gradients = new Gradients(labels.getBatchSize());
        gradients.putGradient(ALL, gradient);
        return gradients;
    }

    @Override
    public void applyGradients(Gradients gradients) {
        double[] gradient = DenseNetwork.values(gradients.getGradient(ALL).getGradientFor(ALL));
        double[] update = optimizer.update(gradient, config.learningRate());
        double[] parameters = network.parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += update[i];
        }
        network.setParameters(parameters);
        fresh = false;
    }

    @Override
    public void fit(FeaturesLabels labels) {
        applyGradients(computeGradients(labels));
    }

    @Override
    public void copyFrom(MoveNetwork other) {
        network.setParameters(other.network.parameters());
        fresh = false;
    }

    /** The same parameters with a fresh optimiser. */
    @Override
    public MoveNetwork clone() {
        MoveNetwork copy = new MoveNetwork(config, inputs, moves, new SeededRandom(0));
        copy.copyFrom(this);
        return copy;
    }

    @Override
    public void reset() {
        // Nothing is remembered between calls.
    }

    @Override
    public boolean isRecurrent() {
        return false;
    }

    void write(String prefix, Map<String, NamedArray> arrays) {
        network.write(prefix, arrays);
    }

    void read(String prefix, Map<String, NamedArray> arrays) {
        network.read(prefix, arrays);
        fresh = false;
    }

    Adam optimizer() {
        return optimizer;
    }
}
