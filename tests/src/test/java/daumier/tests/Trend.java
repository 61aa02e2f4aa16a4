package daumier.tests;

/**
 * A straight line through values at 0, 1, 2, ..., by least squares.
 *
 * @param slope by step
 * @param error standard error of the slope
 */
record Trend(double slope, double error) {
    /** Standard errors that a slope must be above a bound to be called greater. */
    private static final double SURE = 2;

    /** The line through at least three values. */
    static Trend of(double... values) {
        int n = values.length;
        if (n < 3) {
            throw new IllegalArgumentException("A trend needs three values, not " + n + ".");
        }
        double middle = (n - 1) / 2.0;
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        double product = 0;
        double square = 0;
        for (int i = 0; i < n; i++) {
            product += (i - middle) * (values[i] - mean);
            square += (i - middle) * (i - middle);
        }
        double slope = product / square;
        double rest = 0;
        for (int i = 0; i < n; i++) {
            double off = values[i] - mean - slope * (i - middle);
            rest += off * off;
        }
        return new Trend(slope, Math.sqrt(rest / (n - 2) / square));
    }

    /** Whether it rises by more than a bound, and not by chance. */
    boolean risesBeyond(double bound) {
        return slope - SURE * error > bound;
    }
}
