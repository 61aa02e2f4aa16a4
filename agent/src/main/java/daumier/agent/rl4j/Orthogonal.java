package daumier.agent.rl4j;

import daumier.env.SeededRandom;

/**
 * Orthogonal initial weights (Saxe et al. 2014): the rows or the columns, whichever are fewer, are
 * orthogonal and of length {@code gain}.
 */
final class Orthogonal {
    private Orthogonal() {}

    static double[][] matrix(int rows, int columns, double gain, SeededRandom random) {
        int count = Math.min(rows, columns);
        int length = Math.max(rows, columns);
        double[][] basis = new double[count][length];
        for (int i = 0; i < count; i++) {
            double norm = 0;
            // A draw that nearly lies in the span of the others would lose its digits.
            while (norm < 1e-6) {
                for (int k = 0; k < length; k++) {
                    basis[i][k] = random.nextGaussian();
                }
                for (int j = 0; j < i; j++) {
                    double projection = 0;
                    for (int k = 0; k < length; k++) {
                        projection += basis[i][k] * basis[j][k];
                    }
                    for (int k = 0; k < length; k++) {
                        basis[i][k] -= projection * basis[j][k];
                    }
                }
                norm = 0;
                for (int k = 0; k < length; k++) {
                    norm += basis[i][k] * basis[i][k];
                }
                norm = Math.sqrt(norm);
            }
            for (int k = 0; k < length; k++) {
                basis[i][k] /= norm;
            }
        }
        double[][] matrix = new double[rows][columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                matrix[r][c] = gain * (rows <= columns ? basis[r][c] : basis[c][r]);
            }
        }
        return matrix;
    }
}
