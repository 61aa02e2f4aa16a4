package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.Optional;

/**
 * Everything that was measured of one face in a picture.
 *
 * @param picture the whole picture
 * @param detection where the detector saw the face; absent where the picture was taken to be a
 *     portrait already
 * @param faces how many faces the detector found
 * @param alignment where the portrait frame lies in the picture
 * @param portrait the aligned face, 128 x 128
 * @param geometry landmarks in the portrait frame, and what the fitted model says
 * @param landmarkSpread rms distance in portrait pixels between landmarks of the same face in
 *     slightly shifted frames: how far they can be trusted
 * @param embedding identity vector of the portrait, if there is an embedder
 * @param plausibility of the landmarks as a face
 * @param modelLandmarks landmarks of the fitted model, in the portrait frame
 */
public record FaceAnalysis(
        Picture picture,
        Optional<Detection> detection,
        int faces,
        Alignment alignment,
        Picture portrait,
        FaceGeometry geometry,
        double landmarkSpread,
        Optional<float[]> embedding,
        Plausibility.Score plausibility,
        Landmarks modelLandmarks) {

    /** The landmarks in pixels of the whole picture. */
    public Landmarks landmarksInPicture() {
        return alignment.toPicture(geometry.landmarks());
    }
}
