package daumier.env.caricature;

import daumier.faces.Picture;

/**
 * A portrait that the drawings look at while they are drawn: all self-attention of the U-Net sees
 * its keys and values too ({@link daumier.diffusion.sample.Reference}).
 *
 * @param picture of any size; it is scaled to the square that the pack draws
 * @param strength factor of the attention that it gets, above 0
 * @param lowest timestep at which it is seen
 * @param highest timestep at which it is seen
 * @param seed of its own noise
 */
public record PortraitReference(
        Picture picture, double strength, double lowest, double highest, long seed) {
    /** Checks the numbers. */
    public PortraitReference {
        if (!(strength > 0) || Double.isInfinite(strength)) {
            throw new IllegalArgumentException(
                    "The strength of a reference must be above 0, but it is " + strength + ".");
        }
        if (!(lowest <= highest)) {
            throw new IllegalArgumentException(
                    "A reference is seen from a lower to a higher timestep, not from %s to %s."
                            .formatted(lowest, highest));
        }
    }
}
