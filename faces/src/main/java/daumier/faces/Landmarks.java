package daumier.faces;

import java.util.Arrays;

/**
 * The 68 iBUG landmarks of one face, in pixels of the picture they were found in (x to the right, y
 * down, pixel centres at whole numbers).
 *
 * @param xy 136 values: x0, y0, x1, y1, ...
 */
public record Landmarks(float[] xy) {
    /** How many points there are. */
    public static final int COUNT = 68;

    /** Checks the length. */
    public Landmarks {
        if (xy.length != 2 * COUNT) {
            throw new IllegalArgumentException(
                    "68 landmarks are 136 values, not " + xy.length + ".");
        }
    }

    /** Horizontal position of point {@code i} in pixels. */
    public float x(int i) {
        return xy[2 * i];
    }

    /** Vertical position of point {@code i} in pixels. */
    public float y(int i) {
        return xy[2 * i + 1];
    }

    /**
     * Distance between the outer corners of the eyes (points 36 and 45) in pixels, the usual
     * yardstick of errors.
     */
    public double interOcular() {
        return Math.hypot(x(45) - x(36), y(45) - y(36));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Landmarks other && Arrays.equals(xy, other.xy);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(xy);
    }
}
