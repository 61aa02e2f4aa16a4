package daumier.faces.world;

/**
 * The light on a face: a height field of half the drawing's size (a dome between the outlines of
 * each row, with nose, sockets, cheeks, lips and chin added), lit by Lambert's law with a Blinn
 * highlight.
 */
final class Relief {
    private static final int N = Figure.SIZE / 2;

    private final float[] diffuse = new float[N * N];
    private final float[] shine = new float[N * N];

    Relief(Figure f, Mask face) {
        float[] z = dome(f, face);
        features(f, z);
        light(f.view, z);
    }

    private static float[] dome(Figure f, Mask face) {
        float[] z = new float[N * N];
        float[] left = new float[N];
        float[] right = new float[N];
        int top = N;
        int bottom = 0;
        for (int y = 0; y < N; y++) {
            left[y] = N;
            for (int x = 0; x < N; x++) {
                if (face.at(2 * x, 2 * y) > 0.5f) {
                    left[y] = Math.min(left[y], x);
                    right[y] = x + 1;
                    top = Math.min(top, y);
                    bottom = y + 1;
                }
            }
        }
        if (bottom <= top) {
            return z;
        }
        float radius = f.unit / 2;
        float centre = 0.5f * (top + bottom);
        float half = 0.5f * (bottom - top);
        float[] l = softened(left, top, bottom);
        float[] r = softened(right, top, bottom);
        for (int y = top; y < bottom; y++) {
            float v = (y + 0.5f - centre) / half;
            double fall = Math.max(0.03, 1 - Math.pow(Math.abs(v), 3.2));
            float c = 0.5f * (l[y] + r[y]);
            float w = Math.max(4, 0.5f * (r[y] - l[y]));
            for (int x = 0; x < N; x++) {
                float u = Math.abs((x + 0.5f - c) / w);
                double g = u >= 1 ? 0.03 : Math.max(0.03, 1 - Math.pow(u, 2.3));
                z[y * N + x] = (float) (0.86 * radius * Math.sqrt(g * fall));
            }
        }
        for (int x = 0; x < N; x++) {
            for (int y = 0; y < top; y++) {
                z[y * N + x] = z[top * N + x];
            }
            for (int y = bottom; y < N; y++) {
                z[y * N + x] = z[(bottom - 1) * N + x];
            }
        }
        return new Mask(N, 0, 0, N, N, z).blurred(1.6f).v();
    }

    private static float[] softened(float[] a, int top, int bottom) {
        float[] s = a.clone();
        for (int y = top; y < bottom; y++) {
            float sum = 0;
            int n = 0;
            for (int k = -3; k <= 3; k++) {
                if (y + k >= top && y + k < bottom) {
                    sum += a[y + k];
                    n++;
                }
            }
            s[y] = sum / n;
        }
        return s;
    }

    private static void features(Figure f, float[] z) {
        float[] p = f.subject.shape();
        float nose = 1 + 0.15f * p[ProceduralModel.NOSE_WIDTH];
        nose = Math.max(0.6f, nose);
        bump(f, z, f.x(27), f.y(27), 0.075f * nose, 0.14f, 0.04f);
        bump(f, z, f.x(28), f.y(28), 0.075f * nose, 0.14f, 0.07f);
        bump(f, z, f.x(29), f.y(29), 0.08f * nose, 0.14f, 0.10f);
        bump(f, z, f.x(30), f.y(30), 0.12f * nose, 0.12f, 0.19f);
        bump(f, z, mix(f.x(31), f.x(33), .18f), mix(f.y(31), f.y(33), .15f) - 3, .07f, .07f, .08f);
        bump(f, z, mix(f.x(35), f.x(33), .18f), mix(f.y(35), f.y(33), .15f) - 3, .07f, .07f, .08f);
        for (int e = 0; e < 2; e++) {
            float[] c = Curves.centre(Curves.range(f.q, 36 + 6 * e, 41 + 6 * e));
            bump(f, z, c[0], c[1], 0.27f, 0.18f, -0.11f);
            int brow = e == 0 ? 19 : 24;
            bump(f, z, f.x(brow), f.y(brow) - 2, 0.3f, 0.1f, 0.06f);
            float[] cheek = cheek(f, e);
            float cheekbone = 0.09f + 0.018f * p[3];
            bump(f, z, cheek[0], cheek[1], 0.26f, 0.24f, cheekbone);
            int corner = e == 0 ? 48 : 54;
            bump(f, z, f.x(corner) + (e == 0 ? -5 : 5), f.y(corner) - 1, 0.09f, 0.12f, -0.035f);
        }
        float mx = 0.5f * (f.x(51) + f.x(57));
        float my = 0.5f * (f.y(51) + f.y(57));
        bump(f, z, mx, my, 0.26f, 0.14f, 0.06f);
        bump(f, z, f.x(57), f.y(57) + 5, 0.2f, 0.055f, -0.055f);
        bump(f, z, mix(f.x(57), f.x(8), .62f), mix(f.y(57), f.y(8), .62f), 0.2f, 0.15f, 0.10f);
    }

