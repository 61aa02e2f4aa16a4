package daumier.faces.world;

/** Patterns of pen and print over the plane, 0 (paper) to 1 (ink). */
final class Textures {
    private Textures() {}

    /** Diagonal pen strokes: 1 on a stroke of the given share of the period. */
    static float stripe(float x, float y, float period, float share) {
        float p = (x + y + 3 * Noise.smooth(x, y, 30, 9)) / period;
        float d = Math.abs(p - Math.round(p)) * period;
        return clip(share * period * .5f - d + .5f);
    }

    /** Dots on a diagonal grid; a share of 1 nearly closes them. */
    static float dot(float x, float y, float period, float share) {
        float a = (x + y) * .7071f / period;
        float b = (x - y) * .7071f / period;
        float da = a - Math.round(a);
        float db = b - Math.round(b);
        float d = (float) Math.sqrt(da * da + db * db) * period;
        return clip(share * period * .55f - d + .5f);
    }

    private static float clip(float x) {
        return Math.max(0, Math.min(1, x));
    }
}
