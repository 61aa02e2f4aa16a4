package daumier.cli.studio;

import ai.djl.ndarray.NDManager;
import daumier.cli.UserException;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceAnalyzer;
import daumier.faces.measure.IdentityEmbedder;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.Likeness;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Population;
import daumier.faces.measure.SubjectEstimator;
import daumier.faces.models.ChosenDetector;
import daumier.faces.models.ModelFolder;
import daumier.faces.nets.FaceNetTraining;
import daumier.faces.nets.IdentityNet;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Through which photographs come in: detector, landmark network, fit and identity of a pack. */
final class FaceDoor implements AutoCloseable {
    private static final String FACES = "faces";

    private final LandmarkNet landmarks;
    private final IdentityNet identity;
    private final ChosenDetector detector;
    private final FaceAnalyzer analyzer;

    private FaceDoor(ModelFolder user, LandmarkNet landmarks, IdentityNet identity)
            throws IOException {
        this.landmarks = landmarks;
        this.identity = identity;
        ProceduralModel world = new ProceduralModel();
        // Distinctive is what sets a person apart from others, not photographs from drawings.
        ModelFit fit = new ModelFit(Population.photographs(world).in(world), Camera.PORTRAIT);
        IdentityEmbedder embedder = identity::embed;
        detector = ChosenDetector.of(user, fit.reference());
        analyzer =
                new FaceAnalyzer(
                        detector,
                        landmarks,
                        fit,
                        LandmarkNoise.photograph(),
                        Optional.of(embedder));
    }

    /**
     * Opens the face networks of a studio.
     *
     * @param user the user's models, of which the detector counts
     * @throws UserException if the studio has no networks for photographs
     */
    static FaceDoor open(Studio studio, ModelFolder user) throws IOException {
        return open(
                user,
                studio.faces().orElseGet(() -> studio.pack().folder().resolve(FACES)),
                studio.pack().manager());
    }

    private static FaceDoor open(ModelFolder user, Path faces, NDManager manager)
            throws IOException {
        Path file = faces.resolve(FaceNetTraining.PHOTO + ".safetensors");
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "%s has no landmark network for photographs (%s): use the embedded pack's."
                            .formatted(faces, file.getFileName()));
        }
        return new FaceDoor(
                user,
                LandmarkNet.open(file, manager),
                IdentityNet.open(
                        faces.resolve(FaceNetTraining.IDENTITY + ".safetensors"), manager));
    }

    /** What finds the faces, in words. */
    String detector() {
        return detector.name();
    }

    /**
     * Measures a face.
     *
     * @param file where the picture comes from, for complaints
     * @param picture of any size
     * @param face 1 for the largest, 2 for the next
     * @throws UserException if there is no such face in it
     */
    FaceAnalysis read(Path file, Picture picture, int face) {
        try {
            return analyzer.analyze(picture, face);
        } catch (NoFaceException e) {
            throw new UserException(file + ": " + e.getMessage(), e);
        }
    }

    /** How the face world would draw a measured face. */
    static Likeness likeness(FaceAnalysis face) {
        return new SubjectEstimator(Camera.PORTRAIT, Population.photographs(new ProceduralModel()))
                .estimate(face);
    }

    @Override
    public void close() {
        landmarks.close();
        identity.close();
    }
}
