package daumier.agent.rl4j;

import daumier.agent.NamedArray;
import daumier.agent.Perceptron;
import daumier.env.SeededRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.rl4j.agent.learning.update.Features;
import org.deeplearning4j.rl4j.agent.learning.update.FeaturesLabels;
import org.deeplearning4j.rl4j.agent.learning.update.Gradients;
import org.deeplearning4j.rl4j.network.ITrainableNeuralNet;
import org.deeplearning4j.rl4j.network.NeuralNetOutput;
import org.deeplearning4j.rl4j.observation.Observation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean of a Gaussian policy and the value of a state from two separate networks, and a
 * logarithm of the standard deviation for each action that depends on no state. Labels are the
 * gradients of a loss with respect to these three, so that any loss can be learned.
 */
final class ActorCritic implements ITrainableNeuralNet<ActorCritic> {
    /** Name of the means among outputs and labels, (rows, actions). */
    static final String MEAN = "mean";

    /** Name of the values among outputs and labels, (rows, 1). */
    static final String VALUE = "value";

    /** Name of the log standard deviations among labels, (1, actions). */
    static final String LOG_STD = "log_std";

    private static final String ALL = "all";
    private static final double POLICY_GAIN = 0.01;

    private final int inputs;
    private final List<Integer> hidden;
    private final double maxNorm;
    private final DenseNetwork network;
    private final double[] logStd;
    private final Adam optimizer;
    private double learningRate;
    private boolean fresh;
    private Perceptron means;
    private Perceptron values;

    ActorCritic(
            int inputs,
            int actions,
            List<Integer> hidden,
            double initialLogStd,
            double maxNorm,
            SeededRandom random) {
        this.inputs = inputs;
        this.hidden = hidden;
        this.maxNorm = maxNorm;
        network =
                new DenseNetwork(
                        inputs,
                        hidden,
                        List.of(
                                new DenseNetwork.Head(MEAN, actions, POLICY_GAIN),
                                new DenseNetwork.Head(VALUE, 1, 1)),
                        random);
        logStd = new double[actions];
        Arrays.fill(logStd, initialLogStd);
        optimizer = new Adam(network.size() + actions, maxNorm);
    }

    /** Acting is asked of plain copies of the weights, which have no overhead by call. */
    private void refresh() {
        if (fresh) {
            return;
        }
        fresh = true;
        Map<String, NamedArray> arrays = new HashMap<>();
        network.write("network", arrays);
        means = Perceptron.read(arrays, "network." + MEAN);
        values = Perceptron.read(arrays, "network." + VALUE);
    }

    /** Step size of the next {@link #applyGradients}. */
    void setLearningRate(double value) {
        learningRate = value;
    }

    /** The log standard deviations of now. */
    double[] logStd() {
        return logStd.clone();
    }

    /** Means (rows, actions) for (rows, inputs). */
    double[][] means(double[][] observations) {
        refresh();
        return means.apply(observations);
    }

    /** Values of (rows, inputs). */
    double[] values(double[][] observations) {
        refresh();
        double[] result = new double[observations.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.apply(observations[i])[0];
        }
        return result;
    }

    @Override
    public NeuralNetOutput output(Observation observation) {
        return output(observation.getData());
    }

    @Override
    public NeuralNetOutput output(INDArray observations) {
        return named(network.output(observations));
    }

    @Override
    public NeuralNetOutput output(Features features) {
        return output(features.get(0));
    }

    /** Outputs for learning: {@link #computeGradients} must follow with the same features. */
    NeuralNetOutput forward(Features features) {
        return named(network.forward(features.get(0)));
    }

    private static NeuralNetOutput named(INDArray[] outputs) {
        NeuralNetOutput result = new NeuralNetOutput();
        result.put(MEAN, outputs[0]);
        result.put(VALUE, outputs[1]);
        return result;
    }

    /** Backpropagates labels through the activations of the last {@link #forward}. */
    @Override
    public Gradients computeGradients(FeaturesLabels labels) {
        double[] flat = network.backward(labels.getLabels(MEAN), labels.getLabels(VALUE));
        double[] tail = DenseNetwork.values(labels.getLabels(LOG_STD));
        double[] all = Arrays.copyOf(flat, flat.length + tail.length);
        System.arraycopy(tail, 0, all, flat.length, tail.length);
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(ALL, Nd4j.createFromArray(all));
        Gradients gradients = new Gradients(labels.getBatchSize());
        gradients.putGradient(ALL, gradient);
        return gradients;
    }

    /** One step of Adam down along gradients of the mean loss. */
    @Override
    public void applyGradients(Gradients gradients) {
        double[] gradient = DenseNetwork.values(gradients.getGradient(ALL).getGradientFor(ALL));
        double[] update = optimizer.update(gradient, learningRate);
        double[] parameters = parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += update[i];
        }
        setParameters(parameters);
    }

    @Override
    public void fit(FeaturesLabels labels) {
        forward(labels.getFeatures());
        applyGradients(computeGradients(labels));
    }

    /** Network parameters, then log standard deviations. */
    double[] parameters() {
        double[] flat = network.parameters();
        double[] all = Arrays.copyOf(flat, flat.length + logStd.length);
        System.arraycopy(logStd, 0, all, flat.length, logStd.length);
        return all;
    }

    void setParameters(double[] all) {
        int size = network.size();
        network.setParameters(Arrays.copyOf(all, size));
        System.arraycopy(all, size, logStd, 0, logStd.length);
        fresh = false;
    }

    @Override
    public void copyFrom(ActorCritic other) {
        setParameters(other.parameters());
    }

    /** The same parameters with a fresh optimiser. */
    @Override
    public ActorCritic clone() {
        ActorCritic copy =
                new ActorCritic(inputs, logStd.length, hidden, 0, maxNorm, new SeededRandom(0));
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

    void write(Map<String, NamedArray> arrays) {
        network.write("network", arrays);
        arrays.put("network." + LOG_STD, NamedArray.of(logStd));
        optimizer.write(arrays);
    }

    void read(Map<String, NamedArray> arrays) {
        network.read("network", arrays);
        double[] saved = NamedArray.require(arrays, "network." + LOG_STD, logStd.length).values();
        System.arraycopy(saved, 0, logStd, 0, logStd.length);
        optimizer.read(arrays);
        fresh = false;
    }
}
