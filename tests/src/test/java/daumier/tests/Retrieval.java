package daumier.tests;

import java.util.Arrays;
import java.util.List;

/**
 * Whether drawings find the photographs they were made from.
 *
 * @param rankOne share of drawings whose own photograph is nearer than all of other people
 * @param fourChoice chance that their own photograph is the nearest of four, the other three drawn
 *     at random from other people's
 * @param drawings how many there were
 */
record Retrieval(double rankOne, double fourChoice, int drawings) {
    private static final int OTHERS = 3;

    /**
     * Ranks. Other photographs of the same person are neither right nor wrong: they are left out.
     *
     * @param distance from drawing i to photograph j; a row of NaN is a drawing without a face,
     *     which finds nothing
     * @param people who is seen in photograph j, and in drawing j
     */
    static Retrieval of(double[][] distance, List<String> people) {
        double first = 0;
        double four = 0;
        for (int i = 0; i < distance.length; i++) {
            int nearer = 0;
            int others = 0;
            for (int j = 0; j < people.size(); j++) {
                if (!people.get(j).equals(people.get(i))) {
                    others++;
                    // A comparison with NaN is false, so a missing face ranks last.
                    nearer += distance[i][j] > distance[i][i] ? 0 : 1;
                }
            }
            first += nearer == 0 ? 1 : 0;
            double none = 1;
            for (int k = 0; k < OTHERS; k++) {
                none *= Math.max(0, others - nearer - k) / (double) (others - k);
            }
            four += none;
        }
        return new Retrieval(first / distance.length, four / distance.length, distance.length);
    }

    /**
     * Several judges as one: the mean of their distances, each counted in standard deviations round
     * the mean of its row, so that none outvotes the others by its unit.
     */
    static double[][] together(List<double[][]> judges) {
        int n = judges.get(0).length;
        double[][] sum = new double[n][judges.get(0)[0].length];
        for (double[][] distance : judges) {
            for (int i = 0; i < n; i++) {
                double mean = Arrays.stream(distance[i]).average().orElse(0);
                double square =
                        Arrays.stream(distance[i])
                                .map(d -> (d - mean) * (d - mean))
                                .average()
                                .orElse(1);
                for (int j = 0; j < sum[i].length; j++) {
                    sum[i][j] += (distance[i][j] - mean) / Math.sqrt(Math.max(1e-12, square));
                }
            }
        }
        return sum;
    }

    /**
     * Cosine distances between two sets, after the mean of each set is taken out: what all drawings
     * share and all photographs lack says nothing of who is who.
     *
     * @param a a row each, null where nothing was measured
     * @param b a row each
     */
    static double[][] cosines(double[][] a, double[][] b) {
        double[][] x = centred(a);
        double[][] y = centred(b);
        double[][] distance = new double[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                distance[i][j] = x[i] == null || y[j] == null ? Double.NaN : 1 - dot(x[i], y[j]);
            }
        }
        return distance;
    }

    private static double[][] centred(double[][] rows) {
        int width = Arrays.stream(rows).filter(r -> r != null).findFirst().orElseThrow().length;
        long count = Arrays.stream(rows).filter(r -> r != null).count();
        double[] mean = new double[width];
        for (double[] row : rows) {
            for (int k = 0; row != null && k < width; k++) {
                mean[k] += row[k] / count;
            }
        }
        double[][] out = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] != null) {
                out[i] = new double[width];
                for (int k = 0; k < width; k++) {
                    out[i][k] = rows[i][k] - mean[k];
                }
                double length = Math.sqrt(Math.max(1e-12, dot(out[i], out[i])));
                for (int k = 0; k < width; k++) {
                    out[i][k] /= length;
                }
            }
        }
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int k = 0; k < a.length; k++) {
            s += a[k] * b[k];
        }
        return s;
    }
}
