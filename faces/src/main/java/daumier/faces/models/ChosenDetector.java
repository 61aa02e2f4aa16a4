package daumier.faces.models;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FaceDetector;
import daumier.faces.measure.HaarDetector;
import daumier.faces.measure.PatientDetector;
import daumier.faces.measure.YuNetDetector;
import java.io.IOException;
import java.util.List;

/**
 * The face detector of everything that looks at photographs: YuNet where the user has its file, the
 * cascades of the OpenCV jar otherwise. Both look again where they see nothing at first.
 *
 * @param detector the one that looks
 * @param name as it is told to the user
 * @param marksPoints whether its five points are better than those of 68 landmarks
 */
public record ChosenDetector(FaceDetector detector, String name, boolean marksPoints)
        implements FaceDetector {
    /**
     * Chooses.
     *
     * @param user the user's models
     * @param reference landmarks of the mean face in the portrait frame
     * @return the best detector there is
     * @throws IOException if the user's file cannot be read
     */
    public static ChosenDetector of(ModelFolder user, Landmarks reference) throws IOException {
        boolean yunet = user.detector().isPresent();
        FaceDetector first = yunet ? YuNetDetector.open(user.detector().get()) : new HaarDetector();
        String name =
                yunet
                        ? "YuNet, " + ModelCard.stem(user.detector().get())
                        : "Haar cascades of OpenCV";
        return new ChosenDetector(new PatientDetector(first, reference), name, yunet);
    }

    @Override
    public List<Detection> detect(Picture picture) {
        return detector.detect(picture);
    }
}
