package daumier.faces.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How likely colours are in one kind of area of a photograph: a mixture of Gaussians in CIE L*a*b*
 * with diagonal covariances, whose parts are found by k-means from a start that is fixed by the
 * order of lightness, and a little uniform density for what is strange everywhere.
 */
final class ColourMixture {
    /** Share of colours that belong to nothing that was seen. */
    private static final double STRANGE = 0.03;

    /** Density of a uniform colour: about 100 lightnesses, 60 by 60 hues and chromas of things. */
    private static final double UNIFORM = 1 / (100.0 * 60 * 60);

    /** Noise and uneven light, below which no area's deviation in l, a and b is trusted. */
    private static final double[] LEAST_SD = {6, 3, 4};

    private static final int ROUNDS = 8;

    private final double[][] mean;
    private final double[][] sd;
    private final double[] share;

    private ColourMixture(double[][] mean, double[][] sd, double[] share) {
        this.mean = mean;
        this.sd = sd;
        this.share = share;
    }

    /**
     * Fits a mixture.
     *
     * @param colours of the area; may be empty, then everything is as likely
     * @param parts how many Gaussians, fewer where there are few colours
     */
    static ColourMixture of(List<Lab> colours, int parts) {
        int k = Math.min(parts, colours.size() / 4);
        List<Lab> sorted = new ArrayList<>(colours);
        sorted.sort(Comparator.comparingDouble(Lab::l));
        double[][] mean = new double[k][];
        for (int i = 0; i < k; i++) {
            mean[i] = values(sorted.get((2 * i + 1) * sorted.size() / (2 * k)));
        }
        double[][] sd = new double[k][3];
        double[] share = new double[k];
        for (int round = 0; round < ROUNDS && k > 0; round++) {
            double[][] sum = new double[k][3];
            double[][] square = new double[k][3];
            int[] count = new int[k];
            for (Lab c : sorted) {
                double[] v = values(c);
                int best = nearest(mean, v);
                count[best]++;
                for (int d = 0; d < 3; d++) {
                    sum[best][d] += v[d];
                    square[best][d] += v[d] * v[d];
                }
            }
            for (int i = 0; i < k; i++) {
                share[i] = (double) count[i] / sorted.size();
                for (int d = 0; d < 3 && count[i] > 0; d++) {
                    mean[i][d] = sum[i][d] / count[i];
                    double variance = square[i][d] / count[i] - mean[i][d] * mean[i][d];
                    sd[i][d] = Math.sqrt(Math.max(0, variance) + LEAST_SD[d] * LEAST_SD[d]);
                }
            }
        }
        return new ColourMixture(mean, sd, share);
    }

    private static int nearest(double[][] mean, double[] v) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < mean.length; i++) {
            double d = 0;
            for (int j = 0; j < 3; j++) {
                d += (v[j] - mean[i][j]) * (v[j] - mean[i][j]);
            }
            if (d < least) {
                least = d;
                best = i;
            }
        }
        return best;
    }

    /** Logarithm of the density of a colour. */
    double log(Lab colour) {
        double[] v = values(colour);
        double density = STRANGE * UNIFORM;
        for (int i = 0; i < mean.length; i++) {
            if (share[i] > 0) {
                double exponent = 0;
                double scale = 1;
                for (int d = 0; d < 3; d++) {
                    double t = (v[d] - mean[i][d]) / sd[i][d];
                    exponent += t * t / 2;
                    scale *= sd[i][d] * Math.sqrt(2 * Math.PI);
                }
                density += (1 - STRANGE) * share[i] * Math.exp(-exponent) / scale;
            }
        }
        return Math.log(density);
    }

    private static double[] values(Lab c) {
        return new double[] {c.l(), c.a(), c.b()};
    }
}
