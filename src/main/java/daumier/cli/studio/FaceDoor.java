package daumier.cli.studio;

import ai.djl.ndarray.NDManager;
import daumier.cli.UserException;
import daumier.env.caricature.Studio;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceAnalyzer;
import daumier.faces.measure.HaarDetector;
import daumier.faces.measure.IdentityEmbedder;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.Likeness;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Population;
import daumier.faces.measure.SubjectEstimator;
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
    /** Of the landmark network on photographs, in portrait pixels; the fit widens it as needed. */
    private static final double LANDMARK_NOISE = 1.2;

    private static final String FACES = "faces";

    private final LandmarkNet landmarks;
    private final IdentityNet identity;
    private final FaceAnalyzer analyzer;

    private FaceDoor(LandmarkNet landmarks, IdentityNet identity) throws IOException {
        this.landmarks = landmarks;
        this.identity = identity;
        ProceduralModel world = new ProceduralModel();
        // Distinctive is what sets a person apart from others, not photographs from drawings.
        ModelFit fit = new ModelFit(Population.photographs(world).in(world), Camera.PORTRAIT);
        IdentityEmbedder embedder = identity::embed;
        analyzer =
                new FaceAnalyzer(
                        new HaarDetector(),
                        landmarks::locate,
                        fit,
                        LandmarkNoise.isotropic(LANDMARK_NOISE),
                        Optional.of(embedder));
    }

    /**
     * Opens the face networks of a studio.
     *
     * @throws UserException if it has none for photographs
     */
    static FaceDoor open(Studio studio) throws IOException {
        return open(
                studio.faces().orElseGet(() -> studio.pack().folder().resolve(FACES)),
                studio.pack().manager());
    }

    private static FaceDoor open(Path faces, NDManager manager) throws IOException {
        Path file = faces.resolve(FaceNetTraining.PHOTO + ".safetensors");
        if (!Files.isRegularFile(file)) {
            throw new UserException(
                    "%s has no landmark network for photographs (%s): use the embedded pack's."
                            .formatted(faces, file.getFileName()));
        }
        return new FaceDoor(
                LandmarkNet.open(file, manager),
                IdentityNet.open(
                        faces.resolve(FaceNetTraining.IDENTITY + ".safetensors"), manager));
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
