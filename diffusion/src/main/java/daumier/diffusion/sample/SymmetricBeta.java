package daumier.diffusion.sample;

/**
 * The beta distribution with both parameters equal, on [0, 1]. Its distribution function is
 * proportional to the incomplete beta function, a hypergeometric series (Abramowitz and Stegun,
 * 26.5.4) that halves its terms at least where x is at most 1/2; symmetry does the rest.
 */
final class SymmetricBeta {
    private static final int HALVINGS = 100;

    private SymmetricBeta() {}

    /**
     * Where the distribution function has a value.
     *
     * @param probability from 0 to 1
     * @param shape both parameters, above 0 and below 1: all terms of the series are positive
     */
    static double quantile(double probability, double shape) {
        if (probability <= 0 || probability >= 1) {
            return probability <= 0 ? 0 : 1;
        }
        if (probability > 0.5) {
            return 1 - quantile(1 - probability, shape);
        }
        double wanted = 2 * probability * incomplete(0.5, shape);
        double low = 0;
        double high = 0.5;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (incomplete(middle, shape) < wanted) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The integral of (u (1 - u)) ^ (shape - 1) from 0 to x, x at most 1/2. */
    private static double incomplete(double x, double shape) {
        double sum = 0;
        double factor = 1;
        for (int k = 0; factor > 1e-18; k++) {
            sum += factor / (shape + k);
            factor *= x * (k + 1 - shape) / (k + 1);
        }
        return Math.pow(x, shape) * sum;
    }
}
