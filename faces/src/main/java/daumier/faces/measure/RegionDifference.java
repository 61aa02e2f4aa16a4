package daumier.faces.measure;

import daumier.faces.FaceRegion;
import daumier.faces.MorphableModel;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a region differs between two faces that were fitted by one model.
 *
 * @param difference root mean square of the difference of the region's coefficients, in population
 *     standard deviations
 * @param sigma standard error of the difference where there is none
 * @param gain how far the second face goes beyond the first along the first one's own deviation: 0
 *     is as far, 1 is twice as far, below 0 is nearer to the average; the fit's own pull to the
 *     average is taken out
 * @param gainSigma standard error of the gain, large where the first face is near the average
 */
public record RegionDifference(double difference, double sigma, double gain, double gainSigma) {
    /**
     * Compares two faces, region by region.
     *
     * @param model the model both were fitted by
     * @param a the first face
     * @param b the second face
     * @return an entry for each region that the landmarks show
     */
    public static Map<FaceRegion, RegionDifference> between(
            MorphableModel model, FaceGeometry a, FaceGeometry b) {
        Map<FaceRegion, RegionDifference> all = new EnumMap<>(FaceRegion.class);
        for (FaceRegion region : FaceRegion.values()) {
            double[][] axes = model.regionAxes(region);
            if (axes.length > 0) {
                all.put(region, along(axes, a, b));
            }
        }
        return all;
    }

    private static RegionDifference along(double[][] axes, FaceGeometry a, FaceGeometry b) {
        int n = axes.length;
        double[] expected = expected(axes, a, b);
        double length = 0;
        for (double e : expected) {
            length += e * e;
        }
        length = Math.max(1e-12, length);
        double square = 0;
        double trace = 0;
        double products = 0;
        double[] direction = new double[a.identity().length];
        for (int i = 0; i < n; i++) {
            double moved = dot(axes[i], b.identity()) - dot(axes[i], a.identity());
            square += moved * moved;
            products += moved * expected[i];
            trace += variance(axes[i], a) + variance(axes[i], b);
            for (int k = 0; k < direction.length; k++) {
                direction[k] += expected[i] / Math.sqrt(length) * axes[i][k];
            }
        }
        double along = variance(direction, a) + variance(direction, b);
        return new RegionDifference(
                Math.sqrt(square / n),
                Math.sqrt(trace / n),
                products / length,
                Math.sqrt(along / length));
    }

    /**
     * What the fit reads of a move as long as the first face's own deviation. A posterior mean is
     * drawn to the average: landmarks that move as coefficients by dz move it by (I - C) dz, with C
     * the posterior covariance under unit priors.
     */
    private static double[] expected(double[][] axes, FaceGeometry a, FaceGeometry b) {
        double[] own = new double[a.identity().length];
        for (double[] axis : axes) {
            double along = dot(axis, a.identity());
            for (int k = 0; k < own.length; k++) {
                own[k] += along * axis[k];
            }
        }
        double[] read = new double[own.length];
        for (int k = 0; k < own.length; k++) {
            read[k] = own[k] - dot(b.identityCovariance()[k], own);
        }
        double[] expected = new double[axes.length];
        for (int i = 0; i < axes.length; i++) {
            expected[i] = dot(axes[i], read);
        }
        return expected;
    }

    private static double variance(double[] axis, FaceGeometry face) {
        double v = 0;
        for (int k = 0; k < axis.length; k++) {
            v += axis[k] * dot(face.identityCovariance()[k], axis);
        }
        return v;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] * b[i];
        }
        return s;
    }
}
