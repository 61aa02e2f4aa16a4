package daumier.faces.world;

import java.util.random.RandomGenerator;

/**
 * A colour with the word that captions use for it.
 *
 * @param word lower-case name
 * @param r red in [0, 1]
 * @param g green in [0, 1]
 * @param b blue in [0, 1]
 */
public record Tint(String word, float r, float g, float b) {
    static Tint of(String word, int rgb) {
        return new Tint(
                word, ((rgb >> 16) & 255) / 255f, ((rgb >> 8) & 255) / 255f, (rgb & 255) / 255f);
    }

    float luma() {
        return 0.3f * r + 0.59f * g + 0.11f * b;
    }

    Tint times(float k) {
        return times(k, k, k);
    }

    Tint times(float kr, float kg, float kb) {
        return new Tint(word, clip(r * kr), clip(g * kg), clip(b * kb));
    }

    Tint plus(float k) {
        return new Tint(word, clip(r + k), clip(g + k), clip(b + k));
    }

    Tint mix(Tint other, float t) {
        return new Tint(word, r + (other.r - r) * t, g + (other.g - g) * t, b + (other.b - b) * t);
    }

    Tint saturated(float s, float gain) {
        float l = luma();
        return new Tint(
                word,
                clip((l + (r - l) * s) * gain),
                clip((l + (g - l) * s) * gain),
                clip((l + (b - l) * s) * gain));
    }

    /** The same name, a slightly different colour: brightness within 5%, each channel by 0.012. */
    Tint jittered(RandomGenerator rng) {
        float k = 0.95f + 0.10f * rng.nextFloat();
        return new Tint(
                word,
                clip(r * k + 0.012f * (float) rng.nextGaussian()),
                clip(g * k + 0.012f * (float) rng.nextGaussian()),
                clip(b * k + 0.012f * (float) rng.nextGaussian()));
    }

    private static float clip(float v) {
        return Math.max(0, Math.min(1, v));
    }
}
