package daumier.faces.world;

/** Plane curves as interleaved points x0, y0, x1, y1, ... */
final class Curves {
    private static final int STEPS = 6;

    private Curves() {}

    /** Points of {@code q} by index. */
    static float[] take(float[] q, int... index) {
        float[] r = new float[2 * index.length];
        for (int i = 0; i < index.length; i++) {
            r[2 * i] = q[2 * index[i]];
            r[2 * i + 1] = q[2 * index[i] + 1];
        }
        return r;
    }

    /** Points {@code from} to {@code to}, both included; backwards where from &gt; to. */
    static float[] range(float[] q, int from, int to) {
        int n = Math.abs(to - from) + 1;
        int step = to >= from ? 1 : -1;
        float[] r = new float[2 * n];
        for (int i = 0; i < n; i++) {
            int k = from + step * i;
            r[2 * i] = q[2 * k];
            r[2 * i + 1] = q[2 * k + 1];
        }
        return r;
    }

    static float[] join(float[]... parts) {
        int n = 0;
        for (float[] p : parts) {
            n += p.length;
        }
        float[] r = new float[n];
        int at = 0;
        for (float[] p : parts) {
            System.arraycopy(p, 0, r, at, p.length);
            at += p.length;
        }
        return r;
    }

    static float[] shifted(float[] q, float dx, float dy) {
        float[] r = new float[q.length];
        for (int i = 0; i < q.length; i += 2) {
            r[i] = q[i] + dx;
            r[i + 1] = q[i + 1] + dy;
        }
        return r;
    }

    static float[] scaled(float[] q, float k) {
        float[] r = new float[q.length];
        for (int i = 0; i < q.length; i++) {
            r[i] = q[i] * k;
        }
        return r;
    }

    static float[] reversed(float[] q) {
        return range(q, q.length / 2 - 1, 0);
    }

    static float[] centre(float[] q) {
        float[] c = new float[2];
        for (int i = 0; i < q.length; i += 2) {
            c[0] += q[i];
            c[1] += q[i + 1];
        }
        c[0] /= q.length / 2f;
        c[1] /= q.length / 2f;
        return c;
    }

    /** The curve made smaller or larger about its centre. */
    static float[] about(float[] q, float k) {
        float[] c = centre(q);
        return shifted(scaled(shifted(q, -c[0], -c[1]), k), c[0], c[1]);
    }

    static float[] ellipse(float cx, float cy, float rx, float ry) {
        int n = 28;
        float[] r = new float[2 * n];
        for (int i = 0; i < n; i++) {
            double a = 2 * Math.PI * i / n;
            r[2 * i] = cx + rx * (float) Math.cos(a);
            r[2 * i + 1] = cy + ry * (float) Math.sin(a);
        }
        return r;
    }

    /** Catmull-Rom spline through all points. */
    static float[] smooth(float[] q, boolean closed) {
        int n = q.length / 2;
        int spans = closed ? n : n - 1;
        float[] r = new float[2 * (spans * STEPS + (closed ? 0 : 1))];
        int at = 0;
        for (int i = 0; i < spans; i++) {
            int a = closed ? (i + n - 1) % n : Math.max(0, i - 1);
            int c = closed ? (i + 1) % n : i + 1;
            int d = closed ? (i + 2) % n : Math.min(n - 1, i + 2);
            for (int s = 0; s < STEPS; s++) {
                float t = s / (float) STEPS;
                float wa = t * (-0.5f + t * (1 - 0.5f * t));
                float wb = 1 + t * t * (-2.5f + 1.5f * t);
                float wc = t * (0.5f + t * (2 - 1.5f * t));
                float wd = t * t * (-0.5f + 0.5f * t);
                for (int k = 0; k < 2; k++) {
                    r[at++] =
                            wa * q[2 * a + k]
                                    + wb * q[2 * i + k]
                                    + wc * q[2 * c + k]
                                    + wd * q[2 * d + k];
                }
            }
        }
        if (!closed) {
            r[at] = q[2 * n - 2];
            r[at + 1] = q[2 * n - 1];
        }
        return r;
    }

    static float[] closed(float... q) {
        return smooth(q, true);
    }

    static float[] open(float... q) {
        return smooth(q, false);
    }

    /** A band about an open curve whose half width goes from w0 over wm to w1. */
    static float[] band(float[] q, float w0, float wm, float w1) {
        int n = q.length / 2;
        float[] r = new float[4 * n];
        for (int i = 0; i < n; i++) {
            int a = Math.max(0, i - 1);
            int b = Math.min(n - 1, i + 1);
            float dx = q[2 * b] - q[2 * a];
            float dy = q[2 * b + 1] - q[2 * a + 1];
            float len = (float) Math.hypot(dx, dy) + 1e-6f;
            float s = i / (float) (n - 1);
            float bow = (float) Math.sin(Math.PI * s);
            float w = s < 0.5f ? w0 + (wm - w0) * bow : w1 + (wm - w1) * bow;
            r[2 * i] = q[2 * i] - dy / len * w;
            r[2 * i + 1] = q[2 * i + 1] + dx / len * w;
            int j = 2 * n - 1 - i;
            r[2 * j] = q[2 * i] + dy / len * w;
            r[2 * j + 1] = q[2 * i + 1] - dx / len * w;
        }
        return r;
    }
}
