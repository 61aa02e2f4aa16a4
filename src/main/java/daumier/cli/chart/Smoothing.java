package daumier.cli.chart;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** From noisy values to a line and the band that the mean lies in. */
final class Smoothing {
    /** Half the width of a 95 percent interval of a normal mean, in standard errors. */
    private static final double NORMAL_95 = 1.96;

    /** Two-sided 97.5 percent points of Student's t for 1 to 30 degrees of freedom. */
    private static final double[] STUDENT = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
        2.052, 2.048, 2.045, 2.042
    };

    private static final int MOST_POINTS = 300;

    private Smoothing() {}

    /** The window that suits so many values: a twentieth of them, at least 20, at most 500. */
    static int window(int values) {
        return Math.max(1, Math.min(Math.min(500, values), Math.max(20, values / 20)));
    }

    /**
     * The mean in a sliding window around each value, and its 95 percent interval by the normal
     * approximation. Windows at the ends are one-sided, so that nothing is made up there.
     *
     * @param name of the line
     * @param colour of the line
     * @param x positions, ascending
     * @param y values; NaN is left out
     * @param window values in a window
     * @return a line of at most 300 points
     */
    static Line rolling(String name, int colour, double[] x, double[] y, int window) {
        int[] valid = IntStream.range(0, y.length).filter(i -> !Double.isNaN(y[i])).toArray();
        int n = valid.length;
        int points = Math.min(n, MOST_POINTS);
        double[] at = new double[points];
        double[] mean = new double[points];
        double[] low = new double[points];
        double[] high = new double[points];
        for (int p = 0; p < points; p++) {
            int centre = points == 1 ? 0 : (int) Math.round((double) p * (n - 1) / (points - 1));
            int from = Math.max(0, centre - window / 2);
            int to = Math.min(n, centre + (window + 1) / 2);
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += y[valid[i]];
            }
            double m = sum / (to - from);
            double squares = 0;
            for (int i = from; i < to; i++) {
                squares += (y[valid[i]] - m) * (y[valid[i]] - m);
            }
            int count = to - from;
            double error = count < 2 ? 0 : NORMAL_95 * Math.sqrt(squares / (count - 1.0) / count);
            at[p] = x[valid[centre]];
            mean[p] = m;
            low[p] = m - error;
            high[p] = m + error;
        }
        return new Line(
                name, colour, at, mean, Optional.of(low), Optional.of(high), Line.Style.SOLID);
    }

    /**
     * The mean of several lines over the stretch they all cover, and its 95 percent interval by
     * Student's t, as if each line were one draw.
     *
     * @param name of the mean
     * @param colour of the mean
     * @param lines at least two
     * @return a line of at most 300 points
     */
    static Line average(String name, int colour, List<Line> lines) {
        double from = lines.stream().mapToDouble(l -> l.x()[0]).max().orElseThrow();
        double to = lines.stream().mapToDouble(l -> l.x()[l.x().length - 1]).min().orElseThrow();
        int points = MOST_POINTS / 2;
        double[] x = new double[points];
        double[] mean = new double[points];
        double[] low = new double[points];
        double[] high = new double[points];
        int n = lines.size();
        for (int p = 0; p < points; p++) {
            x[p] = from + (to - from) * p / (points - 1);
            double position = x[p];
            double[] values = lines.stream().mapToDouble(l -> at(l, position)).toArray();
            double m = Arrays.stream(values).average().orElseThrow();
            double squares = Arrays.stream(values).map(v -> (v - m) * (v - m)).sum();
            double t = STUDENT[Math.min(STUDENT.length, n - 1) - 1];
            double error = t * Math.sqrt(squares / (n - 1) / n);
            mean[p] = m;
            low[p] = m - error;
            high[p] = m + error;
        }
        return new Line(
                name, colour, x, mean, Optional.of(low), Optional.of(high), Line.Style.SOLID);
    }

    /** A line's value between its points. */
    static double at(Line line, double x) {
        double[] xs = line.x();
        double[] ys = line.y();
        int found = Arrays.binarySearch(xs, x);
        if (found >= 0) {
            return ys[found];
        }
        int after = Math.min(Math.max(-found - 1, 1), xs.length - 1);
        if (xs.length == 1) {
            return ys[0];
        }
        double fraction = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
        double inside = Math.max(0, Math.min(1, fraction));
        return ys[after - 1] + inside * (ys[after] - ys[after - 1]);
    }
}
