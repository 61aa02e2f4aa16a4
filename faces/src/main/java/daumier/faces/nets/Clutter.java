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

    /**
     * Draws what skin and light draw over a face: up to eight soft curved lines, darker or lighter
     * than what they lie on, and a shadow with a soft edge.
     */
    static void creases(float[] out, int offset, SplittableRandom rng) {
        int lines = rng.nextInt(9);
        for (int k = 0; k < lines; k++) {
            crease(out, offset, rng);
        }
        if (rng.nextDouble() < 0.5) {
            Blot shade = shape(rng, 0.2 + 0.4 * rng.nextDouble());
            float factor = (float) (0.35 + 0.55 * rng.nextDouble());
            for (int i = 0; i < PIXELS; i++) {
                float k = 1 - (1 - factor) * shade.cover(i % SIDE, i / SIDE);
                for (int ch = 0; ch < 3; ch++) {
                    int at = offset + ch * PIXELS + i;
                    out[at] = (out[at] + 1) * k - 1;
                }
            }
        }
    }

    private static void crease(float[] out, int offset, SplittableRandom rng) {
        double x = 20 + 88 * rng.nextDouble();
        double y = 20 + 92 * rng.nextDouble();
        double angle = 2 * Math.PI * rng.nextDouble();
        double bend = 0.12 * (rng.nextDouble() - 0.5);
        int length = 8 + rng.nextInt(30);
        double width = 0.5 + 1.3 * rng.nextDouble();
        double depth = (0.1 + 0.45 * rng.nextDouble()) * (rng.nextDouble() < 0.8 ? -1 : 0.6);
        float[] strongest = new float[PIXELS];
        int reach = (int) Math.ceil(2.5 * width);
        for (int step = 0; step < length; step++) {
            double taper = Math.sin(Math.PI * (step + 0.5) / length);
            for (int py = (int) y - reach; py <= (int) y + reach + 1; py++) {
                for (int px = (int) x - reach; px <= (int) x + reach + 1; px++) {
                    if (px >= 0 && py >= 0 && px < SIDE && py < SIDE) {
                        double d = (px - x) * (px - x) + (py - y) * (py - y);
                        float k = (float) (taper * Math.exp(-d / (2 * width * width)));
                        int i = py * SIDE + px;
                        strongest[i] = Math.max(strongest[i], k);
                    }
                }
            }
            x += Math.cos(angle);
            y += Math.sin(angle);
            angle += bend;
        }
        for (int i = 0; i < PIXELS; i++) {
            if (strongest[i] > 0) {
                for (int ch = 0; ch < 3; ch++) {
                    int at = offset + ch * PIXELS + i;
                    out[at] = (out[at] + 1) * (float) (1 + depth * strongest[i]) - 1;
                }
            }
        }
    }

    /** Blurs one to three places so far that contours there are hardly seen. */
    static void fade(float[] out, int offset, SplittableRandom rng) {
        float[] soft = new float[3 * PIXELS];
        System.arraycopy(out, offset, soft, 0, soft.length);
        Augmentation.blur(soft, 0, 3, 1.5 + 2.5 * rng.nextDouble());
        int places = 1 + rng.nextInt(3);
        for (int k = 0; k < places; k++) {
            Blot blot = shape(rng, 0.1 + 0.2 * rng.nextDouble());
            float strength = (float) (0.5 + 0.5 * rng.nextDouble());
            for (int i = 0; i < PIXELS; i++) {
                float cover = strength * blot.cover(i % SIDE, i / SIDE);
                for (int ch = 0; cover > 0 && ch < 3; ch++) {
                    int at = offset + ch * PIXELS + i;
                    out[at] += cover * (soft[ch * PIXELS + i] - out[at]);
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
