package daumier.faces.models;

import java.util.Arrays;

/**
 * Numbers with a shape, in C order.
 *
 * @param values as many as the product of the shape
 * @param shape sizes; empty for a single number
 */
record Tensor(double[] values, int... shape) {
    /** Checks that the numbers fill the shape. */
    Tensor {
        long size = 1;
        for (int d : shape) {
            size *= d;
        }
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "%d numbers do not fill the shape %s."
                            .formatted(values.length, Arrays.toString(shape)));
        }
    }

    /** One size. */
    int size(int axis) {
        return shape[axis];
    }

    /** The numbers as rows of equal length. */
    double[][] rows(int length) {
        double[][] rows = new double[values.length / length][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(values, r * length, (r + 1) * length);
        }
        return rows;
    }

    /** Rows as a tensor of the shape (rows, points, 3). */
    static Tensor ofPoints(double[][] rows, int points) {
        double[] all = new double[rows.length * 3 * points];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, all, r * 3 * points, 3 * points);
        }
        return new Tensor(all, rows.length, points, 3);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Tensor other
                && Arrays.equals(values, other.values)
                && Arrays.equals(shape, other.shape);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }
}
