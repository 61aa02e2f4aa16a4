package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import daumier.faces.nets.Layer.ConvNorm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small convolutional network in fp32. {@link #forward} is differentiable with respect to its
 * input while a gradient collector is open, and its parameters never ask for a gradient unless
 * {@link #requireGradients} says so.
 */
public final class Network implements AutoCloseable {
    private static final NDIndex ALL = new NDIndex("...");

    private final Architecture architecture;
    private final NDManager manager;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * A network with fresh parameters (He et al. 2015 for convolutions).
     *
     * @param architecture its layers
     * @param parent what its arrays live under
     * @param seed of the initial values
     */
    public Network(Architecture architecture, NDManager parent, long seed) {
        this.architecture = architecture;
        manager = parent.newSubManager();
        Random rng = new Random(seed);
        for (Architecture.LayerSpec s : architecture.parsed()) {
            int c = s.inChannels();
            layers.add(
                    switch (s.kind()) {
                        case "halve" -> Layer.Plain.HALVE;
                        case "mean" -> Layer.Plain.MEAN;
                        case "flatten" -> Layer.Plain.FLATTEN;
                        case "relu" -> Layer.Plain.RELU;
                        case "dropout" -> new Layer.Dropout(s.arguments()[0], rng);
                        case "linear" ->
                                Layer.Dense.create(manager, rng, s.inSize(), s.argument(0));
                        case "residual" ->
                                new Layer.Residual(
                                        conv(rng, c, c, 3, 1, ConvNorm.Last.RELU),
                                        conv(rng, c, c, 3, 1, ConvNorm.Last.ZERO));
                        default ->
                                conv(
                                        rng,
                                        c,
                                        s.argument(0),
                                        s.argument(1),
                                        s.argument(2),
                                        ConvNorm.Last.RELU);
                    });
        }
        fold();
    }

    private ConvNorm conv(Random rng, int in, int out, int kernel, int stride, ConvNorm.Last last) {
        return new ConvNorm(manager, rng, in, out, kernel, stride, last);
    }

    /** The layers as text. */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * Runs the network as it is used, with its stored statistics.
     *
     * @param x (b, channels, height, width)
     * @return the last layer's values, on the manager of {@code x}
     */
    public NDArray forward(NDArray x) {
        NDArray y = x;
        for (Layer layer : layers) {
            y = layer.apply(y);
        }
        return y;
    }

    /**
     * What the last layer works with, as the network is used.
     *
     * @param x (b, channels, height, width)
     * @return the values that go into the last layer, on the manager of {@code x}
     */
    NDArray features(NDArray x) {
        NDArray y = x;
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            y = layer.apply(y);
        }
        return y;
    }

    /**
     * Runs the network as it is trained: statistics of the batch, dropout.
     *
     * @param x (b, channels, height, width)
     * @return the last layer's values, on the manager of {@code x}
     */
    NDArray train(NDArray x) {
        NDArray y = x;
        for (Layer layer : layers) {
            y = layer.train(y);
        }
        return y;
    }

    /** Makes {@link #forward} use the present parameters; call it after training. */
    void fold() {
        layers.forEach(Layer::fold);
    }

    /** The arrays that learn, by name. */
    Map<String, NDArray> learned() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).visit(Integer.toString(i), all::put, (n, a) -> {});
        }
        return all;
    }

    /** Everything a file must hold, by name. */
    Map<String, NDArray> state() {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).visit(Integer.toString(i), all::put, all::put);
        }
        return all;
    }

    /**
     * Takes the values of {@link #state} from elsewhere.
     *
     * @param values arrays by the names of {@link #state}
     * @throws IllegalArgumentException if one is missing or has another size
     */
    void load(Map<String, NDArray> values) {
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).load(Integer.toString(i), values);
        }
        fold();
    }

    /** Turns gradients of the parameters on (training) or off. */
    void requireGradients(boolean on) {
        learned().values().forEach(a -> a.setRequiresGradient(on));
    }

    /** How many numbers are learned. */
    public long size() {
        return learned().values().stream().mapToLong(a -> a.getShape().size()).sum();
    }

    static void copy(Map<String, NDArray> values, String name, NDArray into) {
        NDArray from = values.get(name);
        if (from == null || !sameSize(from.getShape(), into.getShape())) {
            throw new IllegalArgumentException(
                    "The face network's file lacks the tensor %s of shape %s."
                            .formatted(name, into.getShape()));
        }
        into.set(ALL, from); // set(Buffer) makes the library warn of itself on standard error
    }

    private static boolean sameSize(Shape a, Shape b) {
        return a.equals(b);
    }

    @Override
    public void close() {
        manager.close();
    }
}
