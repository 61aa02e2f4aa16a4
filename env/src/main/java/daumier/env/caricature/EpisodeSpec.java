package daumier.env.caricature;

import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.world.Artist;
import daumier.faces.world.Look;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be drawn: everything about an episode that no policy decides.
 *
 * @param subject who
 * @param view in which pose, light and expression
 * @param intent wanted gain for each of {@link MeterTarget#REGIONS}, -1 to 2.5; 0 leaves a region
 *     alone, and at least one is not 0
 * @param lora name of the style LoRA, one of the studio's
 * @param prompt the words
 * @param noiseSeed of the first latents
 * @param adapterScale how strictly the geometry map is followed, 0 to 2: diffusers' {@code
 *     adapter_conditioning_scale}; 1 as the adapter was trained. Without an adapter it does nothing
 * @param photograph the person in the portrait frame, square, of any size; without one the face
 *     world's own rendering stands in where a photograph is needed
 */
public record EpisodeSpec(
        Subject subject,
        View view,
        double[] intent,
        String lora,
        String prompt,
        long noiseSeed,
        double adapterScale,
        Optional<Picture> photograph) {
    /** Checks the intent and the scale. */
    public EpisodeSpec {
        if (!(adapterScale >= 0 && adapterScale <= 2)) {
            throw new IllegalArgumentException(
                    "The adapter's scale lies between 0 and 2, but %s was asked for."
                            .formatted(adapterScale));
        }
        if (intent.length != MeterTarget.REGIONS.size()) {
            throw new IllegalArgumentException(
                    "An intent has %d gains, not %d."
                            .formatted(MeterTarget.REGIONS.size(), intent.length));
        }
        boolean any = false;
        for (double gain : intent) {
            if (!(gain >= -1 && gain <= 2.5)) {
                throw new IllegalArgumentException(
                        "A wanted gain lies between -1 and 2.5, but " + gain + " was asked for.");
            }
            any |= gain != 0;
        }
        if (!any) {
            throw new IllegalArgumentException(
                    "An intent needs at least one region with a gain that is not 0.");
        }
        intent = intent.clone();
    }

    /** An episode whose map is followed as the adapter was trained. */
    public EpisodeSpec(
            Subject subject,
            View view,
            double[] intent,
            String lora,
            String prompt,
            long noiseSeed) {
        this(subject, view, intent, lora, prompt, noiseSeed, 1, Optional.empty());
    }

    /** An episode with the words that {@link #prompt(Subject, View, String)} finds. */
    public static EpisodeSpec of(
            Subject subject, View view, double[] intent, String lora, long noiseSeed) {
        String prompt = prompt(subject, view, lora);
        return new EpisodeSpec(subject, view, intent, lora, prompt, noiseSeed);
    }

    /** The words for a subject in an artist's look: the LoRA's name is its trigger. */
    public static String prompt(Subject subject, View view, String lora) {
        for (Artist artist : Artist.all()) {
            if (artist.word().equals(lora)) {
                return subject.caption(view, artist);
            }
        }
        return subject.caption(view, Look.PHOTO);
    }

    /** The same episode with another intent. */
    public EpisodeSpec withIntent(double[] other) {
        return new EpisodeSpec(
                subject, view, other, lora, prompt, noiseSeed, adapterScale, photograph);
    }

    /** The same episode from other noise. */
    public EpisodeSpec withNoiseSeed(long other) {
        return new EpisodeSpec(
                subject, view, intent, lora, prompt, other, adapterScale, photograph);
    }

    /** The same episode, the map followed more or less strictly. */
    public EpisodeSpec withAdapterScale(double other) {
        return new EpisodeSpec(subject, view, intent, lora, prompt, noiseSeed, other, photograph);
    }

    /** The same episode of somebody who was photographed. */
    public EpisodeSpec withPhotograph(Optional<Picture> other) {
        return new EpisodeSpec(subject, view, intent, lora, prompt, noiseSeed, adapterScale, other);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EpisodeSpec other
                && Arrays.equals(intent, other.intent)
                && lora.equals(other.lora)
                && prompt.equals(other.prompt)
                && noiseSeed == other.noiseSeed
                && adapterScale == other.adapterScale
                && Arrays.equals(pixels(), other.pixels())
                && Arrays.equals(subject.shape(), other.subject.shape())
                && subject.equals(other.subject.withShape(subject.shape()))
                && Arrays.equals(view.expression(), other.view.expression())
                && view.equals(other.view.withExpression(view.expression()));
    }

    private byte[] pixels() {
        return photograph.map(Picture::rgb).orElse(null);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(intent), lora, prompt, noiseSeed, adapterScale);
    }
}
