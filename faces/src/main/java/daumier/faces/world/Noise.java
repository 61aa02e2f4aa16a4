package daumier.faces.world;

/** Repeatable noise over the plane. */
final class Noise {
    private Noise() {}

    /** White noise in [-1, 1] of a place and a seed. */
    static float at(int x, int y, int seed) {
        int h = x * 0x27d4eb2d ^ y * 0x165667b1 ^ seed * 0x9e3779b1;
        h = (h ^ (h >>> 15)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        h ^= h >>> 16;
        return h * 4.656613e-10f;
    }

    /** Smooth noise in [-1, 1] with features of about {@code period} pixels. */
    static float smooth(float x, float y, float period, int seed) {
        float u = x / period;
        float v = y / period;
        int i = (int) Math.floor(u);
        int j = (int) Math.floor(v);
        u -= i;
        v -= j;
        u = u * u * (3 - 2 * u);
        v = v * v * (3 - 2 * v);
        float a = at(i, j, seed) * (1 - u) + at(i + 1, j, seed) * u;
        float b = at(i, j + 1, seed) * (1 - u) + at(i + 1, j + 1, seed) * u;
        return a * (1 - v) + b * v;
    }
}
