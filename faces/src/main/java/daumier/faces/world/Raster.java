package daumier.faces.world;

/**
 * Fills polygons with exact area coverage (signed-area accumulation, as font rasterisers do), so
 * that an edge moves the picture smoothly by any fraction of a pixel. Pixel (i, j) covers [i, i+1)
 * x [j, j+1). Not thread-safe.
 */
final class Raster {
    private final int size;
    private final float[] sum;
    private float minX;
    private float maxX;
    private float minY;
    private float maxY;

    Raster(int size) {
        this.size = size;
        this.sum = new float[size * (size + 2)];
        clear();
    }

    private void clear() {
        minX = size;
        maxX = 0;
        minY = size;
        maxY = 0;
    }

    /** Adds a closed polygon. Overlaps of polygons of one orientation are united. */
    Raster add(float[] q, float scale) {
        int n = q.length / 2;
        for (int i = 0; i < n; i++) {
            int j = i + 1 == n ? 0 : i + 1;
            edge(q[2 * i] * scale, q[2 * i + 1] * scale, q[2 * j] * scale, q[2 * j + 1] * scale);
        }
        return this;
    }

    /** Adds the polygon turned so that its area is positive. */
    Raster addOriented(float[] q, float scale) {
        double area = 0;
        int n = q.length / 2;
        for (int i = 0; i < n; i++) {
            int j = i + 1 == n ? 0 : i + 1;
            area += (double) q[2 * i] * q[2 * j + 1] - (double) q[2 * j] * q[2 * i + 1];
        }
        return add(area < 0 ? Curves.reversed(q) : q, scale);
    }

    /** Adds a stroke with round joints; the width goes linearly from w0 to w1. */
    Raster stroke(float[] q, float w0, float w1, boolean closed, float scale) {
        int n = q.length / 2;
        int last = closed ? n : n - 1;
        for (int i = 0; i < last; i++) {
            int j = (i + 1) % n;
            float wa = 0.5f * (w0 + (w1 - w0) * i / n);
            float wb = 0.5f * (w0 + (w1 - w0) * (i + 1) / n);
            float ax = q[2 * i];
            float ay = q[2 * i + 1];
            float bx = q[2 * j];
            float by = q[2 * j + 1];
            float len = (float) Math.hypot(bx - ax, by - ay);
            if (len > 1e-4f) {
                float nx = -(by - ay) / len;
                float ny = (bx - ax) / len;
                // clockwise on the screen, as the joints below
                add(
                        new float[] {
                            ax - nx * wa,
                            ay - ny * wa,
                            bx - nx * wb,
                            by - ny * wb,
                            bx + nx * wb,
                            by + ny * wb,
                            ax + nx * wa,
                            ay + ny * wa
                        },
                        scale);
            }
            disc(ax, ay, wa, scale);
            if (i == last - 1) {
                disc(bx, by, wb, scale);
            }
        }
        return this;
    }

    private void disc(float x, float y, float r, float scale) {
        float d = 0.7071f * r;
        add(
                new float[] {
                    x + r, y, x + d, y + d, x, y + r, x - d, y + d, x - r, y, x - d, y - d, x,
                    y - r, x + d, y - d
                },
                scale);
    }

    private void edge(float x0, float y0, float x1, float y1) {
        minX = Math.min(minX, Math.min(x0, x1));
        maxX = Math.max(maxX, Math.max(x0, x1));
        minY = Math.min(minY, Math.min(y0, y1));
        maxY = Math.max(maxY, Math.max(y0, y1));
        if (y0 == y1) {
            return;
        }
        float dir = 1;
        if (y0 > y1) {
            dir = -1;
            float t = x0;
            x0 = x1;
            x1 = t;
            t = y0;
            y0 = y1;
            y1 = t;
        }
        float slope = (x1 - x0) / (y1 - y0);
        int from = Math.max(0, (int) Math.floor(y0));
        int to = Math.min(size, (int) Math.ceil(y1));
        for (int y = from; y < to; y++) {
            float top = Math.max(y, y0);
            float bottom = Math.min(y + 1, y1);
            float d = (bottom - top) * dir;
            float xa = clamp(x0 + (top - y0) * slope);
            float xb = clamp(x0 + (bottom - y0) * slope);
            span(y * (size + 2), Math.min(xa, xb), Math.max(xa, xb), d);
        }
    }

    private float clamp(float x) {
        return Math.max(0, Math.min(size, x));
    }

    private void span(int row, float xa, float xb, float d) {
        int first = (int) xa;
        int end = (int) Math.ceil(xb);
        if (end <= first + 1) {
            float mid = 0.5f * (xa + xb) - first;
            sum[row + first] += d - d * mid;
            sum[row + first + 1] += d * mid;
            return;
        }
        float s = 1 / (xb - xa);
        float f0 = xa - first;
        float a0 = 0.5f * s * (1 - f0) * (1 - f0);
        float f1 = xb - end + 1;
        float am = 0.5f * s * f1 * f1;
        sum[row + first] += d * a0;
        if (end == first + 2) {
            sum[row + first + 1] += d * (1 - a0 - am);
        } else {
            float a1 = s * (1.5f - f0);
            sum[row + first + 1] += d * (a1 - a0);
            for (int x = first + 2; x < end - 1; x++) {
                sum[row + x] += d * s;
            }
            float a2 = a1 + (end - first - 3) * s;
            sum[row + end - 1] += d * (1 - a2 - am);
        }
        sum[row + end] += d * am;
    }

    /** The coverage of everything added since the last call. */
    Mask take() {
        int x0 = Math.max(0, (int) Math.floor(minX));
        int x1 = Math.min(size, (int) Math.ceil(maxX) + 1);
        int y0 = Math.max(0, (int) Math.floor(minY));
        int y1 = Math.min(size, (int) Math.ceil(maxY) + 1);
        clear();
        if (x1 <= x0 || y1 <= y0) {
            // everything lies outside, but edges left of the picture have left their sums
            java.util.Arrays.fill(sum, 0);
            return new Mask(size, 0, 0, 0, 0, new float[0]);
        }
        float[] v = new float[(x1 - x0) * (y1 - y0)];
        int at = 0;
        for (int y = y0; y < y1; y++) {
            float acc = 0;
            int row = y * (size + 2);
            for (int x = x0; x < x1; x++) {
                acc += sum[row + x];
                v[at++] = Math.min(1, Math.abs(acc));
            }
            java.util.Arrays.fill(sum, row, row + size + 2, 0);
        }
        return new Mask(size, x0, y0, x1 - x0, y1 - y0, v);
    }
}
