package daumier.env.caricature;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Photographs of the person of an episode, which all networks get to know them by.
 *
 * @param spec whose
 * @param pictures the first in the view that is drawn
 * @param known where the landmarks of the first truly are
 */
record Photographs(EpisodeSpec spec, List<Picture> pictures, Landmarks known) {
    /** Turns of the head, in radians, beside the view that is drawn. */
    private static final float[] TURNS = {0, -0.12f, 0.12f};

    /**
     * Takes those of several episodes.
     *
     * @param real whether a real photograph, where an episode has one, takes the place of the face
     *     world's: drawings that begin with it are like it, not like what was measured in it
     */
    static List<Photographs> take(List<EpisodeSpec> specs, Renderers renderers, boolean real) {
        int each = TURNS.length;
        Picture[] pictures = new Picture[specs.size() * each];
        IntStream.range(0, pictures.length)
                .parallel()
                .forEach(k -> pictures[k] = take(specs.get(k / each), TURNS[k % each], renderers));
        List<Photographs> all = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            EpisodeSpec spec = specs.get(i);
            List<Picture> rendered = Arrays.asList(pictures).subList(i * each, (i + 1) * each);
            all.add(
                    new Photographs(
                            spec,
                            real ? real(spec).map(List::of).orElse(rendered) : rendered,
                            renderers.use(r -> r.landmarks(spec.subject(), spec.view()))));
        }
        return all;
    }

    private static Optional<Picture> real(EpisodeSpec spec) {
        return spec.photograph().map(p -> Pictures.resize(p, FaceRenderer.SIDE, FaceRenderer.SIDE));
    }

    private static Picture take(EpisodeSpec spec, float turn, Renderers renderers) {
        View view =
                spec.view()
                        .withPose(
                                spec.view().yaw() + turn, spec.view().pitch(), spec.view().roll());
        return renderers.use(r -> r.render(spec.subject(), view, Look.PHOTO).picture());
    }
}
