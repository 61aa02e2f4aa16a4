package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;

/** A table of vectors, (count, size). */
final class Embedding {
    final NDArray weight;

    Embedding(Weights w, long count, long size) {
        this(w, null, count, size);
    }

    /**
     * @param packer knows where tables are kept; null if nothing is
     */
    Embedding(Weights w, Packer packer, long count, long size) {
        weight =
                packer == null
                        ? w.get("weight", Init.normal(0.02), count, size)
                        : packer.table(w, count, size);
    }
}
