package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;

/**
 * A warp as a backward map: the warped picture shows at p what the picture had at p + u(p). The
 * displacement u is given at the nodes of a regular grid that spans the picture from the centre of
 * its first pixel to that of its last, and is bilinear between them.
 *
 * @param width of the pictures it warps, in pixels
 * @param height of the pictures it warps, in pixels
 * @param nodes grid nodes along each axis, at least 2
 * @param dx horizontal displacement at each node in pixels, row by row
 * @param dy vertical displacement
 */
public record DisplacementField(int width, int height, int nodes, float[] dx, float[] dy) {
    /** Checks the sizes. */
    public DisplacementField {
        if (nodes < 2 || dx.length != nodes * nodes || dy.length != nodes * nodes) {
            throw new IllegalArgumentException(
                    "A field of %d x %d nodes needs as many displacements."
                            .formatted(nodes, nodes));
        }
    }

    /** Distance between nodes in pixels. */
    double stepX() {
        return (width - 1.0) / (nodes - 1);
    }

    double stepY() {
        return (height - 1.0) / (nodes - 1);
    }

    private double at(float[] d, double x, double y) {
        double gx = Math.max(0, Math.min(nodes - 1.0, x / stepX()));
        double gy = Math.max(0, Math.min(nodes - 1.0, y / stepY()));
        int i = Math.min(nodes - 2, (int) gx);
        int j = Math.min(nodes - 2, (int) gy);
        double fx = gx - i;
        double fy = gy - j;
        int n = j * nodes + i;
        return (d[n] * (1 - fx) + d[n + 1] * fx) * (1 - fy)
                + (d[n + nodes] * (1 - fx) + d[n + nodes + 1] * fx) * fy;
    }

    /**
     * Horizontal displacement of a place.
     *
     * @param x pixels
     * @param y pixels
     * @return pixels
     */
    public double dx(double x, double y) {
        return at(dx, x, y);
    }

    /**
     * Vertical displacement of a place.
     *
     * @param x pixels
     * @param y pixels
     * @return pixels
     */
    public double dy(double x, double y) {
        return at(dy, x, y);
    }

    /**
     * The same warp, weaker or stronger.
     *
     * @param factor 0 for none, 1 for this
     * @return the scaled field
     */
    public DisplacementField scaled(double factor) {
        float[] sx = new float[dx.length];
        float[] sy = new float[dy.length];
        for (int i = 0; i < sx.length; i++) {
            sx[i] = (float) (factor * dx[i]);
            sy[i] = (float) (factor * dy[i]);
        }
        return new DisplacementField(width, height, nodes, sx, sy);
    }

    /**
     * The smallest determinant of the Jacobian of p + u(p). It is exact: within a cell of a
     * bilinear map the determinant is itself linear along each axis, so its extremes are at the
     * corners.
     *
     * @return 1 for no warp; a fold is where it is 0 or less
     */
    public double minJacobian() {
        double min = Double.POSITIVE_INFINITY;
        for (int j = 0; j + 1 < nodes; j++) {
            for (int i = 0; i + 1 < nodes; i++) {
                for (int corner = 0; corner < 4; corner++) {
                    min = Math.min(min, jacobian(i, j, corner % 2, corner / 2));
                }
            }
        }
        return min;
    }

    private double jacobian(int i, int j, int right, int low) {
        int row = (j + low) * nodes + i;
        int column = j * nodes + i + right;
        double xx = 1 + (dx[row + 1] - dx[row]) / stepX();
        double yx = (dy[row + 1] - dy[row]) / stepX();
        double xy = (dx[column + nodes] - dx[column]) / stepY();
        double yy = 1 + (dy[column + nodes] - dy[column]) / stepY();
        return xx * yy - xy * yx;
    }

    /** Averages the displacements round every cell whose Jacobian is below a limit. */
    DisplacementField relaxed(double limit) {
        boolean[] bad = new boolean[nodes * nodes];
        for (int j = 0; j + 1 < nodes; j++) {
            for (int i = 0; i + 1 < nodes; i++) {
                for (int corner = 0; corner < 4; corner++) {
                    if (jacobian(i, j, corner % 2, corner / 2) < limit) {
                        for (int k = 0; k < 16; k++) {
                            int x = Math.max(1, Math.min(nodes - 2, i - 1 + k % 4));
                            int y = Math.max(1, Math.min(nodes - 2, j - 1 + k / 4));
                            bad[y * nodes + x] = true;
                        }
                    }
                }
            }
        }
        float[] sx = dx.clone();
        float[] sy = dy.clone();
        for (int n = 0; n < bad.length; n++) {
            if (bad[n]) {
                sx[n] = mixed(dx, n);
                sy[n] = mixed(dy, n);
            }
        }
        return new DisplacementField(width, height, nodes, sx, sy);
    }

    private float mixed(float[] d, int n) {
        float around = (d[n - 1] + d[n + 1] + d[n - nodes] + d[n + nodes]) / 4;
        return 0.5f * d[n] + 0.5f * around;
    }

    /**
     * Warps a picture.
     *
     * @param picture of this field's size
     * @return the warped picture, bilinear; outside, the edge repeats
     */
    public Picture apply(Picture picture) {
        if (picture.width() != width || picture.height() != height) {
            throw new IllegalArgumentException(
                    "The field warps pictures of %d x %d, not %d x %d."
                            .formatted(width, height, picture.width(), picture.height()));
        }
        byte[] out = new byte[picture.rgb().length];
        double[] sum = new double[3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                sum[0] = 0;
                sum[1] = 0;
                sum[2] = 0;
                Resampler.add(picture, x + dx(x, y), y + dy(x, y), sum);
                for (int c = 0; c < 3; c++) {
                    out[3 * (y * width + x) + c] = (byte) Math.round(sum[c]);
                }
            }
        }
        return new Picture(width, height, out);
    }

    /**
     * The warp as torch's {@code grid_sample} takes it, with {@code align_corners=False}: for each
     * pixel the place to read, x before y, where -1 and 1 are the outer edges of the first and last
     * pixel.
     *
     * @return height x width x 2 values
     */
    public float[] gridSample() {
        return gridSample(width, height);
    }

    /**
     * The same warp for tensors of another resolution that show the same picture.
     *
     * @param columns width of the tensor
     * @param rows height of the tensor
     * @return rows x columns x 2 values
     */
    public float[] gridSample(int columns, int rows) {
        float[] grid = new float[2 * rows * columns];
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                double x = (i + 0.5) * width / columns - 0.5;
                double y = (j + 0.5) * height / rows - 0.5;
                int k = 2 * (j * columns + i);
                grid[k] = (float) ((2 * (x + dx(x, y)) + 1) / width - 1);
                grid[k + 1] = (float) ((2 * (y + dy(x, y)) + 1) / height - 1);
            }
        }
        return grid;
    }

    /**
     * Where landmarks of the picture are seen after the warp: the reverse of the backward map, by
     * fixed-point iteration.
     *
     * @param points landmarks of the unwarped picture
     * @return landmarks of the warped picture
     */
    public Landmarks move(Landmarks points) {
        float[] xy = new float[2 * Landmarks.COUNT];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double x = points.x(i);
            double y = points.y(i);
            for (int k = 0; k < 60; k++) {
                double nx = points.x(i) - dx(x, y);
                double ny = points.y(i) - dy(x, y);
                // Half steps converge also where the field is steep.
                x += 0.5 * (nx - x);
                y += 0.5 * (ny - y);
            }
            xy[2 * i] = (float) x;
            xy[2 * i + 1] = (float) y;
        }
        return new Landmarks(xy);
    }
}
