package daumier.diffusion.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.nn.Kernels;

/** What is wrong with pictures, as a number that gradients lead down from. */
@FunctionalInterface
public interface PictureLoss {
    /**
     * The loss of each picture.
     *
     * @param pictures (rows, 3, H, W) in about [-1, 1]
     * @return (rows), differentiable, with the pictures' manager
     */
    NDArray of(NDArray pictures);

    /** One minus the cosine with an embedding (1, d) of a picture or of words, by CLIP. */
    static PictureLoss clip(ClipModel clip, NDArray target) {
        return pictures -> awayFrom(clip.embedSmoothly(pictures), target);
    }

    /** The perceptual distance from a picture (1, 3, H, W), which must be of the same size. */
    static PictureLoss lpips(Lpips lpips, NDArray target) {
        return pictures -> lpips.distance(pictures, target);
    }

    /** One minus the cosine of rows of length 1 with a vector (1, d) of length 1. */
    static NDArray awayFrom(NDArray embeddings, NDArray target) {
        return embeddings.mul(target).sum(new int[] {1}).neg().add(1);
    }

    /**
     * Pictures resized to a square, antialiased and bilinear, so that gradients pass.
     *
     * @return (rows, 3, side, side), with the pictures' manager
     */
    static NDArray square(NDArray pictures, int side, Kernels kernels) {
        if (pictures.getShape().get(2) == side && pictures.getShape().get(3) == side) {
            return pictures;
        }
        try (NDManager numbers = pictures.getManager().newSubManager()) {
            NDArray size = numbers.create(new long[] {side, side, 0});
            return kernels.call("resize_antialiased", pictures, size);
        }
    }
}
