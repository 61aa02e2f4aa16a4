package daumier.faces.models;

import daumier.faces.Picture;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.Similarity;
import java.util.Optional;

/**
 * What was measured of one face with whatever models there are.
 *
 * @param picture the whole picture
 * @param faces how many faces the detector found
 * @param detection where the detector saw this one; absent where the picture was taken to be a
 *     portrait already
 * @param points eyes, nose and mouth in pixels of the picture: the detector's where it marks them,
 *     otherwise those of the 68 landmarks
 * @param analysis landmarks and the fitted model; absent without a landmark network, and where the
 *     landmarks could not be trusted
 * @param identity of length 1; absent without an identity network
 */
public record FaceReading(
        Picture picture,
        int faces,
        Optional<Detection> detection,
        FivePoints points,
        Optional<FaceAnalysis> analysis,
        Optional<float[]> identity) {

    /** From pixels of the picture to the 112 x 112 frame of recognition networks. */
    public Similarity aligned() {
        return ArcFaceNetwork.alignment(points);
    }

    /** Left, top, width and height of the face in the detector's own words. */
    public Optional<double[]> box() {
        return detection.map(
                d ->
                        d.seen()
                                .map(s -> new double[] {s.x(), s.y(), s.width(), s.height()})
                                .orElseGet(
                                        () -> new double[] {d.x(), d.y(), d.width(), d.height()}));
    }
}
