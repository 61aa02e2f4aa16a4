package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * How far one picture is from another, for training autoencoders: absolute and squared error (the
 * latter heavy, or whole areas keep a wrong colour for long), the error of the image gradients at
 * two scales (edges and lines), and the middle of the picture, where the face is, once more.
 */
final class PictureLoss {
    private static final NDIndex UPPER = new NDIndex(":, :, 1:");
    private static final NDIndex LOWER = new NDIndex(":, :, :-1");
    private static final NDIndex RIGHT = new NDIndex(":, :, :, 1:");
    private static final NDIndex LEFT = new NDIndex(":, :, :, :-1");

    private PictureLoss() {}

    /**
     * The loss between {@code reconstruction} and {@code target}, both (batch, 3, height, width) in
     * [-1, 1].
     *
     * @return a scalar
     */
    static NDArray of(NDArray reconstruction, NDArray target) {
        NDArray difference = reconstruction.sub(target);
        long h = target.getShape().get(2);
        long w = target.getShape().get(3);
        NDIndex middle =
                new NDIndex(":, :, {}:{}, {}:{}", h * 9 / 32, h * 25 / 32, w * 9 / 32, w * 23 / 32);
        NDArray half = pooled(difference, 2);
        return difference
                .abs()
                .mean()
                .add(difference.square().mean().mul(4f))
                .add(pooled(difference, 8).square().mean().mul(20f))
                .add(edges(difference).mul(0.5f))
                .add(edges(half).mul(0.25f))
                .add(difference.get(middle).abs().mean().mul(0.5f));
    }

    /** Means of squares of {@code side} x {@code side} pixels. */
    private static NDArray pooled(NDArray x, int side) {
        Shape shape = x.getShape();
        return x.reshape(
                        shape.get(0),
                        shape.get(1),
                        shape.get(2) / side,
                        side,
                        shape.get(3) / side,
                        side)
                .mean(new int[] {5})
                .mean(new int[] {3});
    }

    private static NDArray edges(NDArray d) {
        return d.get(UPPER)
                .sub(d.get(LOWER))
                .abs()
                .mean()
                .add(d.get(RIGHT).sub(d.get(LEFT)).abs().mean());
    }
}
