package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;

/** UNetMidBlock2DCrossAttn: resnet, attention, resnet. */
final class MidBlock2D {
    private final ResnetBlock2D before;
    private final Transformer2DModel attention;
    private final ResnetBlock2D after;

    MidBlock2D(Builder w, UNetConfig c) {
        int last = c.blockOutChannels().size() - 1;
        int channels = c.blockOutChannels().get(last);
        before = resnet(w.at("resnets").at(0), c, channels);
        attention =
                new Transformer2DModel(
                        w.at("attentions").at(0),
                        channels,
                        c.attentionHeads().get(last),
                        c.transformerLayersPerBlock().get(last),
                        c.crossAttentionDim().get(last),
                        c.normNumGroups(),
                        c.useLinearProjection());
        after = resnet(w.at("resnets").at(1), c, channels);
    }

    private static ResnetBlock2D resnet(Builder w, UNetConfig c, int channels) {
        return new ResnetBlock2D(
                w,
                channels,
                channels,
                c.timeEmbedDim(),
                c.normNumGroups(),
                c.normEps(),
                c.midBlockScaleFactor());
    }

    NDArray forward(Pass pass, NDArray input, NDArray time, NDArray context) {
        NDArray x = before.forward(pass, input, pass.none(), time);
        x = attention.forward(pass, x, context);
        return after.forward(pass, x, pass.none(), time);
    }
}
