package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;

/**
 * Brings weights of layers into the type and the order in which passes of one precision read them
 * fastest, straight from the checkpoint. Other passes and gradients still get right results, more
 * slowly.
 */
record Packer(Kernels kernels, Precision precision) {
    /**
     * A packed weight.
     *
     * @param weight a tensor that only kernels can read
     */
    record Packed(NDArray weight, Kernels kernels) {
        /** As float32, in no more precision than it was packed in, and flat where it was linear. */
        NDArray unpacked() {
            try (NDArray type = weight.getManager().create((double) Precision.FP32.code)) {
                return kernels.call("unpack", weight, type);
            }
        }
    }

    Packed pack(Layer layer, Weights weights) {
        try (NDArray type = weights.manager().create((double) precision.code)) {
            NDArray packed =
                    weights.lend(
                            "weight",
                            plain -> {
                                try (NDArray shaped = plain.reshape(layer.shape())) {
                                    NDArray result = kernels.call(layer.packing(), shaped, type);
                                    result.attach(weights.manager());
                                    return result;
                                }
                            },
                            layer.shape().getShape());
            return new Packed(packed, kernels);
        }
    }
}
