package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.weights.Init;
import daumier.diffusion.weights.Weights;

/** A linear layer or a convolution: weight, bias and a place for LoRA side branches. */
public abstract sealed class Layer permits Linear, Conv2d {
    private final String path;
    private final Shape shape;
    private final NDArray bias;
    private final SideBranch sideBranch = new SideBranch();
    private final NDArray weight;
    private final Packer.Packed packed;
    private NDArray rounded;

    /**
     * @param packer packs the weight; null to keep it as it is
     */
    Layer(Weights w, Packer packer, boolean bias, long fanIn, long... shape) {
        this.path = w.path();
        this.shape = new Shape(shape);
        if (packer == null) {
            weight = w.get("weight", Init.kaimingUniform(fanIn), shape);
            packed = null;
        } else {
            weight = null;
            packed = packer.pack(this, w);
        }
        this.bias = bias ? w.get("bias", Init.kaimingUniform(fanIn), shape[0]) : null;
    }

    /** The full dotted name of the layer in the checkpoint, without {@code .weight}. */
    public final String path() {
        return path;
    }

    /**
     * The weight, outputs first.
     *
     * @throws IllegalStateException if it is packed
     */
    public final NDArray weight() {
        if (weight == null) {
            throw new IllegalStateException(path + " is packed for drawing.");
        }
        return weight;
    }

    /** A copy of the weight; of a packed one, what was packed. */
    final NDArray copyOfWeight(NDManager owner) {
        NDArray copy;
        if (packed == null) {
            copy = weight.duplicate();
        } else {
            copy = packed.unpacked().reshape(shape);
        }
        copy.attach(owner);
        return copy;
    }

    /**
     * The weight as a pass in that precision takes it; one that is being trained is never replaced.
     */
    final NDArray weight(Precision precision) {
        if (packed != null) {
            return packed.weight();
        }
        NDArray copy = rounded;
        return copy == null || precision != Precision.BF16 || weight.hasGradient() ? weight : copy;
    }

    /** Keeps a bfloat16 copy of the weight, or forgets it. */
    final void keepRounded(Kernels kernels, boolean keep) {
        if (rounded != null) {
            rounded.close();
            rounded = null;
        }
        if (keep && packed == null) {
            try (NDArray type = weight.getManager().create((double) Precision.BF16.code)) {
                rounded = kernels.call("round", weight, type);
            }
        }
    }

    /** The kernel that packs a weight of this kind. */
    abstract String packing();

    /** The shape of a weight of this kind when it is packed. */
    abstract Shape packedShape();

    /** The bias of shape (out), or null. */
    final NDArray bias() {
        return bias;
    }

    final SideBranch sideBranch() {
        return sideBranch;
    }

    final Shape shape() {
        return shape;
    }

    /** Outputs or output channels. */
    public final long out() {
        return shape.get(0);
    }

    /** Inputs or input channels. */
    public final long in() {
        return shape.get(1);
    }

    /** The layer as LoRA files see it. */
    public final LoraTarget target() {
        return shape.dimension() == 4
                ? LoraTarget.conv(path, in(), out(), shape.get(3))
                : LoraTarget.linear(path, in(), out());
    }
}
