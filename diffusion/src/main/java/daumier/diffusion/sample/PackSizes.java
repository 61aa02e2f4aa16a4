package daumier.diffusion.sample;

import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;

/**
 * Which sizes of pictures a pack makes: known from its configurations alone.
 *
 * @param unet the U-Net's configuration
 * @param vae the autoencoder's configuration
 */
record PackSizes(UNetConfig unet, VaeConfig vae) {
    /** How many pixels of a side are one of a latent. */
    int downscale() {
        return vae.downscale();
    }

    /** What both sides of a picture must be a multiple of. */
    int pictureUnit() {
        return downscale() << (unet.blockOutChannels().size() - 1);
    }

    /** The side of the pictures that the pack was trained on. */
    int pictureSize() {
        return unet.sampleSize() * downscale();
    }

    /** Latent size for a picture of this size: (channels, h, w). */
    Shape latentShape(int width, int height) {
        int unit = pictureUnit();
        if (width < unit || height < unit || width % unit != 0 || height % unit != 0) {
            throw new IllegalArgumentException(
                    "This pack makes pictures whose sides are multiples of %d, not %dx%d."
                            .formatted(unit, width, height));
        }
        return new Shape(unet.inChannels(), height / downscale(), width / downscale());
    }
}
