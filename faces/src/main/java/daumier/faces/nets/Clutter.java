package daumier.faces.nets;

import static daumier.faces.nets.Augmentation.PIXELS;
import static daumier.faces.nets.Augmentation.SIDE;

import java.util.SplittableRandom;

/** Random backgrounds, light, obstacles and noise for {@link Augmentation}. */
final class Clutter {
    private static final int NOISE_TABLE = 1 << 16;
    private static final float[] NOISE = noiseTable();

    private Clutter() {}

    /** Replaces what is outside the mask by smooth colours, stripes or blots. */
    static void backdrop(float[] out, int offset, float[] mask, SplittableRandom rng) {
        for (int ch = 0; ch < 3; ch++) {
            float[] field = field(rng, 1 + rng.nextInt(7), 0.7);
            float level = (float) (rng.nextDouble() * 1.8 - 0.9);
            for (int i = 0; i < PIXELS; i++) {
                int at = offset + ch * PIXELS + i;
                out[at] = mask[i] * out[at] + (1 - mask[i]) * (level + field[i]);
            }
        }
        int shapes = rng.nextInt(5);
        for (int k = 0; k < shapes; k++) {
            paint(out, offset, mask, shape(rng, 0.05 + 0.3 * rng.nextDouble()), rng);
        }
    }

    /** Multiplies by a smooth random light and adds a faint texture. */
    static void light(float[] out, int offset, double strength, SplittableRandom rng) {
        float[] shade = field(rng, 1 + rng.nextInt(3), 0.3 * strength * rng.nextDouble());
        float[] grain =
                rng.nextDouble() < 0.4
                        ? field(rng, 12 + rng.nextInt(30), 0.12 * strength * rng.nextDouble())
                        : null;
        for (int ch = 0; ch < 3; ch++) {
            int base = offset + ch * PIXELS;
            for (int i = 0; i < PIXELS; i++) {
                float v = (out[base + i] + 1) * (1 + shade[i]) - 1;
                out[base + i] = grain == null ? v : v + grain[i];
            }
        }
    }

    /** Lays one or two flat or shaded shapes over the picture. */
    static void occlude(float[] out, int offset, SplittableRandom rng) {
        int shapes = 1 + rng.nextInt(2);
        for (int k = 0; k < shapes; k++) {
            paint(out, offset, null, shape(rng, 0.04 + 0.12 * rng.nextDouble()), rng);
        }
    }

    private static void paint(
            float[] out, int offset, float[] mask, Blot blot, SplittableRandom rng) {
        float[] colour = new float[3];
        for (int ch = 0; ch < 3; ch++) {
            colour[ch] = (float) (rng.nextDouble() * 1.9 - 0.95);
        }
        float opacity = (float) (0.5 + 0.5 * rng.nextDouble());
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                float cover = blot.cover(x, y) * opacity;
                int i = y * SIDE + x;
                if (mask != null) {
                    cover *= 1 - mask[i];
                }
                if (cover > 0) {
                    for (int ch = 0; ch < 3; ch++) {
                        int at = offset + ch * PIXELS + i;
                        out[at] += cover * (colour[ch] - out[at]);
                    }
                }
            }
        }
    }

    /** An ellipse or a rotated rectangle with a soft edge. */
    private record Blot(
            double x, double y, double halfWidth, double halfHeight, double angle, boolean round) {
        float cover(int px, int py) {
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            double u = (c * (px - x) + s * (py - y)) / halfWidth;
            double v = (-s * (px - x) + c * (py - y)) / halfHeight;
            double outside = round ? Math.sqrt(u * u + v * v) : Math.max(Math.abs(u), Math.abs(v));
            return (float) Math.max(0, Math.min(1, (1 - outside) * halfWidth * 0.7));
        }
    }

    private static Blot shape(SplittableRandom rng, double size) {
        return new Blot(
                rng.nextDouble() * SIDE,
                rng.nextDouble() * SIDE,
                SIDE * size * (0.5 + rng.nextDouble()),
                SIDE * size * (0.3 + rng.nextDouble()),
                rng.nextDouble() * Math.PI,
                rng.nextBoolean());
    }

    /** A smooth random field of SIDE x SIDE: bilinear between {@code cells + 1} nodes a side. */
    private static float[] field(SplittableRandom rng, int cells, double amplitude) {
        int nodes = cells + 2;
        float[] node = new float[nodes * nodes];
        for (int i = 0; i < node.length; i++) {
            node[i] = (float) ((2 * rng.nextDouble() - 1) * amplitude);
        }
        float[] out = new float[PIXELS];
        float step = cells / (float) SIDE;
        for (int y = 0; y < SIDE; y++) {
            float fy = y * step;
            int y0 = (int) fy;
            fy -= y0;
            for (int x = 0; x < SIDE; x++) {
                float fx = x * step;
                int x0 = (int) fx;
                fx -= x0;
                int at = y0 * nodes + x0;
                float top = node[at] + fx * (node[at + 1] - node[at]);
                float bottom = node[at + nodes] + fx * (node[at + nodes + 1] - node[at + nodes]);
                out[y * SIDE + x] = top + fy * (bottom - top);
            }
        }
        return out;
    }

    /** Adds Gaussian noise of the given standard deviation. */
    static void noise(float[] out, int offset, float sigma, SplittableRandom rng) {
        if (sigma <= 0) {
            return;
        }
        int at = rng.nextInt(NOISE_TABLE);
        int stride = 1 + 2 * rng.nextInt(NOISE_TABLE / 2);
        for (int i = 0; i < 3 * PIXELS; i++) {
            out[offset + i] += sigma * NOISE[at];
            at = (at + stride) & (NOISE_TABLE - 1);
        }
    }

    private static float[] noiseTable() {
        SplittableRandom rng = new SplittableRandom(20260101);
        float[] table = new float[NOISE_TABLE];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) Augmentation.normal(rng);
        }
        return table;
    }
}
