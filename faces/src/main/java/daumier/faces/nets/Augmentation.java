package daumier.faces.nets;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Changes training pictures the way the world outside the renderer does: framing, colour, blur,
 * noise, things in the way. All strengths are standard deviations or probabilities.
 *
 * @param shift of the frame in pixels
 * @param scale of the frame, logarithm
 * @param rotation of the frame in radians
 * @param mirror probability of mirroring
 * @param colour gain and offset of the channels, gamma, saturation; 1 is strong
 * @param blur probability of blurring, by up to 1.8 pixels
 * @param noise largest standard deviation of pixel noise (the range is [-1, 1])
 * @param occlusion probability of something in the way
 * @param backdrop probability of another background, where a mask is known
 * @param texture strength of smooth random light and of texture, 1 is strong
 * @param grey probability of a picture without colour
 * @param wear probability of creases and shadows, and of places where contours fade
 */
record Augmentation(
        double shift,
        double scale,
        double rotation,
        double mirror,
        double colour,
        double blur,
        double noise,
        double occlusion,
        double backdrop,
        double texture,
        double grey,
        double wear) {
    /** Side of the pictures in pixels. */
    static final int SIDE = 128;

    static final int PIXELS = SIDE * SIDE;
    private static final double LARGEST_BLUR = 1.8;
    private static final double WHOLE_PIXELS = 0.3;

    /** For aligned procedural and generated portraits. */
    static final Augmentation ALIGNED =
            new Augmentation(2.2, 0.03, 0.03, 0.5, 0.35, 0.55, 0.05, 0.08, 0, 0.1, 0.05, 0);

    /** For real photographs that were cropped by a detector's box. */
    static final Augmentation WILD =
            new Augmentation(6, 0.11, 0.14, 0.5, 1, 0.6, 0.12, 0.25, 0.6, 1, 0.2, 0.6);

    /** For identity: light and framing may change, colour a little. */
    static final Augmentation PERSON =
            new Augmentation(2.5, 0.045, 0.045, 0.5, 0.45, 0.45, 0.05, 0.08, 0, 0.15, 0, 0);

    /** For style: palette and line are what is judged. */
    static final Augmentation STYLE =
            new Augmentation(3, 0.05, 0.05, 0.5, 0.08, 0.35, 0.03, 0.03, 0, 0, 0, 0);

    /**
     * Where a picture's pixels come from.
     *
     * @param first interleaved RGB of SIDE x SIDE
     * @param second another rendering of the same geometry, or null
     * @param share of the second, 0 to 1
     * @param mask 255 where the person is, or null
     */
    record Source(byte[] first, byte[] second, float share, byte[] mask) {}

    /**
     * Writes one changed picture.
     *
     * @param source where from
     * @param landmarks 136 values in pixels of the source, or null
     * @param rng all chance comes from here
     * @param out planes (3, SIDE, SIDE) are written here from {@code offset}
     * @param moved 136 values: the landmarks in the new picture, or null
     * @param movedOffset where to write them
     */
    void apply(
            Source source,
            float[] landmarks,
            SplittableRandom rng,
            float[] out,
            int offset,
            float[] moved,
            int movedOffset) {
        double s = Math.exp(normal(rng) * scale);
        double r = normal(rng) * rotation;
        double c = 63.5;
        double tx = c + normal(rng) * shift;
        double ty = c + normal(rng) * shift;
        if (rng.nextDouble() < WHOLE_PIXELS) {
            // Unresampled pictures keep the sharpness that networks meet in use.
            s = 1;
            r = 0;
            tx = 0.5 + Math.floor(tx);
            ty = 0.5 + Math.floor(ty);
        }
        // Output pixel (x, y) comes from source (a x' - b y', b x' + a y') + t, x' = x - centre.
        double a = s * Math.cos(r);
        double b = s * Math.sin(r);
        boolean flip = rng.nextDouble() < mirror;
        float[] mask = source.mask() != null ? new float[PIXELS] : null;
        sample(source, a, b, tx, ty, flip, out, offset, mask);
        if (landmarks != null) {
            double n = a * a + b * b;
            for (int i = 0; i < 68; i++) {
                double dx = landmarks[2 * i] - tx;
                double dy = landmarks[2 * i + 1] - ty;
                float x = (float) ((a * dx + b * dy) / n + c);
                float y = (float) ((-b * dx + a * dy) / n + c);
                int to = flip ? Mirror.of(i) : i;
                moved[movedOffset + 2 * to] = flip ? SIDE - 1 - x : x;
                moved[movedOffset + 2 * to + 1] = y;
            }
        }
        if (mask != null && rng.nextDouble() < backdrop) {
            Clutter.backdrop(out, offset, mask, rng);
        }
        if (texture > 0) {
            Clutter.light(out, offset, texture, rng);
        }
        if (wear > 0 && rng.nextDouble() < wear) {
            Clutter.creases(out, offset, rng);
        }
        if (wear > 0 && rng.nextDouble() < wear) {
            Clutter.fade(out, offset, rng);
        }
        colours(out, offset, rng);
        if (rng.nextDouble() < occlusion) {
            Clutter.occlude(out, offset, rng);
        }
        if (rng.nextDouble() < blur) {
            double u = rng.nextDouble();
            blur(out, offset, 3, 0.3 + u * u * (LARGEST_BLUR - 0.3));
        }
        Clutter.noise(out, offset, (float) (rng.nextDouble() * rng.nextDouble() * noise), rng);
    }

    private static void sample(
            Source source,
            double a,
            double b,
            double tx,
            double ty,
            boolean flip,
            float[] out,
            int offset,
            float[] mask) {
        float l = source.second() == null ? 0 : source.share();
        float[] blended = new float[3 * PIXELS];
        byte[] p = source.first();
        byte[] q = source.second() == null ? p : source.second();
        for (int i = 0; i < blended.length; i++) {
            float u = p[i] & 0xff;
            blended[i] = (u + l * ((q[i] & 0xff) - u)) / 127.5f - 1;
        }
        byte[] m = source.mask();
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double xc = x - 63.5;
                double yc = y - 63.5;
                float sx = clamp((float) (a * xc - b * yc + tx));
                float sy = clamp((float) (b * xc + a * yc + ty));
                int x0 = Math.min(SIDE - 2, (int) sx);
                int y0 = Math.min(SIDE - 2, (int) sy);
                float fx = sx - x0;
                float fy = sy - y0;
                float w00 = (1 - fx) * (1 - fy);
                float w01 = fx * (1 - fy);
                float w10 = (1 - fx) * fy;
                float w11 = fx * fy;
                int at = y0 * SIDE + x0;
                int k = 3 * at;
                int below = k + 3 * SIDE;
                int to = y * SIDE + (flip ? SIDE - 1 - x : x);
                for (int ch = 0; ch < 3; ch++) {
                    out[offset + ch * PIXELS + to] =
                            w00 * blended[k + ch]
                                    + w01 * blended[k + 3 + ch]
                                    + w10 * blended[below + ch]
                                    + w11 * blended[below + 3 + ch];
                }
                if (mask != null) {
                    mask[to] =
                            (w00 * (m[at] & 0xff)
                                            + w01 * (m[at + 1] & 0xff)
                                            + w10 * (m[at + SIDE] & 0xff)
                                            + w11 * (m[at + SIDE + 1] & 0xff))
                                    / 255f;
                }
            }
        }
    }

    private static float clamp(float v) {
        return Math.max(0, Math.min(SIDE - 1, v));
    }

    private void colours(float[] out, int offset, SplittableRandom rng) {
        boolean withoutColour = rng.nextDouble() < grey;
        float saturation = withoutColour ? 0 : (float) Math.max(0, 1 + normal(rng) * 0.35 * colour);
        double gamma = Math.exp(normal(rng) * 0.3 * colour);
        float common = (float) (normal(rng) * 0.15 * colour);
        float contrast = (float) Math.exp(normal(rng) * 0.22 * colour);
        float[] gain = new float[3];
        float[] bias = new float[3];
        for (int ch = 0; ch < 3; ch++) {
            gain[ch] = contrast * (float) Math.exp(normal(rng) * 0.1 * colour);
            bias[ch] = common + (float) (normal(rng) * 0.08 * colour);
        }
        boolean bend = Math.abs(gamma - 1) > 0.01;
        float[] curve = bend ? curve(gamma) : null;
        for (int i = offset; i < offset + PIXELS; i++) {
            float red = out[i];
            float green = out[i + PIXELS];
            float blue = out[i + 2 * PIXELS];
            float g = 0.3f * red + 0.59f * green + 0.11f * blue;
            out[i] = tone(g + (red - g) * saturation, curve) * gain[0] + bias[0];
            out[i + PIXELS] = tone(g + (green - g) * saturation, curve) * gain[1] + bias[1];
            out[i + 2 * PIXELS] = tone(g + (blue - g) * saturation, curve) * gain[2] + bias[2];
        }
    }

    private static float[] curve(double gamma) {
        float[] c = new float[257];
        for (int i = 0; i < c.length; i++) {
            c[i] = (float) (2 * Math.pow(i / 256.0, gamma) - 1);
        }
        return c;
    }

    private static float tone(float v, float[] curve) {
        if (curve == null) {
            return v;
        }
        float at = Math.max(0, Math.min(255.99f, (v + 1) * 128));
        int i = (int) at;
        return curve[i] + (at - i) * (curve[i + 1] - curve[i]);
    }

    /** Gaussian blur of {@code planes} planes of SIDE x SIDE, edges repeated. */
    static void blur(float[] out, int offset, int planes, double sigma) {
        int radius = Math.max(1, (int) Math.ceil(2.5 * sigma));
        float[] kernel = new float[2 * radius + 1];
        float sum = 0;
        for (int i = -radius; i <= radius; i++) {
            kernel[i + radius] = (float) Math.exp(-i * i / (2 * sigma * sigma));
            sum += kernel[i + radius];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        float[] line = new float[SIDE + 2 * radius];
        float[] rows = new float[PIXELS];
        for (int p = 0; p < planes; p++) {
            int base = offset + p * PIXELS;
            for (int y = 0; y < SIDE; y++) {
                int row = base + y * SIDE;
                System.arraycopy(out, row, line, radius, SIDE);
                Arrays.fill(line, 0, radius, out[row]);
                Arrays.fill(line, radius + SIDE, line.length, out[row + SIDE - 1]);
                for (int x = 0; x < SIDE; x++) {
                    float v = 0;
                    for (int i = 0; i < kernel.length; i++) {
                        v += kernel[i] * line[x + i];
                    }
                    rows[y * SIDE + x] = v;
                }
            }
            Arrays.fill(out, base, base + PIXELS, 0);
            for (int y = 0; y < SIDE; y++) {
                for (int i = 0; i < kernel.length; i++) {
                    int from = Math.max(0, Math.min(SIDE - 1, y + i - radius)) * SIDE;
                    float k = kernel[i];
                    for (int x = 0; x < SIDE; x++) {
                        out[base + y * SIDE + x] += k * rows[from + x];
                    }
                }
            }
        }
    }

    /** A standard normal value. */
    static double normal(SplittableRandom rng) {
        double u = 1 - rng.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * rng.nextDouble());
    }
}
