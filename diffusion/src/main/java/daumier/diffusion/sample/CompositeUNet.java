package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The mean of a U-Net's guided estimates in several variants, as LoRA Composite takes it over LoRAs
 * (Zhong et al. 2024, arXiv 2402.16843). All variants of all rows go through the network as one
 * batch, in which the variants of a row lie together.
 *
 * @param unet its text has one row for each variant, its LoRA scales have one for each or a single
 *     one
 * @param variants how many
 */
record CompositeUNet(GuidedUNet unet, int variants) implements Denoiser {

    @Override
    public NDArray x0(NDArray x, List<NoiseLevel> at) {
        NDManager outside = x.getManager();
        try (NDManager scratch = outside.newSubManager()) {
            int rows = at.size();
            List<NoiseLevel> levels = new ArrayList<>();
            at.forEach(level -> levels.addAll(Collections.nCopies(variants, level)));
            NDArray all = ofRows(rows, scratch).x0(each(x, scratch), levels);
            Shape shape = x.getShape();
            NDArray byVariant = all.reshape(new Shape(rows, variants).addAll(shape.slice(1)));
            NDArray mean = byVariant.mean(new int[] {1});
            mean.attach(outside);
            return mean;
        }
    }

    /** The U-Net with the texts, residuals and scales of all variants of so many rows. */
    private GuidedUNet ofRows(int rows, NDManager scratch) {
        Conditioning text = unet.text();
        NDArray positive = text.positive();
        NDArray negative = text.negative();
        return unet.withText(
                        new Conditioning(
                                tiled(positive, rows, scratch),
                                negative == null ? null : tiled(negative, rows, scratch),
                                text.guidance()))
                .withAdapter(residuals(scratch))
                .withScales(unet.scales() == null ? null : unet.scales().repeated(rows));
    }

    private List<NDArray> residuals(NDManager scratch) {
        if (unet.adapter() == null) {
            return null;
        }
        return unet.adapter().stream()
                .map(r -> r.getShape().get(0) == 1 ? r : each(r, scratch))
                .toList();
    }

    /** Every row as often as there are variants, those of a row together. */
    private NDArray each(NDArray array, NDManager scratch) {
        Shape shape = array.getShape();
        Shape row = shape.slice(1);
        return SamplingState.borrow(scratch, array)
                .reshape(new Shape(shape.get(0), 1).addAll(row))
                .tile(new long[] {1, variants, 1, 1, 1})
                .reshape(new Shape(shape.get(0) * variants).addAll(row));
    }

    private static NDArray tiled(NDArray texts, int rows, NDManager scratch) {
        return SamplingState.borrow(scratch, texts).tile(new long[] {rows, 1, 1});
    }
}
