package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A matrix as a product, up · down.
 *
 * @param up (rows, r)
 * @param down (r, columns)
 */
record Factors(NDArray up, NDArray down) {

    /** A matrix in the narrowest product that holds any: itself and an identity. */
    static Factors of(NDArray matrix) {
        NDManager manager = matrix.getManager();
        Shape shape = matrix.getShape();
        int rows = Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.get(1));
        return columns < rows
                ? new Factors(matrix, manager.eye(columns, columns, 0, DataType.FLOAT32))
                : new Factors(manager.eye(rows, rows, 0, DataType.FLOAT32), matrix);
    }

    /**
     * The element-wise product: of all pairs of ranks (Khatri-Rao), or of the matrices themselves
     * where that is narrower.
     */
    Factors hadamard(Factors other) {
        long pairs = Math.multiplyExact(rank(), other.rank());
        if (pairs > narrowest()) {
            return of(product().mul(other.product()));
        }
        long rows = up.getShape().get(0);
        long columns = down.getShape().get(1);
        return new Factors(
                up.reshape(rows, rank(), 1)
                        .mul(other.up.reshape(rows, 1, other.rank()))
                        .reshape(rows, pairs),
                down.reshape(rank(), 1, columns)
                        .mul(other.down.reshape(1, other.rank(), columns))
                        .reshape(pairs, columns));
    }

    /** The Kronecker product: (A B) ⊗ (C D) = (A ⊗ C) (B ⊗ D). */
    Factors kronecker(Factors other) {
        return new Factors(kronecker(up, other.up), kronecker(down, other.down));
    }

    /** The matrix. */
    NDArray product() {
        return up.matMul(down);
    }

    private long rank() {
        return up.getShape().get(1);
    }

    private long narrowest() {
        return Math.min(up.getShape().get(0), down.getShape().get(1));
    }

    private static NDArray kronecker(NDArray a, NDArray b) {
        long rows = a.getShape().get(0);
        long columns = a.getShape().get(1);
        long innerRows = b.getShape().get(0);
        long innerColumns = b.getShape().get(1);
        return a.reshape(rows, 1, columns, 1)
                .mul(b.reshape(1, innerRows, 1, innerColumns))
                .reshape(rows * innerRows, columns * innerColumns);
    }
}
