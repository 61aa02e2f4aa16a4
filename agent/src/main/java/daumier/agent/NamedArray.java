package daumier.agent;

import java.util.Arrays;
import java.util.Map;

/**
 * An array of a policy file: values in C order with their shape.
 *
 * @param values as many as the product of {@code shape}
 * @param shape sizes of the dimensions
 */
public record NamedArray(double[] values, int[] shape) {
    /** Checks that the shape fits the values. */
    public NamedArray {
        long product = 1;
        for (int size : shape) {
            product *= size;
        }
        if (product != values.length) {
            throw new IllegalArgumentException(
                    "An array of shape "
                            + Arrays.toString(shape)
                            + " has no "
                            + values.length
                            + " values.");
        }
    }

    /** A copy of {@code values} in the given shape, or as a vector if none is given. */
    public static NamedArray of(double[] values, int... shape) {
        return new NamedArray(
                values.clone(), shape.length == 0 ? new int[] {values.length} : shape.clone());
    }

    /** A copy of a matrix whose rows all have the same length. */
    public static NamedArray of(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] values = new double[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return new NamedArray(values, new int[] {rows.length, columns});
    }

    /** The rows of a matrix. */
    public double[][] rows() {
        if (shape.length != 2) {
            throw new IllegalStateException("Only a matrix has rows.");
        }
        double[][] rows = new double[shape[0]][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * shape[1], (i + 1) * shape[1]);
        }
        return rows;
    }

    /**
     * The array called {@code name}.
     *
     * @throws PolicyFormatException if it is missing or has another shape
     */
    public static NamedArray require(Map<String, NamedArray> arrays, String name, int... shape) {
        NamedArray array = arrays.get(name);
        if (array == null) {
            throw new PolicyFormatException(
                    "The policy file holds no array '" + name + "': it is damaged or cut short.");
        }
        if (shape.length > 0 && !Arrays.equals(shape, array.shape)) {
            throw new PolicyFormatException(
                    "The array '"
                            + name
                            + "' of the policy file has the shape "
                            + Arrays.toString(array.shape)
                            + " where "
                            + Arrays.toString(shape)
                            + " is needed.");
        }
        return array;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedArray other
                && Arrays.equals(values, other.values)
                && Arrays.equals(shape, other.shape);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(shape);
    }
}
