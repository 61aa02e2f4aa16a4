package daumier.agent;

import daumier.env.Box;
import daumier.env.SeededRandom;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Covariance matrix adaptation, (mu/mu_w, lambda) with rank-one and rank-mu updates and cumulative
 * step-size adaptation, with the default settings of Hansen's tutorial (arXiv 1604.00772, table 1,
 * positive weights). The search itself knows no bounds: finite ones are kept by reflecting points
 * back, which leaves the landscape continuous.
 */
public final class CmaEs implements Search {
    private static final double MIN_SPREAD = 1e-12;
    private static final double MAX_CONDITION = 1e14;

    private final Box bounds;
    private final int size;
    private final int lambda;
    private final SeededRandom random;
    private final double[] weights;
    private final double muEffective;
    private final double cumulationSigma;
    private final double damping;
    private final double cumulation;
    private final double rankOne;
    private final double rankMu;
    private final double expectedNorm;

    private final double[] mean;
    private double sigma;
    private final double[][] covariance;
    private double[][] axes;
    private final double[] lengths;
    private final double[] pathSigma;
    private final double[] path;
    private double[][] steps = new double[0][];
    private double[] best;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private long evaluations;
    private long generations;
    private boolean converged;

    /**
     * A search with the default number of points a generation, 4 + 3 ln(size).
     *
     * @param start where it begins
     * @param sigma first standard deviation; about a third of the range in which the best is
     *     expected
     */
    public CmaEs(Box bounds, double[] start, double sigma, long seed) {
        this(bounds, start, sigma, 4 + (int) (3 * Math.log(start.length)), seed);
    }

    /** The same with {@code lambda} points a generation, at least 4. */
    public CmaEs(Box bounds, double[] start, double sigma, int lambda, long seed) {
        if (start.length != bounds.size() || lambda < 4 || !(sigma > 0)) {
            throw new IllegalArgumentException(
                    "CMA-ES needs a start of "
                            + bounds.size()
                            + " values, at least 4 points a generation and a sigma above 0.");
        }
        this.bounds = bounds;
        this.lambda = lambda;
        this.sigma = sigma;
        size = start.length;
        random = new SeededRandom(seed);
        int mu = lambda / 2;
        weights = new double[mu];
        for (int i = 0; i < mu; i++) {
            weights[i] = Math.log((lambda + 1) / 2.0) - Math.log(i + 1);
        }
        double sum = Arrays.stream(weights).sum();
        double squares = 0;
        for (int i = 0; i < mu; i++) {
            weights[i] /= sum;
            squares += weights[i] * weights[i];
        }
        double n = size;
        muEffective = 1 / squares;
        cumulationSigma = (muEffective + 2) / (n + muEffective + 5);
        damping = 1 + 2 * Math.max(0, Math.sqrt((muEffective - 1) / (n + 1)) - 1) + cumulationSigma;
        cumulation = (4 + muEffective / n) / (n + 4 + 2 * muEffective / n);
        rankOne = 2 / ((n + 1.3) * (n + 1.3) + muEffective);
        rankMu =
                Math.min(
                        1 - rankOne,
                        2
                                * (muEffective - 2 + 1 / muEffective)
                                / ((n + 2) * (n + 2) + muEffective));
        expectedNorm = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
        mean = start.clone();
        best = bounds.clip(start);
        covariance = new double[size][size];
        axes = new double[size][size];
        lengths = new double[size];
        for (int i = 0; i < size; i++) {
            covariance[i][i] = 1;
            axes[i][i] = 1;
            lengths[i] = 1;
        }
        pathSigma = new double[size];
        path = new double[size];
    }

    @Override
    public double[][] ask() {
        steps = new double[lambda][];
        double[][] points = new double[lambda][];
        for (int k = 0; k < lambda; k++) {
            double[] scaled = new double[size];
            for (int j = 0; j < size; j++) {
                scaled[j] = lengths[j] * random.nextGaussian();
            }
            steps[k] = times(axes, scaled, false);
            points[k] = point(steps[k]);
        }
        return points;
    }

    private double[] point(double[] step) {
        double[] point = new double[size];
        for (int i = 0; i < size; i++) {
            point[i] = reflect(mean[i] + sigma * step[i], bounds.low()[i], bounds.high()[i]);
        }
        return point;
    }

