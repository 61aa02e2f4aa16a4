package daumier.agent.rl4j;

import daumier.agent.NamedArray;
import daumier.env.SeededRandom;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Separate multi-layer perceptrons (tanh inside, linear at the end) over one observation, in double
 * precision. Gradients of a loss are taken from its gradients with respect to the outputs; the
 * optimiser lives outside. ND4J is held to one thread: on layers this small more threads only wait
 * for one another, and one thread always adds in the same order.
 */
final class DenseNetwork {
    /**
     * One perceptron.
     *
     * @param name the name of its output
     * @param size how many outputs
     * @param gain scale of the orthogonal weights of the last layer; small ones start near zero
     */
    record Head(String name, int size, double gain) {}

    private static final String INPUT = "observation";
    private static final double HIDDEN_GAIN = Math.sqrt(2);

    static {
        KeepingExecutioner.install();
        Nd4j.getEnvironment().setMaxThreads(1);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }

    private final ComputationGraph graph;
    private final List<Head> heads;
    private Map<String, INDArray> activations = Map.of();

    /** Perceptrons with orthogonal weights drawn from {@code random}, and zero biases. */
    DenseNetwork(int inputs, List<Integer> hidden, List<Head> heads, SeededRandom random) {
        this.heads = List.copyOf(heads);
        GraphBuilder builder =
                new NeuralNetConfiguration.Builder()
                        .dataType(DataType.DOUBLE)
                        .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                        .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                        .updater(new NoOp())
                        .miniBatch(false)
                        .graphBuilder()
                        .addInputs(INPUT);
        for (Head head : heads) {
            String below = INPUT;
            int width = inputs;
            for (int layer = 0; layer < hidden.size(); layer++) {
                String name = head.name() + layer;
                builder.addLayer(name, dense(width, hidden.get(layer), Activation.TANH), below);
                below = name;
                width = hidden.get(layer);
            }
            builder.addLayer(head.name(), dense(width, head.size(), Activation.IDENTITY), below);
        }
        builder.setOutputs(heads.stream().map(Head::name).toArray(String[]::new));
        builder.validateOutputLayerConfig(false);
        graph = new ComputationGraph(builder.build());
        graph.init();
        for (Head head : heads) {
            for (int layer = 0; layer < hidden.size(); layer++) {
                initialise(head.name() + layer, HIDDEN_GAIN, random);
            }
            initialise(head.name(), head.gain(), random);
        }
    }

    private static DenseLayer dense(int in, int out, Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    private void initialise(String layer, double gain, SeededRandom random) {
        INDArray weights = graph.getParam(layer + "_W");
        weights.assign(
                Nd4j.createFromArray(
                        Orthogonal.matrix(
                                (int) weights.size(0), (int) weights.size(1), gain, random)));
        graph.getParam(layer + "_b").assign(0);
    }

    /** Outputs by head, (rows, size) each, for {@code observations} (rows, inputs). */
    INDArray[] output(INDArray observations) {
        return graph.output(false, observations.castTo(DataType.DOUBLE));
    }

    /**
     * Like {@link #output}, but keeps what {@link #backward} needs, which must follow. The outputs
     * are valid until then.
     */
    INDArray[] forward(INDArray observations) {
        activations =
                graph.feedForward(
                        new INDArray[] {observations.castTo(DataType.DOUBLE)}, true, false);
        INDArray[] outputs = new INDArray[heads.size()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = activations.get(heads.get(i).name());
        }
        return outputs;
    }

    /**
     * Gradients of a loss with respect to all parameters, after {@link #forward}, flat in the order
     * of {@link #parameters()}. The sum over rows is taken, not the mean.
     *
     * @param epsilons gradients of the loss with respect to each output
     */
    double[] backward(INDArray... epsilons) {
        double[] gradient = values(graph.backpropGradient(epsilons).gradient());
        // Native memory would otherwise wait for the collector, which does not see it grow.
        for (INDArray activation : activations.values()) {
            if (activation.closeable()) {
                activation.close();
            }
        }
        activations = Map.of();
        return gradient;
    }

    /** All parameters, flat. */
    double[] parameters() {
        return values(graph.params());
    }

    /** Replaces all parameters. */
    void setParameters(double[] values) {
        graph.params().assign(Nd4j.createFromArray(values).reshape(graph.params().shape()));
    }

    /** Number of parameters. */
    int size() {
        return (int) graph.numParams();
    }

    /** Writes the parameters by name into {@code arrays}: {@code PREFIX.LAYER_W} (in, out). */
    void write(String prefix, Map<String, NamedArray> arrays) {
        for (Map.Entry<String, INDArray> entry : graph.paramTable().entrySet()) {
            INDArray value = entry.getValue();
            arrays.put(prefix + "." + entry.getKey(), NamedArray.of(values(value), shape(value)));
        }
    }

    /** Reads what {@link #write} wrote. */
    void read(String prefix, Map<String, NamedArray> arrays) {
        for (Map.Entry<String, INDArray> entry : graph.paramTable().entrySet()) {
            INDArray value = entry.getValue();
            String name = prefix + "." + entry.getKey();
            NamedArray array = NamedArray.require(arrays, name, shape(value));
            value.assign(Nd4j.create(array.values(), value.shape(), 'c'));
        }
    }

    /** The values of an array in C order, in one copy; ND4J's own goes row by row. */
    static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    /** The rows of a matrix. */
    static double[][] rows(INDArray matrix) {
        return NamedArray.of(values(matrix), shape(matrix)).rows();
    }

    private static int[] shape(INDArray value) {
        int[] shape = new int[value.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) value.size(i);
        }
        return shape;
    }
}
