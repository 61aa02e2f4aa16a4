package daumier.faces;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear 3D morphable model, as far as its 68 landmarks go: {@code points = mean + sum_k
 * identity_k * I_k + sum_j expression_j * E_j}, coefficients in standard deviations of the
 * population. Model space: x to the picture's right, y down, z towards the viewer; the unit is half
 * the width of the mean face.
 */
public interface MorphableModel {
    /** The mean face: 204 values, x0, y0, z0, x1, ... */
    double[] mean();

    /** One row of 204 values for each identity component. */
    double[][] identityBasis();

    /** One row of 204 values for each expression component. */
    double[][] expressionBasis();

    /** The region that an identity component belongs to. */
    FaceRegion regionOf(int identityComponent);

    /**
     * Along which directions in the space of identity coefficients a region's deviation is
     * measured. For models whose components belong to one region each, these are the components;
     * others give the region's own directions.
     *
     * @param region any region
     * @return orthonormal rows, one value for each identity component; none where the landmarks
     *     show nothing of the region
     */
    default double[][] regionAxes(FaceRegion region) {
        int n = identityBasis().length;
        List<double[]> axes = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            if (regionOf(k) == region) {
                double[] axis = new double[n];
                axis[k] = 1;
                axes.add(axis);
            }
        }
        return axes.toArray(double[][]::new);
    }
}
