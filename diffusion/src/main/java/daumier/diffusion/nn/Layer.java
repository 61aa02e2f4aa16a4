package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;

/** A linear layer or a convolution: weight, bias and a place for LoRA side branches. */
public abstract sealed class Layer permits Linear, Conv2d {
    private final String path;
    private final NDArray weight;
    private final NDArray bias;
    private final SideBranch sideBranch = new SideBranch();
    private NDArray rounded;

    Layer(Weights w, boolean bias, long fanIn, long... shape) {
        this.path = w.path();
        this.weight = w.get("weight", Init.kaimingUniform(fanIn), shape);
        this.bias = bias ? w.get("bias", Init.kaimingUniform(fanIn), shape[0]) : null;
    }

    /** The full dotted name of the layer in the checkpoint, without {@code .weight}. */
    public final String path() {
        return path;
    }

    /** The weight, outputs first. */
    public final NDArray weight() {
        return weight;
    }

    /**
     * The weight as a pass in that precision takes it; one that is being trained is never replaced.
     */
    final NDArray weight(Precision precision) {
        NDArray copy = rounded;
        return copy == null || precision != Precision.BF16 || weight.hasGradient() ? weight : copy;
    }

    /** Keeps a bfloat16 copy of the weight, or forgets it. */
    final void keepRounded(Kernels kernels, boolean keep) {
        if (rounded != null) {
            rounded.close();
            rounded = null;
        }
        if (keep) {
            try (NDArray type = weight.getManager().create((double) Precision.BF16.code)) {
                rounded = kernels.call("round", weight, type);
            }
        }
    }

    /** The bias of shape (out), or null. */
    final NDArray bias() {
        return bias;
    }

    final SideBranch sideBranch() {
        return sideBranch;
    }

    /** Outputs or output channels. */
    public final long out() {
        return weight.getShape().get(0);
    }

    /** Inputs or input channels. */
    public final long in() {
        return weight.getShape().get(1);
    }

    /** The layer as LoRA files see it. */
    public final LoraTarget target() {
        Shape shape = weight.getShape();
        return shape.dimension() == 4
                ? LoraTarget.conv(path, in(), out(), shape.get(3))
                : LoraTarget.linear(path, in(), out());
    }
}
