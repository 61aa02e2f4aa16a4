package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.nn.SharedAttention;
import daumier.diffusion.nn.UNet2DConditionModel;
import java.util.ArrayList;
import java.util.HashSet;
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
 * @param reference a portrait whose keys and values the pictures attend to, or null; all rows do,
 *     with and without the prompt, so that guidance is about the words alone
 */
public record GuidedUNet(
        UNet2DConditionModel unet,
        PredictionType prediction,
        Precision precision,
        Conditioning text,
        List<NDArray> adapter,
        LoraScales scales,
        Reference reference)
        implements Denoiser {

    /** Without a reference. */
    public GuidedUNet(
            UNet2DConditionModel unet,
            PredictionType prediction,
            Precision precision,
            Conditioning text,
            List<NDArray> adapter,
            LoraScales scales) {
        this(unet, prediction, precision, text, adapter, scales, null);
    }

    /** The same with other LoRA scales; null for none. */
    public GuidedUNet withScales(LoraScales newScales) {
        return new GuidedUNet(unet, prediction, precision, text, adapter, newScales, reference);
    }

    /** The same with other adapter residuals; null for none. */
    public GuidedUNet withAdapter(List<NDArray> residuals) {
        return new GuidedUNet(unet, prediction, precision, text, residuals, scales, reference);
    }

    /** The same with other text. */
    public GuidedUNet withText(Conditioning conditioning) {
        return new GuidedUNet(
                unet, prediction, precision, conditioning, adapter, scales, reference);
    }

    /** The same with another reference; null for none. */
    public GuidedUNet withReference(Reference portrait) {
        return new GuidedUNet(unet, prediction, precision, text, adapter, scales, portrait);
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
            return predict(scratch, x, t, positive, positive, 1, at);
        }
        NDArray negative = rows(scratch, text.negative(), rows);
        if (negative.getShape().get(1) != positive.getShape().get(1)) {
            return guided(
                    scratch,
                    predict(scratch, x, t, negative, negative, 1, at),
                    predict(scratch, x, t, positive, positive, 1, at));
        }
        NDArray texts = NDArrays.concat(new NDList(negative, positive));
        NDArray both = predict(scratch, twice(x), twice(t), texts, positive, 2, at);
        return guided(scratch, both.get("0:" + rows), both.get(rows + ":" + 2 * rows));
    }

    /**
     * One pass of the network.
     *
     * @param x the rows of the pictures, as often as {@code halves} says
     * @param portraitText what a reference is described by: one row for each picture
     * @param halves 2 where negative and positive rows are together, else 1
     */
    private NDArray predict(
            NDManager scratch,
            NDArray x,
            NDArray t,
            NDArray texts,
            NDArray portraitText,
            int halves,
            List<NoiseLevel> at) {
        List<NDArray> residuals = repeated(scratch, adapter, halves);
        if (reference == null || !reference.acts(at)) {
            return unet.forward(
                    x, t, texts, new Forward(precision, residuals, repeatedScales(halves)));
        }
        // One reference serves all pictures, unless they differ in what it must share with them.
        boolean alike = new HashSet<>(at).size() == 1 && (scales == null || scales.rows() == 1);
        List<NoiseLevel> levels = alike ? at.subList(0, 1) : at;
        int own = halves * at.size();
        String first = "0:" + levels.size();
        NDArray out =
                unet.forward(
                        NDArrays.concat(new NDList(x, reference.noised(scratch, levels))),
                        NDArrays.concat(new NDList(t, t.get(first))),
                        NDArrays.concat(new NDList(texts, portraitText.get(first))),
                        new Forward(
                                precision,
                                withoutMore(residuals, own, levels.size()),
                                repeatedScales(alike ? halves : halves + 1),
                                new SharedAttention(levels.size(), reference.strength())));
        return out.get("0:" + own);
    }

    /** Residuals for the pictures' rows, and none for the references behind them. */
    private static List<NDArray> withoutMore(List<NDArray> residuals, int own, int more) {
        if (residuals == null) {
            return null;
        }
        List<NDArray> longer = new ArrayList<>();
        for (NDArray residual : residuals) {
            Shape row = residual.getShape().slice(1);
            NDArray all = residual.broadcast(new Shape(own).addAll(row));
            NDArray none = residual.getManager().zeros(new Shape(more).addAll(row));
            longer.add(NDArrays.concat(new NDList(all, none)));
        }
        return longer;
    }

    private NDArray guided(NDManager scratch, NDArray without, NDArray with) {
        int rows = Math.toIntExact(with.getShape().get(0));
        return without.add(with.sub(without).mul(Rows.column(scratch, text.guidance(rows))));
    }

    private static NDArray twice(NDArray array) {
        return NDArrays.concat(new NDList(array, array));
    }

    private static List<NDArray> repeated(NDManager scratch, List<NDArray> residuals, int times) {
        if (residuals == null || times == 1) {
            return residuals == null
                    ? null
                    : residuals.stream().map(r -> SamplingState.borrow(scratch, r)).toList();
        }
        List<NDArray> doubled = new ArrayList<>();
        for (NDArray residual : residuals) {
            NDArray own = SamplingState.borrow(scratch, residual);
            doubled.add(own.getShape().get(0) == 1 ? own : twice(own));
        }
        return doubled;
    }

    private LoraScales repeatedScales(int times) {
        return scales == null || times == 1 ? scales : scales.repeated(times);
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
