package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;

/**
 * Where the portrait frame lies in a picture. The portrait frame is the 128 x 128 window in which
 * the face world draws a neutral portrait.
 *
 * @param toPortrait maps pixels of the picture to pixels of the portrait frame
 */
public record Alignment(Similarity toPortrait) {
    /** Side of the portrait frame in pixels. */
    public static final int SIZE = 128;

    /**
     * A first guess from a detector's box: the reference landmarks' bounding box is laid into it,
     * upright.
     *
     * @param box where the face is
     * @param reference landmarks of the mean face in the portrait frame
     * @return the alignment
     */
    public static Alignment of(Detection box, Landmarks reference) {
        double[] b = bounds(reference);
        double refWidth = b[2] - b[0];
        double refHeight = b[3] - b[1];
        // The height varies with open mouths and raised brows, the width with the yaw: both count.
        double scale =
                Math.sqrt(
                        refWidth
                                / Math.max(1e-6, box.width())
                                * refHeight
                                / Math.max(1e-6, box.height()));
        double cx = box.x() + box.width() / 2;
        double cy = box.y() + box.height() / 2;
        return new Alignment(
                new Similarity(
                        scale, 0, (b[0] + b[2]) / 2 - scale * cx, (b[1] + b[3]) / 2 - scale * cy));
    }

    /**
     * A first guess from eyes, nose and mouth, however the face is turned in the picture.
     *
     * @param points in the picture
     * @param reference landmarks of the mean face in the portrait frame
     * @return the alignment
     * @throws IllegalArgumentException if all points coincide
     */
    public static Alignment of(FivePoints points, Landmarks reference) {
        return new Alignment(points.to(FivePoints.of(reference)));
    }

    /**
     * The alignment that brings landmarks closest to the mean face. Eyes, nose and mouth count
     * fully, brows and the outline, which move and slide, less.
     *
     * @param found landmarks in the picture
     * @param reference landmarks of the mean face in the portrait frame
     * @return the alignment
     * @throws IllegalArgumentException if all landmarks coincide
     */
    public static Alignment of(Landmarks found, Landmarks reference) {
        double[] weight = new double[Landmarks.COUNT];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = i < 17 ? 0.3 : i < 27 ? 0.5 : 1;
        }
        return new Alignment(Similarity.between(found.xy(), reference.xy(), weight));
    }

    /**
     * Refines an alignment with a fitted pose: afterwards the head stands upright, in the neutral
     * portrait's place and size (its yaw and pitch stay).
     *
     * @param pose pose that was fitted in this portrait frame
     * @param camera camera of the portrait frame
     * @return the alignment in which the fitted roll is 0, the scale 1 and the shift 0
     */
    public Alignment refined(Pose pose, Camera camera) {
        double r = Math.toRadians(pose.roll());
        double a = pose.scale() * Math.cos(r);
        double b = pose.scale() * Math.sin(r);
        double cx = camera.centreX();
        double cy = camera.centreY();
        Similarity posed =
                new Similarity(
                        a, b, cx + pose.x() - a * cx + b * cy, cy + pose.y() - b * cx - a * cy);
        return new Alignment(toPortrait.then(posed.inverse()));
    }

    /** The alignment of a picture that already is a portrait. */
    public static Alignment identity() {
        return new Alignment(new Similarity(1, 0, 0, 0));
    }

    /**
     * Cuts the portrait out.
     *
     * @param picture the picture this alignment belongs to
     * @return 128 x 128 pixels; what lies outside the picture repeats its edge
     */
    public Picture crop(Picture picture) {
        return Resampler.transform(picture, toPortrait.inverse(), SIZE, SIZE);
    }

    /**
     * Cuts the portrait out at another size, with the same field of view.
     *
     * @param picture the picture this alignment belongs to
     * @param size side in pixels
     * @return size x size pixels
     */
    public Picture crop(Picture picture, int size) {
        double f = (double) SIZE / size;
        Similarity toFrame = new Similarity(f, 0, 0.5 * f - 0.5, 0.5 * f - 0.5);
        return Resampler.transform(picture, toFrame.then(toPortrait.inverse()), size, size);
    }

    /** Landmarks of the picture in the portrait frame. */
    public Landmarks toPortrait(Landmarks inPicture) {
        return toPortrait.apply(inPicture);
    }

    /** Landmarks of the portrait frame in the picture. */
    public Landmarks toPicture(Landmarks inPortrait) {
        return toPortrait.inverse().apply(inPortrait);
    }

    /** Left, top, right and bottom of landmarks. */
    static double[] bounds(Landmarks points) {
        double[] b = {
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        for (int i = 0; i < Landmarks.COUNT; i++) {
            b[0] = Math.min(b[0], points.x(i));
            b[1] = Math.min(b[1], points.y(i));
            b[2] = Math.max(b[2], points.x(i));
            b[3] = Math.max(b[3], points.y(i));
        }
        return b;
    }
}
