package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Resnets, each followed by attention to the text if this is a CrossAttnDownBlock2D, then a halving
 * unless it is the last block.
 */
final class DownBlock2D {
    private final List<ResnetBlock2D> resnets = new ArrayList<>();
    private final List<Transformer2DModel> attentions = new ArrayList<>();
    private final Conv2d downsampler;
    private final int padding;

    DownBlock2D(Builder w, UNetConfig c, int index) {
        int out = c.blockOutChannels().get(index);
        int in = c.blockOutChannels().get(Math.max(0, index - 1));
        boolean attends = c.downBlockTypes().get(index).equals(UNetConfig.CROSS_DOWN);
        for (int i = 0; i < c.layersPerBlock().get(index); i++) {
            resnets.add(
                    new ResnetBlock2D(
                            w.at("resnets").at(i),
                            i == 0 ? in : out,
                            out,
                            c.timeEmbedDim(),
                            c.normNumGroups(),
                            c.normEps(),
                            1));
            if (attends) {
                attentions.add(
                        new Transformer2DModel(
                                w.at("attentions").at(i),
                                out,
                                c.attentionHeads().get(index),
                                c.transformerLayersPerBlock().get(index),
                                c.crossAttentionDim().get(index),
                                c.normNumGroups(),
                                c.useLinearProjection()));
            }
        }
        boolean last = index == c.blockOutChannels().size() - 1;
        downsampler = last ? null : w.conv("downsamplers.0.conv", out, out, 3);
        padding = c.downsamplePadding();
    }

    /**
     * Appends each output that an up block will need to {@code skips}.
     *
     * @param residual what an adapter adds: to the last layer's output, or after the halving if it
     *     has that size (as diffusers does for blocks without attention); or null
     */
    NDArray forward(
            Pass pass,
            NDArray input,
            NDArray time,
            NDArray context,
            NDArray residual,
            Deque<NDArray> skips) {
        NDArray x = input;
        for (int i = 0; i < resnets.size(); i++) {
            x = resnets.get(i).forward(pass, x, pass.none(), time);
            if (!attentions.isEmpty()) {
                x = pass.after(x, attentions.get(i).forward(pass, x, context));
            }
            boolean last = i == resnets.size() - 1;
            if (last && residual != null && fits(residual, x)) {
                x = pass.add(x, residual);
            }
            skips.add(x);
        }
        if (downsampler != null) {
            boolean late = residual != null && !fits(residual, x);
            x = new Call(pass, 2, padding, padding == 0 ? 1 : 0).add(downsampler).run("conv_in", x);
            if (late) {
                x = pass.add(x, residual);
            }
            skips.add(x);
        }
        return x;
    }

    private static boolean fits(NDArray residual, NDArray x) {
        return residual.getShape().get(2) == x.getShape().get(2)
                && residual.getShape().get(3) == x.getShape().get(3);
    }
}
