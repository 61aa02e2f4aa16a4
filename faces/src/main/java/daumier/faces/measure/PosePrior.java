package daumier.faces.measure;

/**
 * What is known of a pose before the landmarks are seen: standard deviations round the neutral
 * pose. Infinite means unknown.
 *
 * @param yaw degrees
 * @param pitch degrees
 * @param roll degrees
 * @param logScale of the natural logarithm of the scale
 * @param shift pixels
 */
public record PosePrior(double yaw, double pitch, double roll, double logScale, double shift) {
    /** A portrait photograph, roughly frontal, of any size at any place. */
    public static final PosePrior PHOTO =
            new PosePrior(
                    15,
                    6,
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY);

    /** A picture drawn in the portrait frame, where size is known to a few percent. */
    public static final PosePrior PORTRAIT = new PosePrior(9, 4, 4, 0.04, 3);

    /** Precisions in the units of the fit: radians, log, pixels. */
    double[] precision() {
        double rad = Math.PI / 180;
        return new double[] {
            of(yaw * rad), of(pitch * rad), of(roll * rad), of(logScale), of(shift), of(shift)
        };
    }

    private static double of(double sd) {
        return 1 / (sd * sd);
    }
}
