package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of one kernel call: numbers, LoRA scales, then the layers in the order the kernel
 * names them. The layout of the list is written at the head of {@code kernels.py}.
 */
final class Call {
    private final Kernels kernels;
    private final Pass pass;
    private final Precision precision;
    private final LoraScales.Bound scales;
    private final Numbers.Loan lent;
    private final List<NDArray> list = new ArrayList<>();

    /**
     * A call outside any pass and without LoRA; the result stays with the manager of its first
     * argument.
     */
    Call(Kernels kernels, Precision precision, double... numbers) {
        this(kernels, null, null, precision, numbers);
    }

    Call(Pass pass, double... numbers) {
        this(pass.kernels(), pass, pass.scales(), pass.precision(), numbers);
    }

    private Call(
            Kernels kernels,
            Pass pass,
            LoraScales.Bound scales,
            Precision precision,
            double... numbers) {
        this.kernels = kernels;
        this.pass = pass;
        this.scales = scales;
        this.precision = precision;
        double[] all = new double[numbers.length + 1];
        all[0] = precision.code;
        System.arraycopy(numbers, 0, all, 1, numbers.length);
        lent = kernels.numbers().lend(all);
        list.add(lent.tensor());
        list.add(scales == null ? kernels.absent() : scales.scale());
        list.add(scales == null ? kernels.absent() : scales.mask());
    }

    /** Adds a tensor; null where this model has none. */
    Call add(NDArray tensor) {
        list.add(tensor == null ? kernels.absent() : tensor);
        return this;
    }

    /** Adds a norm; null where this model has none. */
    Call add(Norm norm) {
        if (norm == null) {
            list.add(kernels.absent());
            list.add(kernels.absent());
            return this;
        }
        list.add(norm.weight);
        list.add(norm.bias);
        return this;
    }

    Call add(Embedding embedding) {
        list.add(embedding.weight);
        return this;
    }

    /** Adds a layer; null where this model has none. */
    Call add(Layer layer) {
        if (layer == null) {
            for (int i = 0; i < 6; i++) {
                list.add(kernels.absent());
            }
            return this;
        }
        list.add(layer.weight(precision));
        list.add(layer.bias() == null ? kernels.absent() : layer.bias());
        layer.sideBranch().addTo(list, layer.path(), kernels, scales);
        return this;
    }

    /** Runs the kernel, once. */
    NDArray run(String method, NDArray... activations) {
        return runList(method, activations).get(0);
    }

    /** Runs the kernel, once. */
    NDList runList(String method, NDArray... activations) {
        NDList results;
        try {
            results = kernels.callList(method, list, activations);
        } finally {
            lent.release();
        }
        if (pass != null) {
            results.attach(pass.manager());
        }
        return results;
    }
}
