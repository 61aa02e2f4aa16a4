package daumier.agent;

import java.util.function.ToDoubleFunction;

/**
 * A search without gradients for the point of a box with the highest score, driven from outside so
 * that the points of one generation can be scored side by side.
 */
public interface Search {
    /** The points of the next generation, each within the bounds. */
    double[][] ask();

    /**
     * Scores of the points of the last {@link #ask}, in their order; higher is better. Scores that
     * are not numbers count as the worst.
     */
    void tell(double[] scores);

    /** The best point so far. */
    double[] best();

    /** Its score, or negative infinity before the first {@link #tell}. */
    double bestScore();

    /** How many points have been scored. */
    long evaluations();

    /** Whether going on is of no use. */
    boolean converged();

    /** Searches until {@code budget} points are scored or the search has converged. */
    default double[] maximize(ToDoubleFunction<double[]> score, long budget) {
        while (evaluations() < budget && !converged()) {
            double[][] points = ask();
            double[] scores = new double[points.length];
            for (int i = 0; i < points.length; i++) {
                scores[i] = score.applyAsDouble(points[i]);
            }
            tell(scores);
        }
        return best();
    }
}
