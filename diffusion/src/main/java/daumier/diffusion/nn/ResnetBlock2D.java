package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;

/** norm, silu, conv, plus the projected time embedding, norm, silu, conv, plus the input. */
final class ResnetBlock2D {
    private final Norm norm1;
    private final Conv2d conv1;
    private final Linear timeEmbProj;
    private final Norm norm2;
    private final Conv2d conv2;
    private final Conv2d convShortcut;
    private final double[] numbers;

    /**
     * @param timeChannels size of the time embedding, 0 for none
     * @param outputScale what the sum is divided by, 1 in nearly all models
     */
    ResnetBlock2D(
            Builder w,
            long in,
            long out,
            long timeChannels,
            int groups,
            double eps,
            double outputScale) {
        norm1 = w.norm("norm1", in);
        conv1 = w.conv("conv1", in, out, 3);
        timeEmbProj = timeChannels == 0 ? null : w.linear("time_emb_proj", timeChannels, out, true);
        norm2 = w.norm("norm2", out);
        conv2 = w.conv("conv2", out, out, 3);
        convShortcut = in == out ? null : w.conv("conv_shortcut", in, out, 1);
        numbers = new double[] {groups, eps, outputScale};
    }

    /**
     * x and skip (joined along the channels) are (rows, c, h, w); skip and time may be {@link
     * Pass#none}.
     */
    NDArray forward(Pass pass, NDArray x, NDArray skip, NDArray time) {
        return new Call(pass, numbers)
                .add(norm1)
                .add(conv1)
                .add(timeEmbProj)
                .add(norm2)
                .add(conv2)
                .add(convShortcut)
                .run("resnet", x, skip, time);
    }
}
