package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.List;
import java.util.Optional;

/**
 * From a picture to everything that is measured of a face. The detector's box gives a rough
 * portrait; landmarks found in it straighten and centre the frame; landmarks found in the better
 * portrait are fitted by the morphable model, whose pose sets the frame once more; there a few
 * slightly shifted views of it are averaged, sought where the fitted face has them. Until the frame
 * stands, one look is enough.
 */
public final class FaceAnalyzer {
    /** Sizes, turns and shifts of the views that landmarks are averaged over. */
    private static final List<Similarity> PLACES =
            List.of(place(1, 0, 0, 0), place(1.04, 0.04, 2, 1), place(0.96, -0.04, -2, -1));

    /** Landmarks that differ by more than this between views of one face show no face. */
    private static final double MAX_SPREAD = 6;

    private static final double MIN_PLAUSIBILITY = 0.2;

    private final FaceDetector detector;
    private final LandmarkLocator locator;
    private final ModelFit fit;
    private final LandmarkNoise noise;
    private final GuidedFit guided;
    private final Optional<IdentityEmbedder> embedder;
    private final Plausibility plausibility;
    private final Landmarks reference;

    /**
     * An analyzer; as thread-safe as its parts.
     *
     * @param detector finds faces
     * @param locator finds landmarks in portraits
     * @param fit fits the morphable model
     * @param noise uncertainty of the locator's landmarks
     * @param embedder identity network, if there is one
     */
    public FaceAnalyzer(
            FaceDetector detector,
            LandmarkLocator locator,
            ModelFit fit,
            LandmarkNoise noise,
            Optional<IdentityEmbedder> embedder) {
        this.detector = detector;
        this.locator = locator;
        this.fit = fit;
        this.noise = noise;
        guided = new GuidedFit(locator, fit, noise);
        this.embedder = embedder;
        plausibility = new Plausibility(fit);
        reference = fit.reference();
    }

    /**
     * Measures the largest face.
     *
     * @param picture any size
     * @return the measures
     * @throws NoFaceException if there is no face that can be measured
     */
    public FaceAnalysis analyze(Picture picture) {
        return analyze(picture, 1);
    }

    /**
     * Measures one of several faces.
     *
     * @param picture any size
     * @param face 1 for the largest, 2 for the next, ...
     * @return the measures
     * @throws NoFaceException if there is no such face
     */
    public FaceAnalysis analyze(Picture picture, int face) {
        List<Detection> found = detector.detect(picture);
        if (face < 1 || (face > found.size() && face > 1)) {
            throw new NoFaceException(
                    "There is no face %d in the picture: %d found; choose a number from 1 to %d."
                            .formatted(face, found.size(), Math.max(1, found.size())));
        }
        if (found.isEmpty()) {
            // Drawings often escape the cascades; most of them are portraits already.
            return framed(picture);
        }
        Detection box = found.get(face - 1);
        // Eyes, nose and mouth set the frame well enough; a box alone needs a look first.
        Alignment better =
                box.seen()
                        .map(s -> Alignment.of(s.points(), reference))
                        .orElseGet(() -> straightened(picture, Alignment.of(box, reference)));
        FaceAnalysis a = measure(picture, Optional.of(box), found.size(), better);
        // A detector that saw eyes, nose and mouth has vouched for a face; a bare box has not.
        double spread = box.seen().isPresent() ? a.landmarkSpread() : unled(picture, a);
        if (spread > MAX_SPREAD || a.plausibility().total() < MIN_PLAUSIBILITY) {
            throw new NoFaceException(
                    "No face in the picture could be measured; give a sharp, frontal portrait.");
        }
        return a;
    }

    private Alignment straightened(Picture picture, Alignment rough) {
        Landmarks first = locator.locate(rough.crop(picture));
        return Alignment.of(rough.toPicture(first), reference);
    }

    /**
     * Measures a portrait that already lies in the portrait frame, as the face world and the
     * generators draw it: no detection, one look, the frame stays.
     *
     * @param portrait 128 x 128 pixels
     * @return the measures; look at {@link FaceAnalysis#plausibility()} before trusting them
     */
    public FaceAnalysis analyzePortrait(Picture portrait) {
        Landmarks points = locator.locate(portrait);
        FaceGeometry geometry = fit.fit(points, noise, PosePrior.PORTRAIT);
        return new FaceAnalysis(
                portrait,
                Optional.empty(),
                1,
                Alignment.identity(),
                portrait,
                geometry,
                0,
                embedder.map(e -> e.embed(portrait)),
                plausibility.score(geometry),
                fit.project(geometry.pose(), geometry.identity(), geometry.expression()));
    }

    private FaceAnalysis framed(Picture picture) {
        double ratio = (double) picture.width() / picture.height();
        if (ratio > 0.8 && ratio < 1.25 && Math.min(picture.width(), picture.height()) >= 64) {
            double f = (double) Alignment.SIZE / Math.max(picture.width(), picture.height());
            Similarity whole =
                    new Similarity(
                            f,
                            0,
                            (Alignment.SIZE - 1) / 2.0 - f * (picture.width() - 1) / 2.0,
                            (Alignment.SIZE - 1) / 2.0 - f * (picture.height() - 1) / 2.0);
            FaceAnalysis a = measure(picture, Optional.empty(), 0, new Alignment(whole));
            // Without a detector's word the landmarks must follow the frame closely.
            if (a.landmarkSpread() < MAX_SPREAD / 3
                    && unled(picture, a) < MAX_SPREAD / 3
                    && a.plausibility().total() > 0.6) {
                return a;
            }
        }
        throw new NoFaceException(
                "There is no face in the picture; give a frontal portrait that shows one.");
    }

    private FaceAnalysis measure(
            Picture picture, Optional<Detection> box, int faces, Alignment start) {
        FaceGeometry once = guided.glance(start.crop(picture), PosePrior.PHOTO);
        Alignment alignment = start.refined(once.pose(), fit.camera());
        Landmarks expected = alignment.toPortrait(start.toPicture(guided.modelled(once)));
        GuidedFit.Seen seen =
                guided.look(views(picture, alignment), PLACES, expected, PosePrior.PHOTO);
        FaceGeometry geometry = seen.geometry();
        Picture portrait = alignment.crop(picture);
        return new FaceAnalysis(
                picture,
                box,
                faces,
                alignment,
                portrait,
                geometry,
                seen.spread(),
                embedder.map(e -> e.embed(portrait)),
                plausibility.score(geometry),
                guided.modelled(geometry));
    }

    private double unled(Picture picture, FaceAnalysis found) {
        return guided.spread(views(picture, found.alignment()), PLACES);
    }

    private static List<Picture> views(Picture picture, Alignment alignment) {
        return PLACES.stream()
                .map(place -> new Alignment(alignment.toPortrait().then(place)).crop(picture))
                .toList();
    }

    private static Similarity place(double size, double turn, double x, double y) {
        double a = size * Math.cos(turn);
        double b = size * Math.sin(turn);
        double c = (Alignment.SIZE - 1) / 2.0;
        return new Similarity(a, b, c - a * c + b * c + x, c - b * c - a * c + y);
    }
}
