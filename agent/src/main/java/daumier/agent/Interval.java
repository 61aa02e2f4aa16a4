package daumier.agent;

/**
 * A figure with its confidence interval.
 *
 * @param value the point estimate
 * @param low lower end
 * @param high upper end
 */
public record Interval(double value, double low, double high) {
    /** Whether the whole interval lies above {@code bound}. */
    public boolean above(double bound) {
        return low > bound;
    }
}
