package daumier.faces.measure;

/**
 * Smoothing thin-plate splines in the plane (Bookstein 1989; Wahba's smoothing form): two values
 * interpolated between scattered points with the least bending.
 */
final class ThinPlate {
    private final double[] x;
    private final double[] y;
    private final double[][] coefficients;

    /**
     * Solves for the spline.
     *
     * @param x places
     * @param y places
     * @param values two values at each place
     * @param smoothing 0 interpolates; larger lets the spline pass beside points that disagree
     */
    ThinPlate(double[] x, double[] y, double[][] values, double[] smoothing) {
        this.x = x;
        this.y = y;
        int n = x.length;
        double[][] a = new double[n + 3][n + 3];
        coefficients = new double[n + 3][2];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = kernel(x[i] - x[j], y[i] - y[j]);
            }
            a[i][i] += smoothing[i];
            a[i][n] = 1;
            a[i][n + 1] = x[i];
            a[i][n + 2] = y[i];
            a[n][i] = 1;
            a[n + 1][i] = x[i];
            a[n + 2][i] = y[i];
            coefficients[i] = values[i].clone();
        }
        Dense.solveInPlace(a, coefficients);
    }

    private static double kernel(double dx, double dy) {
        double r2 = dx * dx + dy * dy;
        return r2 < 1e-12 ? 0 : r2 * Math.log(r2);
    }

    /** Both values at a place. */
    double[] at(double px, double py) {
        int n = x.length;
        double[] v = new double[2];
        for (int c = 0; c < 2; c++) {
            v[c] = coefficients[n][c] + coefficients[n + 1][c] * px + coefficients[n + 2][c] * py;
        }
        for (int i = 0; i < n; i++) {
            double k = kernel(px - x[i], py - y[i]);
            v[0] += k * coefficients[i][0];
            v[1] += k * coefficients[i][1];
        }
        return v;
    }
}
