package daumier.faces.measure;

import daumier.faces.Landmarks;

/**
 * A rotation, uniform scaling and translation of the plane: {@code x' = a x - b y + tx, y' = b x +
 * a y + ty}.
 *
 * @param a scale times the cosine of the angle
 * @param b scale times the sine of the angle (clockwise on a screen, as y points down)
 * @param tx shift in pixels
 * @param ty shift in pixels
 */
public record Similarity(double a, double b, double tx, double ty) {
    /**
     * The similarity that brings points closest to others in the weighted least-squares sense
     * (Umeyama 1991, in the plane, without mirroring).
     *
     * @param from x0, y0, x1, y1, ...
     * @param to as many values
     * @param weight one for each point, not all 0
     * @return the best similarity
     * @throws IllegalArgumentException if all points with weight coincide
     */
    public static Similarity between(float[] from, float[] to, double[] weight) {
        double w = 0;
        double fx = 0;
        double fy = 0;
        double gx = 0;
        double gy = 0;
        for (int i = 0; i < weight.length; i++) {
            w += weight[i];
            fx += weight[i] * from[2 * i];
            fy += weight[i] * from[2 * i + 1];
            gx += weight[i] * to[2 * i];
            gy += weight[i] * to[2 * i + 1];
        }
        fx /= w;
        fy /= w;
        gx /= w;
        gy /= w;
        double dot = 0;
        double cross = 0;
        double square = 0;
        for (int i = 0; i < weight.length; i++) {
            double x = from[2 * i] - fx;
            double y = from[2 * i + 1] - fy;
            double u = to[2 * i] - gx;
            double v = to[2 * i + 1] - gy;
            dot += weight[i] * (x * u + y * v);
            cross += weight[i] * (x * v - y * u);
            square += weight[i] * (x * x + y * y);
        }
        if (!(square > 0)) {
            throw new IllegalArgumentException("Points that all coincide cannot be aligned.");
        }
        double a = dot / square;
        double b = cross / square;
        return new Similarity(a, b, gx - a * fx + b * fy, gy - b * fx - a * fy);
    }

    /** Pixels of the target for one pixel of the source. */
    public double scale() {
        return Math.hypot(a, b);
    }

    /** Horizontal position of the image of (x, y). */
    public double x(double x, double y) {
        return a * x - b * y + tx;
    }

    /** Vertical position of the image of (x, y). */
    public double y(double x, double y) {
        return b * x + a * y + ty;
    }

    /** The reverse transform. */
    public Similarity inverse() {
        double s = a * a + b * b;
        double ia = a / s;
        double ib = -b / s;
        return new Similarity(ia, ib, -(ia * tx - ib * ty), -(ib * tx + ia * ty));
    }

    /**
     * First this, then another transform.
     *
     * @param next the second transform
     * @return both in one
     */
    public Similarity then(Similarity next) {
        return new Similarity(
                next.a * a - next.b * b, next.b * a + next.a * b, next.x(tx, ty), next.y(tx, ty));
    }

    /**
     * Moves landmarks.
     *
     * @param points landmarks in the source frame
     * @return the same landmarks in the target frame
     */
    public Landmarks apply(Landmarks points) {
        float[] xy = new float[2 * Landmarks.COUNT];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            xy[2 * i] = (float) x(points.x(i), points.y(i));
            xy[2 * i + 1] = (float) y(points.x(i), points.y(i));
        }
        return new Landmarks(xy);
    }
}
