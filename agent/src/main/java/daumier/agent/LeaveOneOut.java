package daumier.agent;

import java.util.HashMap;
import java.util.Map;

/**
 * A baseline by situation: lanes of one group meet the same episodes, and the advantage of a
 * decision is taken against the mean advantage of the others' decisions at the same point of the
 * same episode (Kool, van Hoof and Welling 2019, "Buy 4 REINFORCE samples, get a baseline for
 * free"). What is easy or hard about an episode is taken out, whatever the critic knows of it.
 */
public final class LeaveOneOut {
    private static final double LEAST_SPREAD = 0.25;

    private LeaveOneOut() {}

    /** A point that lanes of one group have in common. */
    private record Point(int group, int episode, int decision) {
        /** The episode as a whole. */
        Point whole() {
            return new Point(group, episode, -1);
        }
    }

    /** Sum and count of the advantages at one point. */
    private static final class Sum {
        private double total;
        private int count;

        void add(double value) {
            total += value;
            count++;
        }

        double mean() {
            return total / count;
        }

        double without(double value) {
            return count == 1 ? 0 : (total - value) / (count - 1);
        }
    }

    /**
     * The advantages less the mean of the others at the same point; where no other lane came to
     * that point they stay as they are.
     *
     * @param advantages (lane, step) from the start of all lanes' first episodes on
     * @param ended (lane, step) whether the episode ended with that step
     * @param groupSize neighbouring lanes that meet the same episodes, at least 1
     */
    public static double[][] centred(double[][] advantages, boolean[][] ended, int groupSize) {
        Map<Point, Sum> sums = new HashMap<>();
        Point[][] points = new Point[advantages.length][];
        for (int lane = 0; lane < advantages.length; lane++) {
            points[lane] = points(lane / groupSize, ended[lane]);
            for (int t = 0; t < advantages[lane].length; t++) {
                sums.computeIfAbsent(points[lane][t], p -> new Sum()).add(advantages[lane][t]);
            }
        }
        double[][] centred = new double[advantages.length][];
        for (int lane = 0; lane < advantages.length; lane++) {
            centred[lane] = advantages[lane].clone();
            for (int t = 0; t < centred[lane].length; t++) {
                centred[lane][t] -= sums.get(points[lane][t]).without(advantages[lane][t]);
            }
        }
        return centred;
    }

    /**
     * The advantages with every episode of a group brought to the same spread, as in GRPO (Shao et
     * al. 2024, "DeepSeekMath"), so that a few episodes whose reward swings widely do not outweigh
     * all others. An episode in which nothing differs is not blown up: its spread counts as at
     * least a quarter of the whole batch's.
     *
     * @param centred (lane, step), see {@link #centred}
     * @param ended (lane, step) whether the episode ended with that step
     * @param groupSize neighbouring lanes that meet the same episodes, at least 1
     */
    public static double[][] evened(double[][] centred, boolean[][] ended, int groupSize) {
        Map<Point, Sum> squares = new HashMap<>();
        Sum all = new Sum();
        for (int lane = 0; lane < centred.length; lane++) {
            Point[] points = points(lane / groupSize, ended[lane]);
            for (int t = 0; t < centred[lane].length; t++) {
                double square = centred[lane][t] * centred[lane][t];
                squares.computeIfAbsent(points[t].whole(), p -> new Sum()).add(square);
                all.add(square);
            }
        }
        double least = LEAST_SPREAD * Math.sqrt(all.mean());
        double[][] evened = new double[centred.length][];
        for (int lane = 0; lane < centred.length; lane++) {
            Point[] points = points(lane / groupSize, ended[lane]);
            evened[lane] = centred[lane].clone();
            for (int t = 0; t < evened[lane].length; t++) {
                double spread = Math.sqrt(squares.get(points[t].whole()).mean());
                evened[lane][t] /= Math.max(Math.max(spread, least), Double.MIN_NORMAL);
            }
        }
        return evened;
    }

    private static Point[] points(int group, boolean[] ended) {
        Point[] points = new Point[ended.length];
        int episode = 0;
        int decision = 0;
        for (int t = 0; t < ended.length; t++) {
            points[t] = new Point(group, episode, decision++);
            if (ended[t]) {
                episode++;
                decision = 0;
            }
        }
        return points;
    }
}
