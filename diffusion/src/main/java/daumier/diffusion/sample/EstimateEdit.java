package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;

/**
 * Changes the picture that a half-finished sampling is heading for: its estimate of the clean
 * latents is decoded, the picture changed, and encoded again. The steps that remain repair what the
 * change tore.
 *
 * <p>Only the difference that the change makes to the encoding is added to the estimate, so that
 * what the autoencoder loses in passing is not lost from the sampling, and no change is none up to
 * rounding.
 */
public final class EstimateEdit {
    private final Pack pack;

    /** Edits through the pack's autoencoder. */
    public EstimateEdit(Pack pack) {
        this.pack = pack;
    }

    /**
     * The state after a change of the pictures.
     *
     * @param change takes pictures (b, 3, H, W) in about [-1, 1] and gives new ones of that shape,
     *     with the same manager
     * @throws IllegalStateException if the state has no estimate yet
     */
    public SamplingState apply(SamplingState state, UnaryOperator<NDArray> change) {
        try (NDManager scratch = state.newScratch()) {
            NDArray estimate = estimate(scratch, state);
            return changed(state, estimate, pack.decode(estimate), change);
        }
    }

    /**
     * The same where the estimate has been decoded already, to be looked at for instance.
     *
     * @param decoded what {@link Pack#decode} makes of the state's estimate, (b, 3, H, W); stays
     *     the caller's
     * @throws IllegalArgumentException if it has another number of rows
     */
    public SamplingState apply(
            SamplingState state, NDArray decoded, UnaryOperator<NDArray> change) {
        if (decoded.getShape().get(0) != state.rows()) {
            throw new IllegalArgumentException(
                    "%d pictures were decoded of the %d estimates that are to be edited."
                            .formatted(decoded.getShape().get(0), state.rows()));
        }
        try (NDManager scratch = state.newScratch()) {
            NDArray estimate = estimate(scratch, state);
            return changed(state, estimate, SamplingState.borrow(scratch, decoded), change);
        }
    }

    private static NDArray estimate(NDManager scratch, SamplingState state) {
        return SamplingState.borrow(
                scratch,
                state.x0()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "There is no estimate to edit before a first"
                                                        + " step.")));
    }

    private SamplingState changed(
            SamplingState state, NDArray estimate, NDArray before, UnaryOperator<NDArray> change) {
        NDArray after = change.apply(before);
        NDArray difference = pack.encodeImage(after, null).sub(pack.encodeImage(before, null));
        return state.replaceX0(estimate.add(difference));
    }

    /** The state after a {@linkplain #warp warp} of the pictures. */
    public SamplingState apply(SamplingState state, NDArray displacement) {
        return apply(state, pictures -> warp(pictures, displacement));
    }

    /**
     * Pictures pulled along a displacement field, their borders continued. Cubic, for a drawing is
     * warped at every decision, and what bilinear sampling blurs the last steps do not sharpen
     * again.
     *
     * @param pictures (b, c, H, W)
     * @param displacement (b or 1, 2, H, W) in pixels: the result at (x, y) is the picture at (x +
     *     field 0, y + field 1)
     * @return (b, c, H, W), with the pictures' manager
     * @throws IllegalArgumentException if the field has another shape
     */
    public NDArray warp(NDArray pictures, NDArray displacement) {
        Shape shape = pictures.getShape();
        Shape field = displacement.getShape();
        long rows = field.dimension() == 4 && field.get(0) == 1 ? 1 : shape.get(0);
        if (!field.equals(new Shape(rows, 2, shape.get(2), shape.get(3)))) {
            throw new IllegalArgumentException(
                    "The displacement field has the shape %s where (%d, 2, %d, %d) is needed."
                            .formatted(field, shape.get(0), shape.get(2), shape.get(3)));
        }
        return pack.kernels().call("warp", pictures, displacement);
    }
}
