package daumier.faces.measure;

import daumier.faces.Landmarks;
import java.util.Arrays;

/**
 * The middles of the eyes, the tip of the nose and the corners of the mouth, in that order and each
 * pair from the picture's left: the points by which recognition networks align faces.
 *
 * @param xy 10 values in pixels: x0, y0, x1, y1, ...
 */
public record FivePoints(float[] xy) {
    /** How many points there are. */
    public static final int COUNT = 5;

    /** Where each point lies among the 68 landmarks, as the mean of these. */
    private static final int[][] OF_68 = {
        {36, 37, 38, 39, 40, 41}, {42, 43, 44, 45, 46, 47}, {30}, {48}, {54}
    };

    /** Checks the length. */
    public FivePoints {
        if (xy.length != 2 * COUNT) {
            throw new IllegalArgumentException("Five points are 10 values, not " + xy.length + ".");
        }
    }

    /**
     * The five points of 68 landmarks: eyes as the mean of their six.
     *
     * @param landmarks 68 points
     * @return the five, in the same pixels
     */
    public static FivePoints of(Landmarks landmarks) {
        float[] xy = new float[2 * COUNT];
        for (int p = 0; p < COUNT; p++) {
            for (int i : OF_68[p]) {
                xy[2 * p] += landmarks.x(i) / OF_68[p].length;
                xy[2 * p + 1] += landmarks.y(i) / OF_68[p].length;
            }
        }
        return new FivePoints(xy);
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
     * The similarity that brings these points closest to others in the least-squares sense.
     *
     * @param to where they shall lie
     * @return from these pixels to those
     * @throws IllegalArgumentException if all points coincide
     */
    public Similarity to(FivePoints to) {
        double[] one = new double[COUNT];
        Arrays.fill(one, 1);
        return Similarity.between(xy, to.xy, one);
    }

    /**
     * Moves the points.
     *
     * @param by a similarity
     * @return the same points in its target frame
     */
    public FivePoints moved(Similarity by) {
        float[] out = new float[2 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            out[2 * i] = (float) by.x(x(i), y(i));
            out[2 * i + 1] = (float) by.y(x(i), y(i));
        }
        return new FivePoints(out);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FivePoints other && Arrays.equals(xy, other.xy);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(xy);
    }
}
