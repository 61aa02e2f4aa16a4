package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Resnets over the input joined with the skips, each followed by attention if this is a
 * CrossAttnUpBlock2D, then a doubling.
 */
final class UpBlock2D {
    private final List<ResnetBlock2D> resnets = new ArrayList<>();
    private final List<Transformer2DModel> attentions = new ArrayList<>();
    private final Conv2d upsampler;

    /**
     * @param index counted from the deepest block
     */
    UpBlock2D(Builder w, UNetConfig c, int index) {
        List<Integer> channels = UNetConfig.reversed(c.blockOutChannels());
        int last = channels.size() - 1;
        int out = channels.get(index);
        int previous = channels.get(Math.max(0, index - 1));
        int skipOfLast = channels.get(Math.min(index + 1, last));
        boolean attends = c.upBlockTypes().get(index).equals(UNetConfig.CROSS_UP);
        int layers = UNetConfig.reversed(c.layersPerBlock()).get(index) + 1;
        for (int i = 0; i < layers; i++) {
            int skip = i == layers - 1 ? skipOfLast : out;
            resnets.add(
                    new ResnetBlock2D(
                            w.at("resnets").at(i),
                            (i == 0 ? previous : out) + (long) skip,
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
                                UNetConfig.reversed(c.attentionHeads()).get(index),
                                UNetConfig.reversed(c.transformerLayersPerBlock()).get(index),
                                UNetConfig.reversed(c.crossAttentionDim()).get(index),
                                c.normNumGroups(),
                                c.useLinearProjection()));
            }
        }
        upsampler = index == last ? null : w.conv("upsamplers.0.conv", out, out, 3);
    }

    /**
     * Takes its skips from the end of {@code skips}; the doubling goes to the size of the next one
     * there.
     */
    NDArray forward(Pass pass, NDArray input, NDArray time, NDArray context, Deque<NDArray> skips) {
        NDArray x = input;
        for (int i = 0; i < resnets.size(); i++) {
            NDArray skip = skips.removeLast();
            x = pass.after(x, resnets.get(i).forward(pass, x, skip, time));
            skip.close();
            if (!attentions.isEmpty()) {
                x = pass.after(x, attentions.get(i).forward(pass, x, context));
            }
        }
        if (upsampler != null) {
            x = pass.after(x, new Call(pass).add(upsampler).run("upsample", x, skips.getLast()));
        }
        return x;
    }
}
