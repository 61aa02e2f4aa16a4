package daumier.faces.world;

/**
 * Coverage values in [0, 1] of a rectangle of a square picture; 0 outside the rectangle.
 *
 * @param size side of the picture
 * @param x0 left of the rectangle
 * @param y0 top of the rectangle
 * @param w width of the rectangle
 * @param h height of the rectangle
 * @param v values, row by row
 */
record Mask(int size, int x0, int y0, int w, int h, float[] v) {
    float at(int x, int y) {
        int i = x - x0;
        int j = y - y0;
        return i < 0 || j < 0 || i >= w || j >= h ? 0 : v[j * w + i];
    }

    /** A Gaussian blob {@code exp(-(dx/sx)^2 - (dy/sy)^2)}. */
    static Mask spot(int size, float cx, float cy, float sx, float sy) {
        int x0 = Math.max(0, (int) (cx - 2.6f * sx));
        int x1 = Math.min(size, (int) (cx + 2.6f * sx) + 2);
        int y0 = Math.max(0, (int) (cy - 2.6f * sy));
        int y1 = Math.min(size, (int) (cy + 2.6f * sy) + 2);
        int w = Math.max(0, x1 - x0);
        int h = Math.max(0, y1 - y0);
        float[] v = new float[w * h];
        float[] ex = new float[w];
        for (int x = 0; x < w; x++) {
            float d = (x + x0 + 0.5f - cx) / sx;
            ex[x] = (float) Math.exp(-d * d);
        }
        for (int y = 0; y < h; y++) {
            float d = (y + y0 + 0.5f - cy) / sy;
            float ey = (float) Math.exp(-d * d);
            for (int x = 0; x < w; x++) {
                v[y * w + x] = ex[x] * ey;
            }
        }
        return new Mask(size, x0, y0, w, h, v);
    }

    /** The product with another mask, on the overlap of both. */
    Mask times(Mask o) {
        int ax = Math.max(x0, o.x0);
        int ay = Math.max(y0, o.y0);
        int bx = Math.min(x0 + w, o.x0 + o.w);
        int by = Math.min(y0 + h, o.y0 + o.h);
        int nw = Math.max(0, bx - ax);
        int nh = Math.max(0, by - ay);
        float[] r = new float[nw * nh];
        for (int y = 0; y < nh; y++) {
            int a = (y + ay - y0) * w + ax - x0;
            int b = (y + ay - o.y0) * o.w + ax - o.x0;
            for (int x = 0; x < nw; x++) {
                r[y * nw + x] = v[a + x] * o.v[b + x];
            }
        }
        return new Mask(size, ax, ay, nw, nh, r);
    }

    /** This mask where the other is not. */
    Mask minus(Mask o) {
        float[] r = v.clone();
        int ax = Math.max(x0, o.x0);
        int ay = Math.max(y0, o.y0);
        int bx = Math.min(x0 + w, o.x0 + o.w);
        int by = Math.min(y0 + h, o.y0 + o.h);
        for (int y = ay; y < by; y++) {
            for (int x = ax; x < bx; x++) {
                r[(y - y0) * w + x - x0] *= 1 - o.v[(y - o.y0) * o.w + x - o.x0];
            }
        }
        return new Mask(size, x0, y0, w, h, r);
    }

    Mask times(float k) {
        float[] r = new float[v.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = Math.min(1, v[i] * k);
        }
        return new Mask(size, x0, y0, w, h, r);
    }

    /** {@code clamp((v - middle) * slope + 0.5)}: a soft threshold. */
    Mask sharpened(float middle, float slope) {
        float[] r = new float[v.length];
        for (int i = 0; i < r.length; i++) {
            r[i] = Math.max(0, Math.min(1, (v[i] - middle) * slope + 0.5f));
        }
        return new Mask(size, x0, y0, w, h, r);
    }

