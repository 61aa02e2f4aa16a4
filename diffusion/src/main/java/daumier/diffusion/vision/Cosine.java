package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;

/** Angles between vectors. */
public final class Cosine {
    private Cosine() {}

    /** Rows of length 1. */
    static NDArray normalised(NDArray rows) {
        return rows.div(rows.square().sum(new int[] {1}, true).sqrt());
    }

    /**
     * The cosine of two vectors of length 1 each: CLIP-I and CLIP-T for CLIP's embeddings, the
     * score of DINO for DINO's.
     *
     * @param a (1, d)
     * @param b (1, d)
     */
    public static double of(NDArray a, NDArray b) {
        try (NDArray products = a.mul(b);
                NDArray sum = products.sum()) {
            return sum.getFloat();
        }
    }
}
