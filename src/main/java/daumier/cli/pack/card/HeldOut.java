package daumier.cli.pack.card;

import daumier.env.caricature.Split;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.Rendering;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.SplittableRandom;

/**
 * People that nothing in the pack was trained on: those of the validation split.
 *
 * @param subject who
 * @param view how they are seen
 */
record HeldOut(Subject subject, View view) {
    /** Portraits turn less than photographs do. */
    private static final float POSE = 0.4f;

    /** Person {@code i}, always the same. */
    static HeldOut person(int i) {
        SplittableRandom random = new SplittableRandom(Split.VALIDATION.seedOf(i));
        Subject subject = Subject.sample(random);
        View view = View.sample(random);
        return new HeldOut(
                subject, view.withPose(POSE * view.yaw(), POSE * view.pitch(), POSE * view.roll()));
    }

    HeldOut exaggerated(double gain) {
        return new HeldOut(subject.exaggerated(gain), view);
    }

    Rendering photograph(FaceRenderer renderer) {
        return renderer.render(subject, view, Look.PHOTO);
    }

    /** As the artist would draw them, with the artist's habits of shape. */
    Rendering drawnBy(FaceRenderer renderer, Artist artist) {
        return renderer.render(artist.characterOf(subject), view, artist);
    }

    String caption() {
        return subject.caption(view, Look.PHOTO);
    }
}
