package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) over all parameters in one script call: clips the
 * gradient by its global norm, steps, clears the gradients, and keeps a running average of the
 * parameters if asked to.
 */
public final class AdamW implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;
    private static final double EPSILON = 1e-8;

    private final OptimizerKernel kernel;
    private final NDManager manager;
    private final List<String> names = new ArrayList<>();
    private final NDList parameters = new NDList();
    private final NDList first = new NDList();
    private final NDList second = new NDList();
    private final NDList average = new NDList();
    private long updates;

    /**
     * Takes charge of {@code parameters}: they must require gradients.
     *
     * @param kernel the optimiser's arithmetic, on the parameters' device
     * @param parent the moments live in a sub-manager of it
     * @param parameters what is trained, by name
     * @param ema whether to keep a running average
     */
    public AdamW(
            OptimizerKernel kernel,
            NDManager parent,
            SortedMap<String, NDArray> parameters,
            boolean ema) {
        this.kernel = kernel;
        this.manager = parent.newSubManager();
        parameters.forEach(
                (name, value) -> {
                    names.add(name);
                    this.parameters.add(value);
                    Shape shape = value.getShape();
                    first.add(manager.zeros(shape));
                    second.add(manager.zeros(shape));
                    if (ema) {
                        average.add(manager.create(value.toFloatArray(), shape));
                    }
                });
    }

    /**
     * One update from the gradients that stand in the parameters, which are cleared.
     *
     * @return the gradient's global norm before clipping
     */
    public double step(double learningRate, double weightDecay, double clipNorm, double emaDecay) {
        updates++;
        double[] hyper = {
            learningRate,
            BETA1,
            BETA2,
            EPSILON,
            weightDecay,
            1 - Math.pow(BETA1, (double) updates),
            1 - Math.pow(BETA2, (double) updates),
            clipNorm,
            emaDecay
        };
        return kernel.adamw(hyper, parameters, first, second, average);
    }

    /** How many updates have been made. */
    public long updates() {
        return updates;
    }

    /** The running average by parameter name, or the parameters themselves where none is kept. */
    public Map<String, NDArray> average() {
        Map<String, NDArray> result = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            result.put(names.get(i), average.isEmpty() ? parameters.get(i) : average.get(i));
        }
        return result;
    }

    /** Everything that a resume needs, by name: parameters, moments, average. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            state.put("parameter/" + name, parameters.get(i));
            state.put("first/" + name, first.get(i));
            state.put("second/" + name, second.get(i));
            if (!average.isEmpty()) {
                state.put("average/" + name, average.get(i));
            }
        }
        return state;
    }

    /** Puts back what {@link #state()} gave. */
    void restore(Map<String, NDArray> state, long updatesMade) {
        updates = updatesMade;
        state().forEach(
                        (name, target) -> {
                            NDArray source = state.get(name);
                            if (source == null || !source.getShape().equals(target.getShape())) {
                                throw new IllegalArgumentException(
                                        "The checkpoint does not fit this training: "
                                                + name
                                                + " is missing or has another shape; start afresh without it.");
                            }
                            target.set(java.nio.FloatBuffer.wrap(source.toFloatArray()));
                        });
    }

    @Override
    public void close() {
        manager.close();
    }
}
