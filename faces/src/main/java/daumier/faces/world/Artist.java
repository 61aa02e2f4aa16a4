package daumier.faces.world;

import java.util.List;

/**
 * A cartoonist: habits of shape, a palette and a hand. Rendering with an artist changes palette and
 * line only; {@link #characterOf} bends the shape as this artist bends everybody.
 *
 * @param word the artist's name, one lower-case word
 * @param habit shift of each identity coefficient
 * @param saturation factor on the distance from grey
 * @param gain factor on brightness
 * @param tint colour that everything leans to
 * @param tintAmount how far, 0 to 1
 * @param ink colour of the lines
 * @param lineWidth width of the outlines in pixels of the 256-pixel drawing
 * @param shading how shadows are laid
 */
public record Artist(
        String word,
        float[] habit,
        float saturation,
        float gain,
        Tint tint,
        float tintAmount,
        Tint ink,
        float lineWidth,
        Shading shading)
        implements Look {

    /** How much of a subject's own shape an artist keeps. */
    public static final float KEEP = 0.6f;

    /** Ways of laying shadows. */
    public enum Shading {
        /** One hard edge between light and shadow. */
        CEL,
        /** No shadows on the face. */
        FLAT,
        /** Parallel pen strokes. */
        HATCH,
        /** Soft watercolour with blooms. */
        WASH,
        /** Printed dots. */
        DOTS
    }

    /** The subject as this artist draws it: {@code softClip(0.6 shape + habit)}. */
    public Subject characterOf(Subject subject) {
        return subject.withShape(Shapes.bent(subject.shape(), KEEP, habit));
    }

    /** All artists, in a fixed order. */
    public static List<Artist> all() {
        return Artists.ALL;
    }

    /** The colour as it comes out of this artist's paint box. */
    Tint paint(Tint c) {
        Tint s = c.saturated(saturation, gain);
        float l = 0.25f + 0.75f * s.luma();
        return s.mix(tint.times(l), tintAmount);
    }
}
