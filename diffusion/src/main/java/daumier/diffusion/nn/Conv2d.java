package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.weights.Weights;

/** A convolution with a square kernel. Stride and padding belong to the place where it is used. */
public final class Conv2d extends Layer {
    /**
     * Takes {@code weight} (out, in, kernel, kernel) and {@code bias} (out).
     *
     * @throws daumier.diffusion.weights.WeightsException if one is missing or has another shape
     */
    public Conv2d(Weights w, long in, long out, long kernel, boolean bias) {
        this(w, null, in, out, kernel, bias);
    }

    Conv2d(Weights w, Packer packer, long in, long out, long kernel, boolean bias) {
        super(w, packer, bias, in * kernel * kernel, out, in, kernel, kernel);
    }

    @Override
    String packing() {
        return "pack_conv";
    }

    @Override
    Shape packedShape() {
        return shape();
    }

    /**
     * The layer on its own. x: (rows, in, h, w), gives (rows, out, h', w'), owned by the manager of
     * x.
     */
    public NDArray forward(
            NDArray x, int stride, int padding, Kernels kernels, Precision precision) {
        return new Call(kernels, precision, stride, padding).add(this).run("conv_layer", x);
    }
}
