package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;

/** Scale and shift of a group norm or a layer norm, each of shape (channels). */
public final class Norm {
    final NDArray weight;
    final NDArray bias;

    /**
     * Takes {@code weight} and {@code bias}.
     *
     * @throws daumier.diffusion.weights.WeightsException if one is missing or has another shape
     */
    public Norm(Weights w, long channels) {
        weight = w.get("weight", Init.ones(), channels);
        bias = w.get("bias", Init.zeros(), channels);
    }
}
