package daumier.cli.studio;

import ai.djl.ndarray.NDManager;
import daumier.cli.EmbeddedPack;
import daumier.cli.Torch;
import daumier.cli.UserException;
import daumier.faces.Picture;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Pictures;
import daumier.faces.models.ArcFaceNetwork;
import daumier.faces.models.FaceMeasures;
import daumier.faces.models.FaceReading;
import daumier.faces.models.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The face measures of a command: the user's models and the face networks of a pack. */
public final class MeasuredFaces implements AutoCloseable {
    private final NDManager manager;
    private final FaceMeasures measures;

    private MeasuredFaces(NDManager manager, FaceMeasures measures) {
        this.manager = manager;
        this.measures = measures;
    }

    /**
     * Opens what there is.
     *
     * @param models the user's folder, or null for the usual one
     * @param pack the pack's folder, or null for the embedded one
     * @return the measures
     * @throws UserException if there is nothing that could measure a face, or the named pack cannot
     * @throws IOException if a model cannot be read
     */
    public static MeasuredFaces open(Path models, Path pack) throws IOException {
        ModelFolder user =
                ModelFolder.find(models, System.getenv(), Path.of(System.getProperty("user.home")));
        boolean enough =
                user.landmarks().isPresent()
                        || user.lbf().isPresent()
                        || (user.detector().isPresent() && user.identity().isPresent());
        Optional<Path> faces = faces(pack, enough);
        boolean torch = faces.isPresent() || user.script().isPresent();
        if (torch) {
            Torch.start(Torch.DeviceName.CPU);
            Torch.threads(1, 0);
        }
        NDManager manager = torch ? NDManager.newBaseManager() : null;
        try {
            return new MeasuredFaces(manager, FaceMeasures.open(user, faces, manager));
        } catch (IOException | RuntimeException e) {
            if (manager != null) {
                manager.close();
            }
            throw e;
        }
    }

    /** A named pack must have its networks; the embedded one may be missing if others suffice. */
    private static Optional<Path> faces(Path pack, boolean enough) {
        if (pack == null && enough) {
            try {
                return Optional.of(EmbeddedPack.orElse(null).resolve("faces"))
                        .filter(FaceMeasures::measures);
            } catch (UserException e) {
                return Optional.empty();
            }
        }
        Path folder = EmbeddedPack.orElse(pack);
        Path faces = folder.resolve("faces");
        if (!FaceMeasures.measures(faces)) {
            throw new UserException(
                    "The pack %s has no landmark network for photographs: use the embedded pack."
                            .formatted(folder));
        }
        return Optional.of(faces);
    }

    /**
     * Reads a picture file as the measures want it.
     *
     * @param file any picture
     * @return its pixels, upright
     * @throws IOException if it is missing, no picture or too large
     */
    public static Picture picture(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return Pictures.read(file);
    }

    /** What measures, by part. */
    public Map<String, String> models() {
        return measures.models();
    }

    /** The user's identity network, if there is one. */
    public Optional<ArcFaceNetwork> arcFace() {
        return measures.arcFace();
    }

    /** The fit of the morphable model, if there are landmarks to fit. */
    public Optional<ModelFit> fit() {
        return measures.fit();
    }

    /** What landmarks and model read of known gains on photographs, if that was measured. */
    public Optional<GainCalibration> gains() {
        return measures.gains();
    }

    /**
     * Measures the largest face, if there is one.
     *
     * @param picture any size
     * @return what could be measured
     */
    public Optional<FaceReading> find(Picture picture) {
        try {
            return Optional.of(measures.read(picture, 1));
        } catch (NoFaceException e) {
            return Optional.empty();
        }
    }

    /**
     * Measures one face.
     *
     * @param file where the picture comes from, for complaints
     * @param picture any size
     * @param face 1 for the largest, 2 for the next
     * @return what could be measured
     * @throws UserException if there is no such face in it
     */
    public FaceReading read(Path file, Picture picture, int face) {
        try {
            return measures.read(picture, face);
        } catch (NoFaceException e) {
            throw new UserException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        measures.close();
        if (manager != null) {
            manager.close();
        }
    }
}
