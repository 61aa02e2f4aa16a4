package daumier.agent;

import daumier.env.SeededRandom;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The figures by which runs are compared, as defined by Agarwal et al. 2021 (rliable). Scores are
 * matrices (runs, tasks); here a run is a training seed and a task a held-out face. A bootstrap
 * draws runs anew for each task apart, so that every task keeps its weight.
 */
public final class Statistics {
    /** Something computed from a matrix of scores. */
    public interface Measure extends ToDoubleFunction<double[][]> {}

    private Statistics() {}

    /** Arithmetic mean. */
    public static double mean(double... values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /**
     * Interquartile mean: the mean of what is left when a quarter of the values, rounded down, is
     * cut off at each end (SciPy's {@code trim_mean(x, 0.25)}).
     */
    public static double iqm(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int cut = (int) (0.25 * sorted.length);
        return mean(Arrays.copyOfRange(sorted, cut, sorted.length - cut));
    }

    /** Interquartile mean over all runs and tasks together. */
    public static double iqm(double[][] scores) {
        return iqm(flat(scores));
    }

    /** Mean over all runs and tasks together. */
    public static double mean(double[][] scores) {
        return mean(flat(scores));
    }

    /** How far scores fall short of {@code target} on average, those above it counting as 0. */
    public static double optimalityGap(double[][] scores, double target) {
        return target - mean(Arrays.stream(flat(scores)).map(x -> Math.min(x, target)).toArray());
    }

    /**
     * Probability that a run of x scores higher than a run of y on a task, averaged over tasks;
     * equal scores count one half (Mann and Whitney's U over the number of pairs).
     *
     * @param x (runs of x, tasks)
     * @param y (runs of y, tasks)
     */
    public static double probabilityOfImprovement(double[][] x, double[][] y) {
        int tasks = tasks(x);
        if (tasks(y) != tasks) {
            throw new IllegalArgumentException("Both need the same tasks.");
        }
        double wins = 0;
        for (int task = 0; task < tasks; task++) {
            double won = 0;
            for (double[] a : x) {
                for (double[] b : y) {
                    won += a[task] > b[task] ? 1 : a[task] == b[task] ? 0.5 : 0;
                }
            }
            wins += won / ((double) x.length * y.length);
        }
        return wins / tasks;
    }

    /** Share of all runs and tasks whose score is above each of {@code thresholds}. */
    public static double[] performanceProfile(double[][] scores, double[] thresholds) {
        double[] all = flat(scores);
        return Arrays.stream(thresholds)
                .map(tau -> Arrays.stream(all).filter(x -> x > tau).count() / (double) all.length)
                .toArray();
    }

    /**
     * Stratified percentile bootstrap of a figure.
     *
     * @param confidence such as 0.95
     * @param repetitions rliable takes 50,000; 2,000 for profiles
     */
    public static Interval bootstrap(
            double[][] scores, Measure measure, double confidence, int repetitions, long seed) {
        SeededRandom random = new SeededRandom(seed);
        double[] estimates = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            estimates[i] = measure.applyAsDouble(resample(scores, random));
        }
        return interval(measure.applyAsDouble(scores), estimates, confidence);
    }

    /**
     * Percentile bootstrap of a figure of single scores, such as those of one policy's episodes.
     */
    public static Interval bootstrap(
            double[] scores,
            ToDoubleFunction<double[]> figure,
            double confidence,
            int repetitions,
            long seed) {
        return pairedDifference(
                scores, new double[scores.length], figure, confidence, repetitions, seed);
    }

    /** Stratified bootstrap of {@link #probabilityOfImprovement}; x and y are drawn apart. */
    public static Interval probabilityOfImprovement(
            double[][] x, double[][] y, double confidence, int repetitions, long seed) {
        SeededRandom random = new SeededRandom(seed);
        double[] estimates = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            estimates[i] = probabilityOfImprovement(resample(x, random), resample(y, random));
        }
        return interval(probabilityOfImprovement(x, y), estimates, confidence);
    }

    /**
     * A figure of the differences a - b between scores of the same episodes. Episodes are drawn as
     * pairs, which takes out how hard each of them is.
     *
     * @param a one score an episode
     * @param b of the same episodes in the same order
     * @param figure such as {@link #mean(double...)} or {@link #iqm(double...)}
     */
    public static Interval pairedDifference(
            double[] a,
            double[] b,
            ToDoubleFunction<double[]> figure,
            double confidence,
            int repetitions,
            long seed) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException(
                    "Paired scores come from the same episodes: "
                            + a.length
                            + " and "
                            + b.length
                            + " do not pair.");
        }
        double[] differences = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            differences[i] = a[i] - b[i];
        }
        SeededRandom random = new SeededRandom(seed);
        double[] estimates = new double[repetitions];
        double[] drawn = new double[a.length];
        for (int i = 0; i < repetitions; i++) {
            for (int k = 0; k < drawn.length; k++) {
                drawn[k] = differences[random.nextInt(drawn.length)];
            }
            estimates[i] = figure.applyAsDouble(drawn);
        }
        return interval(figure.applyAsDouble(differences), estimates, confidence);
    }

    /**
     * Percentile bootstrap that draws both runs and tasks anew: how sure a figure is for training
     * seeds and faces nobody has seen yet. With a single run only the tasks are drawn.
     *
     * @param scores (runs, tasks)
     * @param figure of all drawn scores together, such as {@link #iqm(double...)}
     */
    public static Interval bootstrapBoth(
            double[][] scores,
            ToDoubleFunction<double[]> figure,
            double confidence,
            int repetitions,
            long seed) {
        int tasks = tasks(scores);
        SeededRandom random = new SeededRandom(seed);
        double[] estimates = new double[repetitions];
        double[] drawn = new double[scores.length * tasks];
        int[] chosen = new int[tasks];
        for (int i = 0; i < repetitions; i++) {
            Arrays.setAll(chosen, task -> random.nextInt(tasks));
            for (int run = 0; run < scores.length; run++) {
                double[] row = scores[random.nextInt(scores.length)];
                for (int task = 0; task < tasks; task++) {
                    drawn[run * tasks + task] = row[chosen[task]];
                }
            }
            estimates[i] = figure.applyAsDouble(drawn);
        }
        return interval(figure.applyAsDouble(flat(scores)), estimates, confidence);
    }

    /**
     * The {@code q}-quantile, linear between order statistics (NumPy's default).
     *
     * @param q in [0, 1]
     */
    public static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static Interval interval(double value, double[] estimates, double confidence) {
        double tail = (1 - confidence) / 2;
        return new Interval(value, quantile(estimates, tail), quantile(estimates, 1 - tail));
    }

    private static double[][] resample(double[][] scores, SeededRandom random) {
        int tasks = tasks(scores);
        double[][] drawn = new double[scores.length][tasks];
        for (int task = 0; task < tasks; task++) {
            for (int run = 0; run < scores.length; run++) {
                drawn[run][task] = scores[random.nextInt(scores.length)][task];
            }
        }
        return drawn;
    }

    private static int tasks(double[][] scores) {
        for (double[] run : scores) {
            if (run.length != scores[0].length) {
                throw new IllegalArgumentException("Every run needs a score for every task.");
            }
        }
        return scores[0].length;
    }

    private static double[] flat(double[][] scores) {
        return Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    }
}
