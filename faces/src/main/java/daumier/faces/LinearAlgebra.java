package daumier.faces;

/** The few operations on small dense matrices that the meter needs. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double[] multiply(double[][] a, double[] x) {
        double[] y = new double[a.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = dot(a[i], x);
        }
        return y;
    }

    static double[][] multiply(double[][] a, double[][] b) {
        int columns = b[0].length;
        double[][] c = new double[a.length][columns];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                double v = a[i][k];
                if (v != 0) {
                    for (int j = 0; j < columns; j++) {
                        c[i][j] += v * b[k][j];
                    }
                }
            }
        }
        return c;
    }

    /** Solves A x = b by Gaussian elimination with partial pivoting; the arguments are kept. */
    static double[] solve(double[][] a, double[] b) {
        double[][] right = new double[b.length][1];
        for (int i = 0; i < b.length; i++) {
            right[i][0] = b[i];
        }
        double[][] x = eliminate(a, right);
        double[] out = new double[b.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i][0];
        }
        return out;
    }

    /** The inverse of a regular matrix. */
    static double[][] inverse(double[][] a) {
        double[][] unit = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            unit[i][i] = 1;
        }
        return eliminate(a, unit);
    }

    private static double[][] eliminate(double[][] matrix, double[][] right) {
        int n = matrix.length;
        double[][] a = new double[n][];
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            x[i] = right[i].clone();
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) {
                    pivot = i;
                }
            }
            if (a[pivot][k] == 0) {
                throw new IllegalArgumentException("The matrix is singular.");
            }
            double[] t = a[k];
            a[k] = a[pivot];
            a[pivot] = t;
            t = x[k];
            x[k] = x[pivot];
            x[pivot] = t;
            for (int i = 0; i < n; i++) {
                double f = i == k ? 0 : a[i][k] / a[k][k];
                if (f != 0) {
                    for (int j = k; j < n; j++) {
                        a[i][j] -= f * a[k][j];
                    }
                    for (int j = 0; j < x[i].length; j++) {
                        x[i][j] -= f * x[k][j];
                    }
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < x[i].length; j++) {
                x[i][j] /= a[i][i];
            }
        }
        return x;
    }
}
