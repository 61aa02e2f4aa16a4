package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;

/**
 * The change a LoRA makes to one layer: y = W x + scale · up(down(x)), where a convolution's down
 * takes the layer's own stride and padding.
 *
 * @param down FLOAT32 (r, in), or (r, in, k, k) for a convolution
 * @param up FLOAT32 (out, r), or (out, r, 1, 1) for a convolution
 * @param alpha the file's alpha; equal to the rank when the file gives none
 * @param rank r
 * @param magnitude of a DoRA, or null for a plain LoRA
 */
public record LoraPair(NDArray down, NDArray up, double alpha, int rank, LoraMagnitude magnitude) {

    /** A plain LoRA's pair. */
    public LoraPair(NDArray down, NDArray up, double alpha, int rank) {
        this(down, up, alpha, rank, null);
    }

    /** The factor the file itself asks for, before any weight given by the user. */
    public double scale() {
        return alpha / rank;
    }
}
