package daumier.faces.measure;

/**
 * How a head stands in the picture.
 *
 * @param yaw degrees; positive turns the face to the picture's right
 * @param pitch degrees; positive tips the face upwards
 * @param roll degrees; positive leans clockwise on the screen
 * @param scale size beside the neutral portrait, 1 is the same
 * @param x shift to the right of the neutral portrait in pixels
 * @param y shift downwards in pixels
 */
public record Pose(double yaw, double pitch, double roll, double scale, double x, double y) {
    /** Frontal, upright, centred: the pose of a neutral portrait. */
    public static final Pose NEUTRAL = new Pose(0, 0, 0, 1, 0, 0);
}
