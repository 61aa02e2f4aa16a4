package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.weights.Weights;

/** y = x W' + b. A weight stored as a 1x1 convolution is kept in that shape. */
public final class Linear extends Layer {
    /**
     * Takes {@code weight} (out, in) and {@code bias} (out).
     *
     * @throws daumier.diffusion.weights.WeightsException if one is missing or has another shape
     */
    public Linear(Weights w, long in, long out, boolean bias) {
        this(w, null, in, out, bias);
    }

    Linear(Weights w, Packer packer, long in, long out, boolean bias) {
        super(w, packer, bias, in, out, in);
    }

    private Linear(Weights w, Packer packer, long in, long out, long height, long width) {
        super(w, packer, true, in, out, in, height, width);
    }

    /**
     * A projection of pictures point by point, which older checkpoints store as a 1x1 convolution:
     * the file decides, or the flag.
     */
    static Linear projection(Weights w, Packer packer, long in, long out, boolean asConvolution) {
        boolean convolution = w.shape("weight").map(s -> s.length == 4).orElse(asConvolution);
        return convolution
                ? new Linear(w, packer, in, out, 1, 1)
                : new Linear(w, packer, in, out, true);
    }

    @Override
    String packing() {
        return "pack_linear";
    }

    @Override
    Shape packedShape() {
        return new Shape(out(), shape().size() / out());
    }

    /**
     * The layer on its own. x: (rows, tokens, in), gives (rows, tokens, out), owned by the manager
     * of x.
     */
    public NDArray forward(NDArray x, Kernels kernels, Precision precision) {
        return new Call(kernels, precision).add(this).run("linear_layer", x);
    }
}