    /** Folds the line back and forth between finite bounds. */
    static double reflect(double value, double low, double high) {
        boolean below = Double.isFinite(low);
        boolean above = Double.isFinite(high);
        if (below && above) {
            double range = high - low;
            if (range == 0) {
                return low;
            }
            double phase = (value - low) % (2 * range);
            phase = phase < 0 ? phase + 2 * range : phase;
            double folded = low + (phase <= range ? phase : 2 * range - phase);
            return Math.min(Math.max(folded, low), high);
        }
        if (below && value < low) {
            return 2 * low - value;
        }
        return above && value > high ? 2 * high - value : value;
    }

    @Override
    public void tell(double[] scores) {
        if (scores.length != steps.length) {
            throw new IllegalArgumentException(
                    "Give one score a point: " + steps.length + ", not " + scores.length + ".");
        }
        Integer[] order = new Integer[lambda];
        double[] ranked = new double[lambda];
        for (int k = 0; k < lambda; k++) {
            order[k] = k;
            ranked[k] = Double.isNaN(scores[k]) ? Double.NEGATIVE_INFINITY : scores[k];
        }
        Arrays.sort(order, Comparator.comparingDouble(k -> -ranked[k]));
        if (ranked[order[0]] > bestScore) {
            bestScore = ranked[order[0]];
            best = point(steps[order[0]]);
        }
        evaluations += lambda;
        generations++;
        adapt(order);
    }

    private void adapt(Integer[] order) {
        double[] move = new double[size];
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < size; j++) {
                move[j] += weights[i] * steps[order[i]][j];
            }
        }
        double[] whitened = times(axes, move, true);
        for (int j = 0; j < size; j++) {
            mean[j] += sigma * move[j];
            whitened[j] /= lengths[j];
        }
        whitened = times(axes, whitened, false);
        double rate = Math.sqrt(cumulationSigma * (2 - cumulationSigma) * muEffective);
        double squares = 0;
        for (int j = 0; j < size; j++) {
            pathSigma[j] = (1 - cumulationSigma) * pathSigma[j] + rate * whitened[j];
            squares += pathSigma[j] * pathSigma[j];
        }
        double norm = Math.sqrt(squares);
        double settled = Math.sqrt(1 - Math.pow(1 - cumulationSigma, 2.0 * generations));
        boolean steady = norm / settled < (1.4 + 2.0 / (size + 1)) * expectedNorm;
        double pathRate = steady ? Math.sqrt(cumulation * (2 - cumulation) * muEffective) : 0;
        for (int j = 0; j < size; j++) {
            path[j] = (1 - cumulation) * path[j] + pathRate * move[j];
        }
        double lost = steady ? 0 : cumulation * (2 - cumulation);
        for (int r = 0; r < size; r++) {
            for (int c = 0; c <= r; c++) {
                double value =
                        (1 - rankOne - rankMu + rankOne * lost) * covariance[r][c]
                                + rankOne * path[r] * path[c];
                for (int i = 0; i < weights.length; i++) {
                    double[] step = steps[order[i]];
                    value += rankMu * weights[i] * step[r] * step[c];
                }
                covariance[r][c] = value;
                covariance[c][r] = value;
            }
        }
        sigma *= Math.exp(cumulationSigma / damping * (norm / expectedNorm - 1));
        decompose();
    }

    private void decompose() {
        EigenDecomposition eigen =
                new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
        double[] values = eigen.getRealEigenvalues();
        double largest = Arrays.stream(values).max().orElse(0);
        double smallest = Arrays.stream(values).min().orElse(0);
        if (!(largest > 0) || smallest * MAX_CONDITION < largest || !Double.isFinite(sigma)) {
            converged = true;
            return;
        }
        axes = eigen.getV().getData();
        for (int j = 0; j < size; j++) {
            lengths[j] = Math.sqrt(values[j]);
        }
        converged = sigma * Math.sqrt(largest) < MIN_SPREAD;
    }

    private static double[] times(double[][] matrix, double[] vector, boolean transposed) {
        double[] result = new double[vector.length];
        for (int r = 0; r < vector.length; r++) {
            for (int c = 0; c < vector.length; c++) {
                result[r] += (transposed ? matrix[c][r] : matrix[r][c]) * vector[c];
            }
        }
        return result;
    }

    /** The centre of the distribution, within the bounds: a better guess under noise. */
    public double[] center() {
        return point(new double[size]);
    }

    /** The overall step size of now. */
    public double sigma() {
        return sigma;
    }

    @Override
    public double[] best() {
        return best.clone();
    }

    @Override
    public double bestScore() {
        return bestScore;
    }

    @Override
    public long evaluations() {
        return evaluations;
    }

    @Override
    public boolean converged() {
        return converged;
    }
}
