package daumier.faces.measure;

/** The little dense linear algebra that fits and splines need. */
final class Dense {
    private Dense() {}

    /**
     * Inverse of a symmetric positive definite matrix by Cholesky's factorisation.
     *
     * @throws ArithmeticException if the matrix is not positive definite
     */
    static double[][] inverse(double[][] a) {
        int n = a.length;
        double[][] l = cholesky(a);
        double[][] inv = new double[n][n];
        for (int c = 0; c < n; c++) {
            double[] e = new double[n];
            e[c] = 1;
            double[] x = solve(l, e);
            for (int r = 0; r < n; r++) {
                inv[r][c] = x[r];
            }
        }
        return inv;
    }

    /** Lower triangular L with L L' = a. */
    static double[][] cholesky(double[][] a) {
        int n = a.length;
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double s = a[i][j];
                for (int k = 0; k < j; k++) {
                    s -= l[i][k] * l[j][k];
                }
                if (i == j) {
                    if (!(s > 0)) {
                        throw new ArithmeticException("The matrix is not positive definite.");
                    }
                    l[i][i] = Math.sqrt(s);
                } else {
                    l[i][j] = s / l[j][j];
                }
            }
        }
        return l;
    }

    /** Solves L L' x = b. */
    static double[] solve(double[][] l, double[] b) {
        int n = b.length;
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= l[i][k] * x[k];
            }
            x[i] /= l[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= l[k][i] * x[k];
            }
            x[i] /= l[i][i];
        }
        return x;
    }

    /**
     * Solves A X = B by elimination with row exchanges; both arguments are overwritten, B by X.
     *
     * @throws ArithmeticException if A is singular
     */
    static void solveInPlace(double[][] a, double[][] b) {
        int n = a.length;
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c + 1; r < n; r++) {
                if (Math.abs(a[r][c]) > Math.abs(a[pivot][c])) {
                    pivot = r;
                }
            }
            if (Math.abs(a[pivot][c]) < 1e-300) {
                throw new ArithmeticException("The matrix is singular.");
            }
            swap(a, c, pivot);
            swap(b, c, pivot);
            for (int r = c + 1; r < n; r++) {
                double f = a[r][c] / a[c][c];
                if (f != 0) {
                    for (int k = c; k < n; k++) {
                        a[r][k] -= f * a[c][k];
                    }
                    for (int k = 0; k < b[r].length; k++) {
                        b[r][k] -= f * b[c][k];
                    }
                }
            }
        }
        for (int r = n - 1; r >= 0; r--) {
            for (int k = 0; k < b[r].length; k++) {
                double s = b[r][k];
                for (int c = r + 1; c < n; c++) {
                    s -= a[r][c] * b[c][k];
                }
                b[r][k] = s / a[r][r];
            }
        }
    }

    private static void swap(double[][] m, int i, int j) {
        double[] row = m[i];
        m[i] = m[j];
        m[j] = row;
    }
}
