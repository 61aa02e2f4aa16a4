package daumier.cli.pack;

/**
 * How much is spent on each part of the pack.
 *
 * @param photographs photo-look examples with maps
 * @param looks examples in all looks, for the autoencoders
 * @param decoderSteps steps of 4 pictures for the autoencoder's decoder
 * @param tinySteps steps of 8 pictures
 * @param textSteps steps of 32 captions, before the U-Net listens
 * @param unetSteps steps of 16 latents
 * @param refineSteps steps of 16 latents, after those
 * @param loraScale factor on every artist's steps
 * @param lcmSteps steps of 8 latents
 */
record PackBudget(
        int photographs,
        int looks,
        long decoderSteps,
        long tinySteps,
        long textSteps,
        long unetSteps,
        long refineSteps,
        double loraScale,
        long lcmSteps) {
    /** A pack that is worth shipping. */
    static PackBudget full() {
        return new PackBudget(9000, 3000, 1000, 350, 800, 2400, 3600, 1, 120);
    }

    /** A pack that works, in less than half the time; soft pictures. */
    static PackBudget quick() {
        return new PackBudget(7000, 1800, 400, 250, 500, 1200, 400, 0.5, 120);
    }

    /** Everything once, to see that it works; the pictures will be poor. */
    static PackBudget smoke() {
        return new PackBudget(48, 24, 4, 4, 4, 4, 4, 0.02, 2);
    }
}
