package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The variational autoencoder of Stable Diffusion (diffusers' AutoencoderKL). Pictures are in [-1,
 * 1]; latents here are unscaled: the caller multiplies by {@link VaeConfig#scalingFactor} after
 * encoding and divides before decoding.
 */
public final class AutoencoderKL {
    private static final double EPS = 1e-6;

    private final VaeConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final Encoder encoder;
    private final Decoder decoder;
    private final Conv2d quantConv;
    private final Conv2d postQuantConv;

    private AutoencoderKL(VaeConfig c, Weights weights, Kernels kernels) {
        this.config = c;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights);
        int latent = c.latentChannels();
        encoder = new Encoder(w.at("encoder"), c);
        decoder = new Decoder(w.at("decoder"), c);
        quantConv = c.useQuantConv() ? w.conv("quant_conv", 2L * latent, 2L * latent, 1) : null;
        postQuantConv = c.usePostQuantConv() ? w.conv("post_quant_conv", latent, latent, 1) : null;
    }

    /**
     * Builds the model; the old attention names query, key, value and proj_attn are understood.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static AutoencoderKL create(VaeConfig config, Weights weights, Kernels kernels) {
        return new AutoencoderKL(config, weights, kernels);
    }

    /**
     * Mean and log-variance (clamped to [-30, 20]) of the latents, each (rows, latentChannels, h,
     * w).
     */
    public record Moments(NDArray mean, NDArray logvar) {}

    /**
     * Encodes pictures (rows, inChannels, H, W) in [-1, 1]; H and W are multiples of {@link
     * VaeConfig#downscale}. The result is owned by the manager of {@code picture}.
     */
    public Moments encode(NDArray picture, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, picture)) {
            NDArray x = encoder.forward(pass, picture);
            NDList moments = new Call(pass).add(quantConv).runList("moments", x);
            return new Moments(pass.leave(moments.get(0)), pass.leave(moments.get(1)));
        }
    }

    /**
     * Decodes latents (rows, latentChannels, h, w) to pictures in about [-1, 1], unclipped, owned
     * by the manager of {@code latents}.
     */
    public NDArray decode(NDArray latents, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, latents)) {
            NDArray x =
                    postQuantConv == null
                            ? latents
                            : new Call(pass, 1, 0, 0).add(postQuantConv).run("conv_in", latents);
            return pass.leave(decoder.forward(pass, x));
        }
    }

    /** The configuration it was built from. */
    public VaeConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }

    private static ResnetBlock2D resnet(Builder w, long in, long out, VaeConfig c) {
        return new ResnetBlock2D(w, in, out, 0, c.normNumGroups(), EPS, 1);
    }

    /** Picture to moments, before quant_conv. */
    private static final class Encoder {
        private final Conv2d convIn;
        private final List<List<ResnetBlock2D>> resnets = new ArrayList<>();
        private final List<Conv2d> downsamplers = new ArrayList<>();
        private final MidBlock midBlock;
        private final Norm convNormOut;
        private final Conv2d convOut;
        private final int groups;

        Encoder(Builder w, VaeConfig c) {
            List<Integer> channels = c.blockOutChannels();
            int last = channels.size() - 1;
            groups = c.normNumGroups();
            convIn = w.conv("conv_in", c.inChannels(), channels.get(0), 3);
            for (int i = 0; i <= last; i++) {
                Builder block = w.at("down_blocks").at(i);
                List<ResnetBlock2D> level = new ArrayList<>();
                for (int j = 0; j < c.layersPerBlock(); j++) {
                    int in = channels.get(j == 0 ? Math.max(0, i - 1) : i);
                    level.add(resnet(block.at("resnets").at(j), in, channels.get(i), c));
                }
                resnets.add(level);
                if (i < last) {
                    downsamplers.add(
                            block.conv("downsamplers.0.conv", channels.get(i), channels.get(i), 3));
                }
            }
            midBlock = new MidBlock(w.at("mid_block"), channels.get(last), c);
            convNormOut = w.norm("conv_norm_out", channels.get(last));
            convOut = w.conv("conv_out", channels.get(last), 2L * c.latentChannels(), 3);
        }

        NDArray forward(Pass pass, NDArray picture) {
            NDArray x = new Call(pass, 1, 1, 0).add(convIn).run("conv_in", picture);
            for (int i = 0; i < resnets.size(); i++) {
                for (ResnetBlock2D resnet : resnets.get(i)) {
                    x = pass.after(x, resnet.forward(pass, x, pass.none(), pass.none()));
                }
                if (i < downsamplers.size()) {
                    Call halving = new Call(pass, 2, 0, 1).add(downsamplers.get(i));
                    x = pass.after(x, halving.run("conv_in", x));
                }
            }
            x = pass.after(x, midBlock.forward(pass, x));
            return new Call(pass, groups, EPS)
                    .add(convNormOut)
                    .add(convOut)
                    .run("norm_silu_conv_out", x);
        }
    }

    /** Latents, after post_quant_conv, to picture. */
    private static final class Decoder {
        private final Conv2d convIn;
        private final MidBlock midBlock;
        private final List<List<ResnetBlock2D>> resnets = new ArrayList<>();
        private final List<Conv2d> upsamplers = new ArrayList<>();
        private final Norm convNormOut;
        private final Conv2d convOut;
        private final int groups;

        Decoder(Builder w, VaeConfig c) {
            List<Integer> channels = UNetConfig.reversed(c.blockOutChannels());
            int last = channels.size() - 1;
            groups = c.normNumGroups();
            convIn = w.conv("conv_in", c.latentChannels(), channels.get(0), 3);
            midBlock = new MidBlock(w.at("mid_block"), channels.get(0), c);
            for (int i = 0; i <= last; i++) {
                Builder block = w.at("up_blocks").at(i);
                List<ResnetBlock2D> level = new ArrayList<>();
                for (int j = 0; j <= c.layersPerBlock(); j++) {
                    int in = channels.get(j == 0 ? Math.max(0, i - 1) : i);
                    level.add(resnet(block.at("resnets").at(j), in, channels.get(i), c));
                }
                resnets.add(level);
                if (i < last) {
                    upsamplers.add(
                            block.conv("upsamplers.0.conv", channels.get(i), channels.get(i), 3));
                }
            }
            convNormOut = w.norm("conv_norm_out", channels.get(last));
            convOut = w.conv("conv_out", channels.get(last), c.outChannels(), 3);
        }

        NDArray forward(Pass pass, NDArray latents) {
            NDArray x = new Call(pass, 1, 1, 0).add(convIn).run("conv_in", latents);
            x = pass.after(x, midBlock.forward(pass, x));
            for (int i = 0; i < resnets.size(); i++) {
                for (ResnetBlock2D resnet : resnets.get(i)) {
                    x = pass.after(x, resnet.forward(pass, x, pass.none(), pass.none()));
                }
                if (i < upsamplers.size()) {
                    Call doubling = new Call(pass).add(upsamplers.get(i));
                    x = pass.after(x, doubling.run("upsample", x, pass.none()));
                }
            }
            return new Call(pass, groups, EPS)
                    .add(convNormOut)
                    .add(convOut)
                    .run("norm_silu_conv_out", x);
        }
    }

    /** Resnet, single-headed attention over the points, resnet. */
    private static final class MidBlock {
        private final ResnetBlock2D before;
        private final PictureAttention attention;
        private final ResnetBlock2D after;

        MidBlock(Builder w, long channels, VaeConfig c) {
            before = resnet(w.at("resnets").at(0), channels, channels, c);
            attention =
                    c.midBlockAddAttention()
                            ? new PictureAttention(
                                    w.at("attentions").at(0), channels, c.normNumGroups(), EPS)
                            : null;
            after = resnet(w.at("resnets").at(1), channels, channels, c);
        }

        NDArray forward(Pass pass, NDArray input) {
            NDArray x = before.forward(pass, input, pass.none(), pass.none());
            if (attention != null) {
                x = attention.forward(pass, x);
            }
            return after.forward(pass, x, pass.none(), pass.none());
        }
    }
}
