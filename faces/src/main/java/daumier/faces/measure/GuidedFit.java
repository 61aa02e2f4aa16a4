package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Landmarks and shape of a portrait, found in turns: what the locator sees is fitted by the
 * morphable model, and where the fitted face has its points the locator looks again, so that brows
 * are not sought on a wrinkled forehead nor a chin in the collar. A locator that cannot be led
 * looks once.
 */
public final class GuidedFit {
    /**
     * Of the distance between what a led locator sees and the fitted face, how much is believed.
     * What the model cannot say of a face lies in it, and the locator's error.
     */
    private static final double BELIEVED = 0.25;

    private final LandmarkLocator locator;
    private final ModelFit fit;
    private final LandmarkNoise noise;

    /**
     * A fit that leads the eye; as thread-safe as the locator.
     *
     * @param locator finds landmarks in portraits
     * @param fit fits the morphable model
     * @param noise uncertainty of the locator's landmarks
     */
    public GuidedFit(LandmarkLocator locator, ModelFit fit, LandmarkNoise noise) {
        this.locator = locator;
        this.fit = fit;
        this.noise = noise;
    }

    /**
     * What was seen of a face.
     *
     * @param geometry the fit, with the landmarks that are believed
     * @param spread rms distance in pixels between the landmarks of different views; 0 of one view
     */
    public record Seen(FaceGeometry geometry, double spread) {}

    /**
     * Looks at a portrait once, led by nothing.
     *
     * @param portrait 128 x 128 pixels
     * @param prior what is known of the pose
     * @return the fit of what was seen, with the landmarks as they were seen
     */
    public FaceGeometry glance(Picture portrait, PosePrior prior) {
        return fit.fit(locator.locate(portrait), noise, prior);
    }

    /**
     * Looks at a portrait, and again where the fit has its landmarks.
     *
     * @param portrait 128 x 128 pixels
     * @param prior what is known of the pose
     * @return what was seen
     */
    public FaceGeometry look(Picture portrait, PosePrior prior) {
        FaceGeometry first = glance(portrait, prior);
        List<Similarity> here = List.of(new Similarity(1, 0, 0, 0));
        return led(List.of(portrait), here, modelled(first), prior)
                .map(Seen::geometry)
                .orElse(first);
    }

    /**
     * Looks at several views of one face, whose landmarks are averaged.
     *
     * @param views 128 x 128 pixels each
     * @param places for each view, where a point of the portrait frame lies in it
     * @param expected where the landmarks are about, in the portrait frame
     * @param prior what is known of the pose
     * @return what was seen, in the portrait frame
     */
    public Seen look(
            List<Picture> views, List<Similarity> places, Landmarks expected, PosePrior prior) {
        return led(views, places, expected, prior)
                .orElseGet(
                        () -> {
                            Mean seen = mean(locator.locate(views), places);
                            return new Seen(fit.fit(seen.landmarks(), noise, prior), seen.spread());
                        });
    }

    /**
     * How far apart the landmarks of several views lie that nothing led: a led eye finds a face
     * everywhere, one that is not led agrees with itself on faces only.
     *
     * @param views 128 x 128 pixels each
     * @param places for each view, where a point of the portrait frame lies in it
     * @return rms distance in pixels of the portrait frame
     */
    public double spread(List<Picture> views, List<Similarity> places) {
        return mean(locator.locate(views), places).spread();
    }

    /**
     * Where the fitted face has its landmarks.
     *
     * @param geometry a fit
     * @return 68 points in the frame of the fit
     */
    public Landmarks modelled(FaceGeometry geometry) {
        return fit.project(geometry.pose(), geometry.identity(), geometry.expression());
    }

    private Optional<Seen> led(
            List<Picture> views, List<Similarity> places, Landmarks expected, PosePrior prior) {
        return locator.again(views, places.stream().map(p -> p.apply(expected)).toList())
                .map(
                        seen -> {
                            Mean mean = mean(seen, places);
                            FaceGeometry geometry = fit.fit(mean.landmarks(), noise, prior);
                            Landmarks believed = between(modelled(geometry), mean.landmarks());
                            return new Seen(geometry.withLandmarks(believed), mean.spread());
                        });
    }

    private static Landmarks between(Landmarks modelled, Landmarks seen) {
        float[] xy = modelled.xy().clone();
        for (int i = 0; i < xy.length; i++) {
            xy[i] += (float) (BELIEVED * (seen.xy()[i] - xy[i]));
        }
        return new Landmarks(xy);
    }

    private record Mean(Landmarks landmarks, double spread) {}

    private static Mean mean(List<Landmarks> seen, List<Similarity> places) {
        double[] mean = new double[2 * Landmarks.COUNT];
        List<Landmarks> all = new ArrayList<>();
        for (int v = 0; v < places.size(); v++) {
            Landmarks back = places.get(v).inverse().apply(seen.get(v));
            all.add(back);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += back.xy()[i] / places.size();
            }
        }
        float[] xy = new float[mean.length];
        double square = 0;
        for (int i = 0; i < mean.length; i++) {
            xy[i] = (float) mean[i];
            for (Landmarks l : all) {
                square += (l.xy()[i] - mean[i]) * (l.xy()[i] - mean[i]);
            }
        }
        int others = Math.max(1, places.size() - 1);
        return new Mean(new Landmarks(xy), Math.sqrt(square / Landmarks.COUNT / others));
    }
}
