package daumier.faces;

import java.util.List;

/**
 * What the {@link ExaggerationMeter} must know of one face before it can read pictures of it: the
 * path its landmarks take when a region is exaggerated, and the ways they move for other reasons.
 *
 * <p>Along each region's path the meter counts in {@code moved} units: Euclidean length of the
 * 136-vector of landmark displacements, divided by the length that the median subject covers from
 * gain 0 to gain 1. Because shapes are soft-clipped, equal steps of gain are not equal steps of
 * {@code moved}; {@link #moved} and {@link #gain} translate.
 */
public final class MeterTarget {
    /** The regions that are measured, in this order in all arrays of the meter. */
    public static final List<FaceRegion> REGIONS =
            List.of(
                    FaceRegion.JAW,
                    FaceRegion.CHIN,
                    FaceRegion.EYES,
                    FaceRegion.BROWS,
                    FaceRegion.NOSE,
                    FaceRegion.MOUTH);

    private static final List<FaceRegion> ALL = List.of(FaceRegion.values());

    /** Gains at which the paths are known. */
    static final double[] KNOTS = {
        -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5
    };

    private static final int ZERO = 4;
    private static final int SIZE = 2 * Landmarks.COUNT;
    private static final double TINY = 1e-3;
    private static final double TURN = 0.05;

    /** The geometry of one face as far as the meter asks. */
    @FunctionalInterface
    public interface Geometry {
        /**
         * Landmarks of the face in one picture, in pixels.
         *
         * @param gainByRegion exaggeration, one gain for each {@link FaceRegion}; at most one is
         *     not 0, and all other regions stay as they are
         * @param yaw turn in radians beyond the picture's own
         * @param pitch nod in radians beyond the picture's own
         * @param expression coefficients beyond the picture's own
         */
        Landmarks at(double[] gainByRegion, double yaw, double pitch, double[] expression);
    }

    private final float[] reference;
    private final double[][][] path = new double[REGIONS.size()][KNOTS.length][SIZE];
    private final double[][] position = new double[REGIONS.size()][KNOTS.length];
    private final double[][] nuisance;

    /**
     * Prepares a face.
     *
     * @param geometry the face in the picture's pose and expression
     * @param expressions how many expression coefficients the geometry takes
     * @param medianLength for each of {@link #REGIONS}, pixels that are 1 {@code moved} unit
     */
    public MeterTarget(Geometry geometry, int expressions, double[] medianLength) {
        double[] none = new double[FaceRegion.values().length];
        double[] neutral = new double[expressions];
        reference = geometry.at(none, 0, 0, neutral).xy();
        for (int r = 0; r < REGIONS.size(); r++) {
            for (int k = 0; k < KNOTS.length; k++) {
                double[] gain = none.clone();
                gain[slot(REGIONS.get(r))] = KNOTS[k];
                float[] there = geometry.at(gain, 0, 0, neutral).xy();
                for (int i = 0; i < SIZE; i++) {
                    path[r][k][i] = there[i] - reference[i];
                }
            }
            for (int k = ZERO + 1; k < KNOTS.length; k++) {
                position[r][k] = position[r][k - 1] + step(r, k) / medianLength[r];
            }
            for (int k = ZERO; k > 0; k--) {
                position[r][k - 1] = position[r][k] - step(r, k) / medianLength[r];
            }
        }
        nuisance = new double[6 + expressions][];
        similarity();
        nuisance[4] = change(geometry.at(none, TURN, 0, neutral), 1 / TURN);
        nuisance[5] = change(geometry.at(none, 0, TURN, neutral), 1 / TURN);
        for (int e = 0; e < expressions; e++) {
            double[] one = neutral.clone();
            one[e] = 0.5;
            nuisance[6 + e] = change(geometry.at(none, 0, 0, one), 2);
        }
    }

    /**
     * Length in pixels that a face's landmarks cover from gain 0 to 1, for each of {@link
     * #REGIONS}. The median of this over a population is the meter's unit.
     */
    public static double[] lengths(Geometry geometry, int expressions) {
        double[] pixel = new double[REGIONS.size()];
        java.util.Arrays.fill(pixel, 1);
        MeterTarget t = new MeterTarget(geometry, expressions, pixel);
        double[] gain = new double[REGIONS.size()];
        java.util.Arrays.fill(gain, 1);
        return t.moved(gain);
    }

    /** Where a region stands in arrays with one value for each {@link FaceRegion}. */
    public static int slot(FaceRegion region) {
        return ALL.indexOf(region);
    }

