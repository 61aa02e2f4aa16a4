package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * One forward pass of a model: whatever it makes lives in one manager, which closing frees (a
 * recorded graph keeps what it needs).
 */
final class Pass implements AutoCloseable {
    private final Kernels kernels;
    private final Precision precision;
    private final NDManager outside;
    private final NDManager manager;
    private final LoraScales.Bound scales;
    private final SharedAttention shared;

    Pass(Kernels kernels, Precision precision, LoraScales scales, NDArray input) {
        this(kernels, new Forward(precision, null, scales), input);
    }

    Pass(Kernels kernels, Forward f, NDArray input) {
        this.kernels = kernels;
        this.precision = f.precision();
        this.outside = input.getManager();
        this.manager = outside.newSubManager();
        LoraScales given = f.scales();
        this.scales = given == null || given.allZero() ? null : given.bind(kernels, manager);
        this.shared = f.shared();
    }

    Kernels kernels() {
        return kernels;
    }

    Precision precision() {
        return precision;
    }

    NDManager manager() {
        return manager;
    }

    /** Null where no LoRA acts. */
    LoraScales.Bound scales() {
        return scales;
    }

    /** Null where no row is a reference. */
    SharedAttention shared() {
        return shared;
    }

    NDArray none() {
        return kernels.none();
    }

    /** Takes an array that was made outside into the pass. */
    NDArray own(NDArray array) {
        array.attach(manager);
        return array;
    }

    /** x + y in the type of x. */
    NDArray add(NDArray x, NDArray y) {
        return own(kernels.call("add", x, y));
    }

    /**
     * The next value of a variable: what it was is freed if this pass made it. A recorded graph
     * keeps what it needs.
     */
    NDArray after(NDArray old, NDArray next) {
        if (old.getManager() == manager) {
            old.close();
        }
        return next;
    }

    /** Hands a result to the manager of the pass's input. */
    NDArray leave(NDArray result) {
        result.attach(outside);
        return result;
    }

    @Override
    public void close() {
        manager.close();
    }
}
