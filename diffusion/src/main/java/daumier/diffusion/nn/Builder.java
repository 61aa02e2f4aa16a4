package daumier.diffusion.nn;

import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * A cursor over the weights that also remembers the layers made, in order: they are where a LoRA
 * can attach.
 */
final class Builder {
    private final Weights weights;
    private final List<Layer> layers;
    private final Packer packer;

    private Builder(Weights weights, List<Layer> layers, Packer packer) {
        this.weights = weights;
        this.layers = layers;
        this.packer = packer;
    }

    static Builder root(Weights weights) {
        return root(weights, null);
    }

    /**
     * @param packer packs the weights of layers; null to keep them as they are
     */
    static Builder root(Weights weights, Packer packer) {
        return new Builder(weights, new ArrayList<>(), packer);
    }

    Builder at(String name) {
        return new Builder(weights.at(name), layers, packer);
    }

    Builder at(int index) {
        return new Builder(weights.at(index), layers, packer);
    }

    Builder with(Weights other) {
        return new Builder(other, layers, packer);
    }

    Weights weights() {
        return weights;
    }

    List<Layer> layers() {
        return layers;
    }

    Linear linear(String name, long in, long out, boolean bias) {
        return keep(new Linear(weights.at(name), packer, in, out, bias));
    }

    Linear projection(String name, long in, long out, boolean asConvolution) {
        return keep(Linear.projection(weights.at(name), packer, in, out, asConvolution));
    }

    Conv2d conv(String name, long in, long out, long kernel) {
        return keep(new Conv2d(weights.at(name), packer, in, out, kernel, true));
    }

    Conv2d convWithoutBias(String name, long in, long out, long kernel) {
        return keep(new Conv2d(weights.at(name), packer, in, out, kernel, false));
    }

    Norm norm(String name, long channels) {
        return new Norm(weights.at(name), channels);
    }

    private <T extends Layer> T keep(T layer) {
        layers.add(layer);
        return layer;
    }
}
