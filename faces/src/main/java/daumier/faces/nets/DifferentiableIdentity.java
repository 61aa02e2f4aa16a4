package daumier.faces.nets;

import ai.djl.ndarray.NDArray;

/**
 * An identity network through which gradients reach the pictures, so that likeness can be a loss.
 */
@FunctionalInterface
public interface DifferentiableIdentity {
    /**
     * Embeddings of length 1; the dot product of two is their cosine.
     *
     * @param pictures (b, 3, 128, 128) in [-1, 1], in the portrait frame
     * @return (b, d) on the manager of the pictures
     */
    NDArray embed(NDArray pictures);
}
