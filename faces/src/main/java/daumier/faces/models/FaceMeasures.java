package daumier.faces.models;

import ai.djl.ndarray.NDManager;
import daumier.faces.Landmarks;
import daumier.faces.MorphableModel;
import daumier.faces.Picture;
import daumier.faces.measure.Camera;
import daumier.faces.measure.Detection;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceAnalyzer;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.IdentityEmbedder;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.NoFaceException;
import daumier.faces.measure.Population;
import daumier.faces.nets.FaceNetTraining;
import daumier.faces.nets.IdentityNet;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures faces with the best of what is there: the user's models first, then the networks of a
 * pack, then the cascades of the OpenCV jar.
 */
public final class FaceMeasures implements AutoCloseable {
    private final ChosenDetector detector;
    private final Optional<FaceAnalyzer> analyzer;
    private final Optional<ArcFaceNetwork> arcFace;
    private final Optional<ModelFit> fit;
    private final Optional<GainCalibration> gains;
    private final Map<String, String> models;
    private final List<AutoCloseable> open;

    private FaceMeasures(
            ChosenDetector detector,
            Optional<FaceAnalyzer> analyzer,
            Optional<ArcFaceNetwork> arcFace,
            Optional<ModelFit> fit,
            Optional<GainCalibration> gains,
            Map<String, String> models,
            List<AutoCloseable> open) {
        this.detector = detector;
        this.analyzer = analyzer;
        this.arcFace = arcFace;
        this.fit = fit;
        this.gains = gains;
        this.models = models;
        this.open = open;
    }

    /**
     * Opens what there is.
     *
     * @param user the user's models
     * @param pack a pack's folder of face networks, if there is one
     * @param manager what the pack's networks and TorchScript live under, null without them
     * @return the measures
     * @throws IOException if a model cannot be read
     */
    public static FaceMeasures open(ModelFolder user, Optional<Path> pack, NDManager manager)
            throws IOException {
        Map<String, String> models = new LinkedHashMap<>();
        List<AutoCloseable> open = new ArrayList<>();
        ProceduralModel world = new ProceduralModel();
        Landmarks reference = new ModelFit(world, Camera.PORTRAIT).reference();
        ChosenDetector detector = ChosenDetector.of(user, reference);
        models.put("detector", detector.name());
        Optional<LandmarkLocator> locator = locator(user, pack, manager, reference, models, open);
        Optional<ArcFaceNetwork> arcFace = Optional.empty();
        Optional<IdentityEmbedder> embedder = Optional.empty();
        Optional<Path> embedded = file(pack, FaceNetTraining.IDENTITY);
        if (user.identity().isPresent()) {
            arcFace = Optional.of(ArcFaceNetwork.open(user.identity().get()));
            models.put("identity", "ArcFace family, " + arcFace.get().name());
        } else if (user.script().isPresent() && locator.isPresent() && manager != null) {
            ScriptIdentity net = ScriptIdentity.open(user.script().get(), manager, reference);
            open.add(net);
            embedder = Optional.of(net);
            models.put("identity", "ArcFace family in TorchScript, " + net.name());
        } else if (embedded.isPresent() && locator.isPresent()) {
            IdentityNet net = IdentityNet.open(embedded.get(), manager);
            open.add(net);
            embedder = Optional.of(net::embed);
            models.put("identity", "embedded, " + FaceNetTraining.IDENTITY);
        }
        Optional<FaceAnalyzer> analyzer = Optional.empty();
        Optional<ModelFit> fit = Optional.empty();
        if (locator.isPresent()) {
            MorphableModel heads;
            if (user.morphable().isPresent()) {
                LandmarkModel model = LandmarkModel.open(user.morphable().get());
                heads = heads(model, world, user.morphable().get());
                models.put("morphable", model.name());
            } else {
                heads = Population.photographs(world).in(world);
                models.put("morphable", "procedural, population of photographs");
            }
            fit = Optional.of(new ModelFit(heads, Camera.PORTRAIT));
            analyzer =
                    Optional.of(
                            new FaceAnalyzer(
                                    detector,
                                    locator.get(),
                                    fit.get(),
                                    LandmarkNoise.photograph(),
                                    embedder));
        }
        Optional<GainCalibration> gains = gains(user, pack);
        return new FaceMeasures(detector, analyzer, arcFace, fit, gains, models, open);
    }

    /** Measured with the pack's landmarks and the heads of the face world, and only good there. */
    private static Optional<GainCalibration> gains(ModelFolder user, Optional<Path> pack)
            throws IOException {
        Optional<Path> network = file(pack, FaceNetTraining.PHOTO);
        boolean own =
                user.landmarks().isPresent()
                        || user.lbf().isPresent()
                        || user.morphable().isPresent();
        return own || network.isEmpty() ? Optional.empty() : NetworkGains.beside(network.get());
    }

