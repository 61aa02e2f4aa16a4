package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * How one forward pass is made.
 *
 * @param precision number type inside
 * @param adapterResiduals one array for each down block from a {@link T2IAdapter}, already scaled,
 *     or null
 * @param scales strength of the attached LoRAs, or null for none
 * @param shared which rows are references that the others attend to, or null for none
 */
public record Forward(
        Precision precision,
        List<NDArray> adapterResiduals,
        LoraScales scales,
        SharedAttention shared) {
    /** Without references. */
    public Forward(Precision precision, List<NDArray> adapterResiduals, LoraScales scales) {
        this(precision, adapterResiduals, scales, null);
    }

    /** Without adapter and LoRA. */
    public static Forward in(Precision precision) {
        return new Forward(precision, null, null);
    }

    /** The same with an adapter's residuals. */
    public Forward withAdapter(List<NDArray> residuals) {
        return new Forward(precision, residuals, scales, shared);
    }

    /** The same with LoRA scales. */
    public Forward withLora(LoraScales loraScales) {
        return new Forward(precision, adapterResiduals, loraScales, shared);
    }

    /** The same with references among the rows. */
    public Forward withShared(SharedAttention sharedAttention) {
        return new Forward(precision, adapterResiduals, scales, sharedAttention);
    }
}
