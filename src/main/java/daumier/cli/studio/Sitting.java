package daumier.cli.studio;

import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Studio;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.Likeness;
import daumier.faces.nets.MeterTargets;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Somebody who sits for a caricature.
 *
 * @param name for file names
 * @param subject who
 * @param view how they look at us
 * @param seen landmarks of the person in the portrait frame: the photographed ones, or the drawn
 * @param photo the part of the photograph that the portrait shows, if there is one
 * @param detector what found the face in the photograph, if there is one
 */
record Sitting(
        String name,
        Subject subject,
        View view,
        Landmarks seen,
        Optional<Picture> photo,
        Optional<String> detector) {
    /** As large as the pictures of Stable Diffusion 1.x. */
    private static final int PHOTO_SIDE = 512;

    private static final float POSE = 0.4f;

    /**
     * Somebody photographed.
     *
     * @param detector what found the face, in words
     */
    static Sitting of(String name, FaceAnalysis face, String detector) {
        Likeness likeness = FaceDoor.likeness(face);
        return new Sitting(
                name,
                likeness.subject(),
                likeness.view(),
                face.geometry().landmarks(),
                Optional.of(face.alignment().crop(face.picture(), PHOTO_SIDE)),
                Optional.of(detector));
    }

    /** Somebody of the face world: the same seed is the same person in the same view. */
    static Sitting procedural(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Subject subject = Subject.sample(random);
        View any = View.sample(random);
        View view = any.withPose(POSE * any.yaw(), POSE * any.pitch(), POSE * any.roll());
        return new Sitting(
                "face-" + seed,
                subject,
                view,
                new FaceRenderer().landmarks(subject, view),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The drawing that is asked for.
     *
     * @param artist decides where the user wants artists to, if there is one
     * @param strength factor on all gains
     * @param style name of an artist's LoRA of the studio
     * @param prompt words, or null for those that describe the person
     * @param seed of the noise
     */
    EpisodeSpec episode(
            Studio studio,
            Intent intent,
            Optional<ArtistGains> artist,
            double strength,
            String style,
            String prompt,
            long seed) {
        MeterTarget target =
                MeterTargets.of(
                        new ProceduralModel(), subject, view, studio.nets().meter().medianLength());
        return new EpisodeSpec(
                        subject,
                        view,
                        artist.isPresent()
                                ? intent.of(artist.get().of(target, seen), strength)
                                : intent.of(target, studio.nets().meter().trusted(), strength),
                        style,
                        prompt == null ? studio.prompt(subject, view, style) : prompt,
                        seed)
                .withPhotograph(photo);
    }

    /** The person as the face world draws them. */
    Picture likeness() {
        return new FaceRenderer().render(subject, view, Look.PHOTO).picture();
    }
}