    private static MorphableModel heads(LandmarkModel model, ProceduralModel like, Path file)
            throws IOException {
        try {
            return new LinearHeads(model, like);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<LandmarkLocator> locator(
            ModelFolder user,
            Optional<Path> pack,
            NDManager manager,
            Landmarks reference,
            Map<String, String> models,
            List<AutoCloseable> open)
            throws IOException {
        if (user.landmarks().isPresent()) {
            OnnxLandmarks network = OnnxLandmarks.open(user.landmarks().get(), reference);
            models.put("landmarks", "68-point network, " + network.name());
            return Optional.of(network);
        }
        if (user.lbf().isPresent()) {
            LbfLandmarks trees = LbfLandmarks.open(user.lbf().get(), reference);
            models.put("landmarks", "Facemark LBF, " + trees.name());
            return Optional.of(trees);
        }
        Optional<Path> embedded = file(pack, FaceNetTraining.PHOTO);
        if (embedded.isPresent()) {
            LandmarkNet net = LandmarkNet.open(embedded.get(), manager);
            open.add(net);
            models.put("landmarks", "embedded, " + FaceNetTraining.PHOTO);
            return Optional.of(net);
        }
        return Optional.empty();
    }

    private static Optional<Path> file(Optional<Path> pack, String name) {
        return pack.map(p -> p.resolve(name + ".safetensors")).filter(Files::isRegularFile);
    }

    /**
     * Whether a pack's folder of face networks has one that finds landmarks.
     *
     * @param faces the folder
     * @return true if it can measure photographs
     */
    public static boolean measures(Path faces) {
        return file(Optional.of(faces), FaceNetTraining.PHOTO).isPresent();
    }

    /**
     * What measures, by {@code detector}, {@code landmarks}, {@code identity}, {@code morphable}.
     */
    public Map<String, String> models() {
        return Map.copyOf(models);
    }

    /** Whether there is something that finds landmarks. */
    public boolean findsLandmarks() {
        return analyzer.isPresent();
    }

    /** The fit of the morphable model, if there are landmarks to fit. */
    public Optional<ModelFit> fit() {
        return fit;
    }

    /**
     * What the landmarks and the model read of known gains on photographs; empty where that was not
     * measured, as for models of the user's own.
     */
    public Optional<GainCalibration> gains() {
        return gains;
    }

    /** The user's identity network, if there is one. */
    public Optional<ArcFaceNetwork> arcFace() {
        return arcFace;
    }

    /**
     * Measures one face.
     *
     * @param picture any size
     * @param face 1 for the largest, 2 for the next, ...
     * @return what could be measured
     * @throws NoFaceException if there is no such face
     */
    public FaceReading read(Picture picture, int face) {
        if (analyzer.isEmpty()) {
            return withoutLandmarks(picture, face, detector.detect(picture));
        }
        FaceAnalysis a;
        try {
            a = analyzer.get().analyze(picture, face);
        } catch (NoFaceException e) {
            List<Detection> found = detector.detect(picture);
            // Landmarks that wander are no reason to keep back what the detector marked.
            if (found.size() < face || found.get(face - 1).seen().isEmpty() || arcFace.isEmpty()) {
                throw e;
            }
            return withoutLandmarks(picture, face, found);
        }
        FivePoints points =
                a.detection()
                        .flatMap(Detection::seen)
                        .map(Detection.Seen::points)
                        .filter(p -> detector.marksPoints())
                        .orElseGet(() -> FivePoints.of(a.landmarksInPicture()));
        Optional<float[]> identity =
                arcFace.isPresent() ? arcFace.map(n -> n.embed(picture, points)) : a.embedding();
        return new FaceReading(picture, a.faces(), a.detection(), points, Optional.of(a), identity);
    }

    private FaceReading withoutLandmarks(Picture picture, int face, List<Detection> found) {
        if (face < 1 || face > found.size()) {
            throw new NoFaceException(
                    found.isEmpty()
                            ? "There is no face in the picture; give a frontal portrait that shows one."
                            : "There is no face %d in the picture: %d found; choose a number from 1 to %d."
                                    .formatted(face, found.size(), found.size()));
        }
        Detection box = found.get(face - 1);
        FivePoints points =
                box.seen()
                        .map(Detection.Seen::points)
                        .orElseThrow(
                                () ->
                                        new NoFaceException(
                                                "The face cannot be measured without landmarks;"
                                                        + " give YuNet or a landmark network."));
        return new FaceReading(
                picture,
                found.size(),
                Optional.of(box),
                points,
                Optional.empty(),
                arcFace.map(n -> n.embed(picture, points)));
    }

    @Override
    public void close() {
        for (AutoCloseable c : open) {
            try {
                c.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("A face network could not be closed.", e);
            }
        }
    }
}
