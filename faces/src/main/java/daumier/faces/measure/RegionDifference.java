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
 *     is as far, 1 is twice as far, below 0 is nearer to the average
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
        double[] own = new double[n];
        double[] moved = new double[n];
        double square = 0;
        double trace = 0;
        double projected = 0;
        double length = 0;
        for (int i = 0; i < n; i++) {
            own[i] = dot(axes[i], a.identity());
            moved[i] = dot(axes[i], b.identity()) - own[i];
            square += moved[i] * moved[i];
            projected += moved[i] * own[i];
            length += own[i] * own[i];
            trace += variance(axes[i], a) + variance(axes[i], b);
        }
        double along = 0;
        for (int i = 0; i < n; i++) {
            double share = own[i] * own[i] / Math.max(1e-12, length);
            along += share * (variance(axes[i], a) + variance(axes[i], b));
        }
        double safe = Math.max(1e-12, length);
        return new RegionDifference(
                Math.sqrt(square / n),
                Math.sqrt(trace / n),
                projected / safe,
                Math.sqrt(along / safe));
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
