package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The full adapter of diffusers' T2IAdapter: a condition picture to residuals for the down blocks
 * of a U-Net.
 */
public final class T2IAdapter {
    private final T2IAdapterConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final Conv2d convIn;
    private final List<Block> body = new ArrayList<>();

    private T2IAdapter(T2IAdapterConfig c, Weights weights, Kernels kernels) {
        this.config = c;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights).at("adapter");
        long unshuffled = (long) c.inChannels() * c.downscaleFactor() * c.downscaleFactor();
        convIn = w.conv("conv_in", unshuffled, c.channels().get(0), 3);
        for (int i = 0; i < c.channels().size(); i++) {
            body.add(new Block(w.at("body").at(i), c, i));
        }
    }

    /**
     * Builds the model.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static T2IAdapter create(T2IAdapterConfig config, Weights weights, Kernels kernels) {
        return new T2IAdapter(config, weights, kernels);
    }

    /**
     * One residual for each down block, the first at the condition's size divided by the downscale
     * factor, each next one half as large.
     *
     * @param condition (rows, inChannels, H, W) in [0, 1]; H and W are multiples of the downscale
     *     factor
     * @return float32 arrays owned by the manager of {@code condition}
     */
    public List<NDArray> forward(NDArray condition, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, condition)) {
            NDArray x =
                    new Call(pass, config.downscaleFactor())
                            .add(convIn)
                            .run("adapter_in", condition);
            List<NDArray> features = new ArrayList<>();
            for (Block block : body) {
                x = block.forward(pass, x);
                features.add(x);
            }
            features.forEach(pass::leave);
            return features;
        }
    }

    /** The configuration it was built from. */
    public T2IAdapterConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }

    /**
     * AdapterBlock: a halving except in the first, a change of width where needed, residual pairs
     * of convolutions.
     */
    private static final class Block {
        private final Conv2d inConv;
        private final List<Conv2d> resnets = new ArrayList<>();
        private final boolean halves;

        Block(Builder w, T2IAdapterConfig c, int index) {
            int in = c.channels().get(Math.max(0, index - 1));
            int out = c.channels().get(index);
            halves = index > 0;
            inConv = in == out ? null : w.conv("in_conv", in, out, 1);
            for (int i = 0; i < c.numResBlocks(); i++) {
                Builder resnet = w.at("resnets").at(i);
                resnets.add(resnet.conv("block1", out, out, 3));
                resnets.add(resnet.conv("block2", out, out, 1));
            }
        }

        NDArray forward(Pass pass, NDArray x) {
            Call call = new Call(pass, halves ? 1 : 0, resnets.size() / 2).add(inConv);
            resnets.forEach(call::add);
            return call.run("adapter_block", x);
        }
    }
}