    private double step(int r, int k) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            double d = path[r][k][i] - path[r][k - 1][i];
            sum += d * d;
        }
        return Math.sqrt(sum);
    }

    private void similarity() {
        double cx = 0;
        double cy = 0;
        for (int i = 0; i < Landmarks.COUNT; i++) {
            cx += reference[2 * i] / Landmarks.COUNT;
            cy += reference[2 * i + 1] / Landmarks.COUNT;
        }
        for (int k = 0; k < 4; k++) {
            nuisance[k] = new double[SIZE];
        }
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double x = reference[2 * i] - cx;
            double y = reference[2 * i + 1] - cy;
            nuisance[0][2 * i] = 1;
            nuisance[1][2 * i + 1] = 1;
            nuisance[2][2 * i] = x;
            nuisance[2][2 * i + 1] = y;
            nuisance[3][2 * i] = -y;
            nuisance[3][2 * i + 1] = x;
        }
    }

    private double[] change(Landmarks there, double factor) {
        double[] d = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            d[i] = (there.xy()[i] - reference[i]) * factor;
        }
        return d;
    }

    /** The landmarks of the face as it is, in pixels: 136 values. */
    float[] reference() {
        return reference;
    }

    /**
     * Rows of 136: shift in x and y (a pixel), size (logarithm), tilt, yaw and pitch (radians),
     * then the expressions (a unit each).
     */
    double[][] nuisance() {
        return nuisance;
    }

    private int segment(int r, double moved) {
        int k = 1;
        while (k < KNOTS.length - 1 && moved >= position[r][k]) {
            k++;
        }
        return k;
    }

    /** Displacement of the landmarks at a place on a region's path, straight on beyond its ends. */
    double[] displacement(int r, double moved) {
        int k = usable(r, segment(r, moved));
        double[] d = new double[SIZE];
        if (k < 0) {
            return d;
        }
        double t = (moved - position[r][k - 1]) / (position[r][k] - position[r][k - 1]);
        for (int i = 0; i < SIZE; i++) {
            d[i] = path[r][k - 1][i] + t * (path[r][k][i] - path[r][k - 1][i]);
        }
        return d;
    }

    /**
     * How the landmarks move when regions go from one place on their paths to another, straight on
     * beyond their ends.
     *
     * @param from {@code moved} units, one for each of {@link #REGIONS}
     * @param to the same
     * @return 136 values in pixels
     */
    public double[] way(double[] from, double[] to) {
        double[] way = new double[SIZE];
        for (int r = 0; r < REGIONS.size(); r++) {
            if (from[r] != to[r]) {
                double[] start = displacement(r, from[r]);
                double[] end = displacement(r, to[r]);
                for (int i = 0; i < SIZE; i++) {
                    way[i] += end[i] - start[i];
                }
            }
        }
        return way;
    }

    /** Change of the landmarks by one {@code moved} unit at a place on a region's path. */
    double[] direction(int r, double moved) {
        int k = usable(r, segment(r, moved));
        double[] d = new double[SIZE];
        if (k < 0) {
            return d;
        }
        for (int i = 0; i < SIZE; i++) {
            d[i] = (path[r][k][i] - path[r][k - 1][i]) / (position[r][k] - position[r][k - 1]);
        }
        return d;
    }

    /**
     * The place on a region's path that is nearest to a displacement.
     *
     * @param region index in {@link #REGIONS}
     * @param displacement 136 values in pixels
     * @return {@code moved} units
     */
    public double nearest(int region, double[] displacement) {
        double best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 1; k < KNOTS.length; k++) {
            double width = position[region][k] - position[region][k - 1];
            if (width > TINY) {
                double along = 0;
                double square = 0;
                for (int i = 0; i < SIZE; i++) {
                    double d = path[region][k][i] - path[region][k - 1][i];
                    along += d * (displacement[i] - path[region][k - 1][i]);
                    square += d * d;
                }
                double t = Math.max(0, Math.min(1, along / square));
                double moved = position[region][k - 1] + t * width;
                double[] there = displacement(region, moved);
                double away = 0;
                for (int i = 0; i < SIZE; i++) {
                    away += (there[i] - displacement[i]) * (there[i] - displacement[i]);
                }
                if (away < least) {
                    least = away;
                    best = moved;
                }
            }
        }
        return best;
    }

    /** The nearest piece of a path that has a length; -1 if the whole path stands still. */
    private int usable(int r, int k) {
        for (int away = 0; away < KNOTS.length; away++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                int j = k + sign * away;
                if (j >= 1 && j < KNOTS.length && position[r][j] - position[r][j - 1] > TINY) {
                    return j;
                }
            }
        }
        return -1;
    }

    /**
     * How far each region has moved at given gains, alone.
     *
     * @param gain one for each of {@link #REGIONS}
     * @return {@code moved} units, negative towards the mean face
     */
    public double[] moved(double[] gain) {
        double[] m = new double[REGIONS.size()];
        for (int r = 0; r < m.length; r++) {
            m[r] = interpolate(KNOTS, position[r], gain[r]);
        }
        return m;
    }

    /**
     * The gains that move the regions so far, between -1 and 2.5.
     *
     * @param moved one for each of {@link #REGIONS}
     */
    public double[] gain(double[] moved) {
        double[] g = new double[REGIONS.size()];
        for (int r = 0; r < g.length; r++) {
            double last = position[r][KNOTS.length - 1];
            double first = position[r][0];
            double within = Math.max(first, Math.min(last, moved[r]));
            g[r] = last - first < TINY ? 0 : interpolate(position[r], KNOTS, within);
        }
        return g;
    }

    private static double interpolate(double[] x, double[] y, double at) {
        int k = 1;
        while (k < x.length - 1 && at > x[k]) {
            k++;
        }
        double width = x[k] - x[k - 1];
        return width < TINY ? y[k] : y[k - 1] + (at - x[k - 1]) / width * (y[k] - y[k - 1]);
    }
}
