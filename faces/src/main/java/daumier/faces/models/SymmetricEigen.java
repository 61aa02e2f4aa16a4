package daumier.faces.models;

import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations.
 *
 * @param values descending
 * @param vectors of length 1, one row for each value
 */
record SymmetricEigen(double[] values, double[][] vectors) {
    private static final int SWEEPS = 30;

    /** Decomposes a matrix, which is left unchanged. */
    static SymmetricEigen of(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][];
        double[][] v = new double[n][n];
        double size = 0;
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            v[i][i] = 1;
            size += a[i][i] * a[i][i];
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double off = 0;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    off += a[p][q] * a[p][q];
                }
            }
            if (off <= 1e-24 * size) {
                break;
            }
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] * a[p][q] > 1e-30 * size) {
                        rotate(a, v, p, q);
                    }
                }
            }
        }
        int[] order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted((i, j) -> Double.compare(a[j][j], a[i][i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] values = new double[n];
        double[][] vectors = new double[n][];
        for (int k = 0; k < n; k++) {
            values[k] = Math.max(0, a[order[k]][order[k]]);
            vectors[k] = v[order[k]];
        }
        return new SymmetricEigen(values, vectors);
    }

    /** Makes a[p][q] zero; the rows of v are the vectors. */
    private static void rotate(double[][] a, double[][] v, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        int n = a.length;
        for (int k = 0; k < n; k++) {
            double x = a[k][p];
            double y = a[k][q];
            a[k][p] = c * x - s * y;
            a[k][q] = s * x + c * y;
        }
        for (int k = 0; k < n; k++) {
            double x = a[p][k];
            double y = a[q][k];
            a[p][k] = c * x - s * y;
            a[q][k] = s * x + c * y;
            x = v[p][k];
            y = v[q][k];
            v[p][k] = c * x - s * y;
            v[q][k] = s * x + c * y;
        }
    }

    /**
     * How many leading values hold a share of the sum.
     *
     * @param share up to 1
     * @param most no more than this
     */
    int leading(double share, int most) {
        double sum = 0;
        for (double x : values) {
            sum += x;
        }
        double have = 0;
        int n = 0;
        while (n < values.length && n < most && have < share * sum) {
            have += values[n];
            n++;
        }
        return n;
    }
}