    Mask shifted(int dx, int dy) {
        int ax = Math.max(0, x0 + dx);
        int ay = Math.max(0, y0 + dy);
        int bx = Math.min(size, x0 + dx + w);
        int by = Math.min(size, y0 + dy + h);
        int nw = Math.max(0, bx - ax);
        int nh = Math.max(0, by - ay);
        float[] r = new float[nw * nh];
        for (int y = 0; y < nh; y++) {
            System.arraycopy(v, (y + ay - y0 - dy) * w + ax - x0 - dx, r, y * nw, nw);
        }
        return new Mask(size, ax, ay, nw, nh, r);
    }

    /** Nearly Gaussian blur: three box filters. What is beyond the picture counts as 0. */
    Mask blurred(float sigma) {
        int radius = Math.max(1, Math.round(0.5f * ((float) Math.sqrt(4 * sigma * sigma + 1) - 1)));
        if (sigma < 0.8f) {
            return triangle(sigma);
        }
        int grow = 3 * radius + 1;
        int ax = Math.max(0, x0 - grow);
        int ay = Math.max(0, y0 - grow);
        int bx = Math.min(size, x0 + w + grow);
        int by = Math.min(size, y0 + h + grow);
        int nw = Math.max(0, bx - ax);
        int nh = Math.max(0, by - ay);
        float[] a = new float[nw * nh];
        for (int y = 0; y < h; y++) {
            System.arraycopy(v, y * w, a, (y + y0 - ay) * nw + x0 - ax, w);
        }
        float[] b = new float[nw * nh];
        for (int pass = 0; pass < 3; pass++) {
            boxRows(a, b, nw, nh, radius);
            boxColumns(b, a, nw, nh, radius);
        }
        return new Mask(size, ax, ay, nw, nh, a);
    }

    private Mask triangle(float sigma) {
        float side = sigma * sigma / 2;
        float mid = 1 - 2 * side;
        int ax = Math.max(0, x0 - 1);
        int ay = Math.max(0, y0 - 1);
        int bx = Math.min(size, x0 + w + 1);
        int by = Math.min(size, y0 + h + 1);
        int nw = bx - ax;
        int nh = by - ay;
        float[] r = new float[nw * nh];
        for (int y = ay; y < by; y++) {
            for (int x = ax; x < bx; x++) {
                float up = side * (at(x - 1, y - 1) + at(x + 1, y - 1)) + mid * at(x, y - 1);
                float here = side * (at(x - 1, y) + at(x + 1, y)) + mid * at(x, y);
                float down = side * (at(x - 1, y + 1) + at(x + 1, y + 1)) + mid * at(x, y + 1);
                r[(y - ay) * nw + x - ax] = side * (up + down) + mid * here;
            }
        }
        return new Mask(size, ax, ay, nw, nh, r);
    }

    private static void boxRows(float[] a, float[] b, int w, int h, int r) {
        float k = 1f / (2 * r + 1);
        for (int y = 0; y < h; y++) {
            int o = y * w;
            float s = 0;
            for (int x = 0; x < Math.min(r, w); x++) {
                s += a[o + x];
            }
            for (int x = 0; x < w; x++) {
                s += x + r < w ? a[o + x + r] : 0;
                b[o + x] = s * k;
                s -= x - r >= 0 ? a[o + x - r] : 0;
            }
        }
    }

    private static void boxColumns(float[] a, float[] b, int w, int h, int r) {
        float k = 1f / (2 * r + 1);
        float[] s = new float[w];
        for (int y = 0; y < Math.min(r, h); y++) {
            for (int x = 0; x < w; x++) {
                s[x] += a[y * w + x];
            }
        }
        for (int y = 0; y < h; y++) {
            int in = y + r;
            int out = y - r;
            for (int x = 0; x < w; x++) {
                float t = s[x] + (in < h ? a[in * w + x] : 0);
                b[y * w + x] = t * k;
                s[x] = t - (out >= 0 ? a[out * w + x] : 0);
            }
        }
    }
}
