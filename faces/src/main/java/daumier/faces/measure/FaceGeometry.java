package daumier.faces.measure;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import java.util.Map;

/**
 * What a fit of the morphable model says about one face.
 *
 * @param landmarks of the face, in the portrait frame: those that were fitted, or what is believed
 *     of them after the fit
 * @param pose how the head stands
 * @param identity posterior mean of each identity coefficient, in population standard deviations
 * @param expression posterior mean of each expression coefficient
 * @param identityCovariance posterior covariance of the identity coefficients
 * @param deviation for each region: root mean square of its identity coefficients, so about how
 *     many standard deviations the region is from the mean face; 0 where nothing is seen of it
 * @param sigma for each region: standard error of the deviation; close to 1 where the landmarks
 *     show nothing of the region
 * @param residualRms root mean square distance between the fitted landmarks and the model, in
 *     pixels of the portrait frame
 */
public record FaceGeometry(
        Landmarks landmarks,
        Pose pose,
        double[] identity,
        double[] expression,
        double[][] identityCovariance,
        Map<FaceRegion, Double> deviation,
        Map<FaceRegion, Double> sigma,
        double residualRms) {

    /** Copies the maps; arrays are shared and never written again. */
    public FaceGeometry {
        deviation = Map.copyOf(deviation);
        sigma = Map.copyOf(sigma);
    }

    /**
     * The same fit with other landmarks.
     *
     * @param other what is believed of the landmarks
     * @return a copy
     */
    public FaceGeometry withLandmarks(Landmarks other) {
        return new FaceGeometry(
                other,
                pose,
                identity,
                expression,
                identityCovariance,
                deviation,
                sigma,
                residualRms);
    }

    /**
     * Standard error of an identity coefficient.
     *
     * @param component index of the coefficient
     * @return in population standard deviations; 1 means that the landmarks told nothing
     */
    public double identitySigma(int component) {
        return Math.sqrt(identityCovariance[component][component]);
    }
}