    /** The middle of a cheek; side 0 is on the picture's left. */
    static float[] cheek(Figure f, int side) {
        int wing = side == 0 ? 31 : 35;
        int jaw = side == 0 ? 2 : 14;
        return new float[] {
            0.45f * f.x(wing) + 0.55f * f.x(jaw), 0.55f * f.y(wing) + 0.45f * f.y(jaw)
        };
    }

    private static float mix(float a, float b, float t) {
        return a + (b - a) * t;
    }

    private static void bump(Figure f, float[] z, float x, float y, float sx, float sy, float a) {
        Mask m = Mask.spot(N, x / 2, y / 2, sx * f.unit / 2, sy * f.unit / 2);
        float height = a * f.unit / 2;
        for (int j = 0; j < m.h(); j++) {
            for (int i = 0; i < m.w(); i++) {
                z[(j + m.y0()) * N + i + m.x0()] += height * m.v()[j * m.w() + i];
            }
        }
    }

    private void light(View v, float[] z) {
        float ln = (float) Math.sqrt(v.lightX() * v.lightX() + v.lightY() * v.lightY() + 1);
        float lx = v.lightX() / ln;
        float ly = v.lightY() / ln;
        float lz = 1 / ln;
        float hn = (float) Math.sqrt(lx * lx + ly * ly + (lz + 1) * (lz + 1));
        float hx = lx / hn;
        float hy = ly / hn;
        float hz = (lz + 1) / hn;
        for (int y = 0; y < N; y++) {
            int up = Math.max(0, y - 1) * N;
            int down = Math.min(N - 1, y + 1) * N;
            for (int x = 0; x < N; x++) {
                int a = Math.max(0, x - 1);
                int b = Math.min(N - 1, x + 1);
                float gx = 0.5f * (z[y * N + b] - z[y * N + a]);
                float gy = 0.5f * (z[down + x] - z[up + x]);
                float inv = 1 / (float) Math.sqrt(gx * gx + gy * gy + 1);
                diffuse[y * N + x] = (-gx * lx - gy * ly + lz) * inv;
                float h = Math.max(0, (-gx * hx - gy * hy + hz) * inv);
                float h4 = h * h * h * h;
                float h16 = h4 * h4 * h4 * h4;
                shine[y * N + x] = h16 * h4 * h4;
            }
        }
    }

    /** Cosine between normal and light at a pixel of the drawing. */
    float diffuse(int x, int y) {
        return sample(diffuse, x, y);
    }

    /** Highlight in [0, 1] at a pixel of the drawing. */
    float shine(int x, int y) {
        return sample(shine, x, y);
    }

    private static float sample(float[] a, int x, int y) {
        int i = Math.max(0, (x - 1) >> 1);
        int j = Math.max(0, (y - 1) >> 1);
        int i1 = Math.min(N - 1, i + 1);
        int j1 = Math.min(N - 1, j + 1);
        float u = (x & 1) == 0 ? 0.75f : 0.25f;
        float v = (y & 1) == 0 ? 0.75f : 0.25f;
        float t = a[j * N + i] * (1 - u) + a[j * N + i1] * u;
        float b = a[j1 * N + i] * (1 - u) + a[j1 * N + i1] * u;
        return t * (1 - v) + b * v;
    }
}
