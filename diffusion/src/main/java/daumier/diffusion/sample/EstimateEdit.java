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
     * Pictures pulled along a displacement field, bilinearly, their borders continued.
     *
     * @param pictures (b, c, H, W)
     * @param displacement (b or 1, 2, H, W) in pixels: the result at (x, y) is the picture at (x +
     *     field 0, y + field 1)
     * @return (b, c, H, W), with the pictures' manager
     */
    public static NDArray warp(NDArray pictures, NDArray displacement) {
        Shape shape = pictures.getShape();
        Shape field = displacement.getShape();
        int rows = (int) shape.get(0);
        int channels = (int) shape.get(1);
        int height = (int) shape.get(2);
        int width = (int) shape.get(3);
        if (field.dimension() != 4
                || (field.get(0) != 1 && field.get(0) != rows)
                || field.get(1) != 2
                || field.get(2) != height
                || field.get(3) != width) {
            throw new IllegalArgumentException(
                    String.format(
                            "The displacement field has the shape %s where (%d, 2, %d, %d) is"
                                    + " needed.",
                            field, rows, height, width));
        }
        float[] from = pictures.toFloatArray();
        float[] moves = displacement.toFloatArray();
        float[] to = new float[from.length];
        int plane = height * width;
        for (int row = 0; row < rows; row++) {
            int move = field.get(0) == 1 ? 0 : row * 2 * plane;
            for (int i = 0; i < plane; i++) {
                float x = clamped(i % width + moves[move + i], width - 1);
                float y = clamped(i / width + moves[move + plane + i], height - 1);
                int left = Math.min((int) x, Math.max(0, width - 2));
                int top = Math.min((int) y, Math.max(0, height - 2));
                int right = Math.min(left + 1, width - 1) - left;
                int down = (Math.min(top + 1, height - 1) - top) * width;
                float partX = x - left;
                float partY = y - top;
                for (int c = 0; c < channels; c++) {
                    int base = (row * channels + c) * plane;
                    int at = base + top * width + left;
                    float upper = from[at] + partX * (from[at + right] - from[at]);
                    float lower =
                            from[at + down] + partX * (from[at + down + right] - from[at + down]);
                    to[base + i] = upper + partY * (lower - upper);
                }
            }
        }
        return pictures.getManager().create(to, shape);
    }

    private static float clamped(float value, int most) {
        return Math.max(0, Math.min(most, value));
    }
}
