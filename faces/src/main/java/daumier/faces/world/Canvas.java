package daumier.faces.world;

import daumier.faces.Picture;

/** A square RGB picture of floats in [0, 1] that masks are painted on. */
final class Canvas {
    /** A colour that depends on the place. */
    @FunctionalInterface
    interface Shader {
        /** Writes red, green and blue of pixel (x, y). */
        void shade(int x, int y, float[] rgb);
    }

    final int size;
    private final float[] rgb;

    Canvas(int size) {
        this.size = size;
        this.rgb = new float[3 * size * size];
    }

    void fill(Shader shader) {
        float[] c = new float[3];
        for (int y = 0, at = 0; y < size; y++) {
            for (int x = 0; x < size; x++, at += 3) {
                shader.shade(x, y, c);
                rgb[at] = c[0];
                rgb[at + 1] = c[1];
                rgb[at + 2] = c[2];
            }
        }
    }

    void paint(Mask m, float opacity, Tint t) {
        for (int y = 0; y < m.h(); y++) {
            int at = 3 * ((y + m.y0()) * size + m.x0());
            int o = y * m.w();
            for (int x = 0; x < m.w(); x++, at += 3) {
                float a = m.v()[o + x] * opacity;
                if (a > 0.003f) {
                    rgb[at] += a * (t.r() - rgb[at]);
                    rgb[at + 1] += a * (t.g() - rgb[at + 1]);
                    rgb[at + 2] += a * (t.b() - rgb[at + 2]);
                }
            }
        }
    }

    void paint(Mask m, float opacity, Shader shader) {
        float[] c = new float[3];
        for (int y = 0; y < m.h(); y++) {
            int at = 3 * ((y + m.y0()) * size + m.x0());
            int o = y * m.w();
            for (int x = 0; x < m.w(); x++, at += 3) {
                float a = m.v()[o + x] * opacity;
                if (a > 0.003f) {
                    shader.shade(x + m.x0(), y + m.y0(), c);
                    rgb[at] += a * (c[0] - rgb[at]);
                    rgb[at + 1] += a * (c[1] - rgb[at + 1]);
                    rgb[at + 2] += a * (c[2] - rgb[at + 2]);
                }
            }
        }
    }

    /** Multiplies what is there: {@code rgb *= 1 - opacity m (1 - t)}. */
    void multiply(Mask m, float opacity, Tint t) {
        for (int y = 0; y < m.h(); y++) {
            int at = 3 * ((y + m.y0()) * size + m.x0());
            int o = y * m.w();
            for (int x = 0; x < m.w(); x++, at += 3) {
                float a = m.v()[o + x] * opacity;
                if (a > 0.003f) {
                    rgb[at] *= 1 - a * (1 - t.r());
                    rgb[at + 1] *= 1 - a * (1 - t.g());
                    rgb[at + 2] *= 1 - a * (1 - t.b());
                }
            }
        }
    }

    /** The average of 2 x 2 pixels, times a gain, plus grain. */
    Picture halved(float gain, float grain, int seed) {
        int n = size / 2;
        byte[] out = new byte[3 * n * n];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                float noise = grain == 0 ? 0 : grain * Noise.at(x, y, seed);
                for (int c = 0; c < 3; c++) {
                    int a = 3 * (2 * y * size + 2 * x) + c;
                    int b = a + 3 * size;
                    float v = 0.25f * (rgb[a] + rgb[a + 3] + rgb[b] + rgb[b + 3]) * gain + noise;
                    out[3 * (y * n + x) + c] = (byte) Math.round(255 * Math.max(0, Math.min(1, v)));
                }
            }
        }
        return new Picture(n, n, out);
    }
}
