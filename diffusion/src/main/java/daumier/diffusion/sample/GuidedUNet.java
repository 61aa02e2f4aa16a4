package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.UNet2DConditionModel;
import java.util.ArrayList;
import java.util.List;

/**
 * A U-Net as a denoiser, with classifier-free guidance (Ho and Salimans 2022): the halves with the
 * negative prompt and with the prompt go through the network as one batch, or one after the other
 * where prompts of different lengths have different numbers of text states.
 *
 * @param text the conditioning of all rows
 * @param adapter residuals of a T2I adapter for the down blocks, already scaled, each with b rows
 *     or 1, or null
 * @param scales LoRA scales of b rows or 1, or null
 */
public record GuidedUNet(
        UNet2DConditionModel unet,
        PredictionType prediction,
        Precision precision,
        Conditioning text,
        List<NDArray> adapter,
        LoraScales scales)
        implements Denoiser {

    /** The same with other LoRA scales; null for none. */
    public GuidedUNet withScales(LoraScales newScales) {
        return new GuidedUNet(unet, prediction, precision, text, adapter, newScales);
    }

    /** The same with other adapter residuals; null for none. */
    public GuidedUNet withAdapter(List<NDArray> residuals) {
        return new GuidedUNet(unet, prediction, precision, text, residuals, scales);
    }

    /** The same with other text. */
    public GuidedUNet withText(Conditioning conditioning) {
        return new GuidedUNet(unet, prediction, precision, conditioning, adapter, scales);
    }

    @Override
    public NDArray x0(NDArray x, List<NoiseLevel> at) {
        NDManager outside = x.getManager();
        try (NDManager scratch = outside.newSubManager()) {
            NDArray input = SamplingState.borrow(scratch, x);
            NDArray x0 = prediction.x0(input, output(scratch, input, at), at);
            x0.attach(outside);
            return x0;
        }
    }

    private NDArray output(NDManager scratch, NDArray x, List<NoiseLevel> at) {
        int rows = at.size();
        float[] timesteps = new float[rows];
        for (int i = 0; i < rows; i++) {
            timesteps[i] = (float) Math.max(0, at.get(i).timestep());
        }
        NDArray t = scratch.create(timesteps);
        NDArray positive = rows(scratch, text.positive(), rows);
        if (!text.isGuided()) {
            return unet.forward(x, t, positive, new Forward(precision, adapter, scales));
        }
        NDArray negative = rows(scratch, text.negative(), rows);
        if (negative.getShape().get(1) != positive.getShape().get(1)) {
            return guided(
                    scratch,
                    unet.forward(x, t, negative, new Forward(precision, adapter, scales)),
                    unet.forward(x, t, positive, new Forward(precision, adapter, scales)));
        }
        NDArray both =
                unet.forward(
                        twice(x),
                        twice(t),
                        NDArrays.concat(new NDList(negative, positive)),
                        new Forward(precision, twice(scratch, adapter), doubledScales()));
        return guided(scratch, both.get("0:" + rows), both.get(rows + ":" + 2 * rows));
    }

    private NDArray guided(NDManager scratch, NDArray without, NDArray with) {
        int rows = Math.toIntExact(with.getShape().get(0));
        return without.add(with.sub(without).mul(Rows.column(scratch, text.guidance(rows))));
    }

    private static NDArray twice(NDArray array) {
        return NDArrays.concat(new NDList(array, array));
    }

    private static List<NDArray> twice(NDManager scratch, List<NDArray> residuals) {
        if (residuals == null) {
            return null;
        }
        List<NDArray> doubled = new ArrayList<>();
        for (NDArray residual : residuals) {
            NDArray own = SamplingState.borrow(scratch, residual);
            doubled.add(own.getShape().get(0) == 1 ? own : twice(own));
        }
        return doubled;
    }

    private LoraScales doubledScales() {
        return scales == null ? null : scales.repeated(2);
    }

    private static NDArray rows(NDManager scratch, NDArray states, int rows) {
        NDArray own = SamplingState.borrow(scratch, states);
        Shape shape = own.getShape();
        if (shape.get(0) == rows) {
            return own;
        }
        if (shape.get(0) != 1) {
            throw new IllegalArgumentException(
                    "The text has " + shape.get(0) + " rows where the latents have " + rows + ".");
        }
        return own.broadcast(new Shape(rows, shape.get(1), shape.get(2)));
    }
}
