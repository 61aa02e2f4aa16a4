package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * TAESD (diffusers' AutoencoderTiny): a few plain convolutions that encode and decode nearly as
 * well as {@link AutoencoderKL}. Pictures are in [-1, 1], latents are those that diffusion works on
 * (scaled).
 */
public final class AutoencoderTiny {
    private final TinyConfig config;
    private final Kernels kernels;
    private final Weights weights;
    private final Encoder encoder;
    private final Decoder decoder;

    private AutoencoderTiny(TinyConfig config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights);
        encoder = new Encoder(w.at("encoder.layers"), config);
        decoder = new Decoder(w.at("decoder.layers"), config);
    }

    /**
     * Builds the model.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static AutoencoderTiny create(TinyConfig config, Weights weights, Kernels kernels) {
        return new AutoencoderTiny(config, weights, kernels);
    }

    /**
     * Pictures (rows, inChannels, H, W) in [-1, 1] to scaled latents, owned by the manager of
     * {@code picture}.
     */
    public NDArray encode(NDArray picture, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, picture)) {
            return pass.leave(encoder.forward(pass, picture));
        }
    }

    /**
     * Scaled latents to pictures in about [-1, 1], unclipped, owned by the manager of {@code
     * latents}.
     */
    public NDArray decode(NDArray latents, Precision precision) {
        try (Pass pass = new Pass(kernels, precision, null, latents)) {
            return pass.leave(decoder.forward(pass, latents));
        }
    }

    /** The configuration it was built from. */
    public TinyConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }

    /** Blocks of one resolution and the convolution at its edge. */
    private record Level(Conv2d edge, List<Block> blocks) {
        NDArray through(Pass pass, NDArray input) {
            NDArray x = input;
            for (Block block : blocks) {
                x = block.forward(pass, x);
            }
            return x;
        }
    }

    private static final class Encoder {
        private final List<Level> levels = new ArrayList<>();
        private final Conv2d convOut;

        Encoder(Builder w, TinyConfig c) {
            List<Integer> channels = c.encoderBlockOutChannels();
            int index = 0;
            for (int i = 0; i < channels.size(); i++) {
                int width = channels.get(i);
                String name = Integer.toString(index++);
                Conv2d edge =
                        i == 0
                                ? w.conv(name, c.inChannels(), width, 3)
                                : w.convWithoutBias(name, width, width, 3);
                List<Block> blocks = new ArrayList<>();
                for (int j = 0; j < c.numEncoderBlocks().get(i); j++) {
                    blocks.add(new Block(w.at(index++), width, width));
                }
                levels.add(new Level(edge, blocks));
            }
            convOut =
                    w.conv(
                            Integer.toString(index),
                            channels.get(channels.size() - 1),
                            c.latentChannels(),
                            3);
        }

        NDArray forward(Pass pass, NDArray picture) {
            NDArray x = picture;
            for (int i = 0; i < levels.size(); i++) {
                Conv2d edge = levels.get(i).edge();
                x =
                        i == 0
                                ? new Call(pass).add(edge).run("tiny_encode_in", x)
                                : new Call(pass, 2, 1, 0).add(edge).run("conv_in", x);
                x = levels.get(i).through(pass, x);
            }
            return new Call(pass, 1, 1).add(convOut).run("conv_layer", x);
        }
    }

    private static final class Decoder {
        private final Conv2d convIn;
        private final List<Level> levels = new ArrayList<>();

        Decoder(Builder w, TinyConfig c) {
            List<Integer> channels = c.decoderBlockOutChannels();
            convIn = w.conv("0", c.latentChannels(), channels.get(0), 3);
            // Layer 1 is the ReLU; each level but the last has an Upsample before its convolution.
            int index = 2;
            for (int i = 0; i < channels.size(); i++) {
                int width = channels.get(i);
                boolean last = i == channels.size() - 1;
                List<Block> blocks = new ArrayList<>();
                for (int j = 0; j < c.numDecoderBlocks().get(i); j++) {
                    blocks.add(new Block(w.at(index++), width, width));
                }
                index += last ? 0 : 1;
                String name = Integer.toString(index++);
                Conv2d edge =
                        last
                                ? w.conv(name, width, c.outChannels(), 3)
                                : w.convWithoutBias(name, width, width, 3);
                levels.add(new Level(edge, blocks));
            }
        }

        NDArray forward(Pass pass, NDArray latents) {
            NDArray x = new Call(pass).add(convIn).run("tiny_decode_in", latents);
            for (int i = 0; i < levels.size(); i++) {
                Conv2d edge = levels.get(i).edge();
                x = levels.get(i).through(pass, x);
                x =
                        i == levels.size() - 1
                                ? new Call(pass).add(edge).run("tiny_decode_out", x)
                                : new Call(pass).add(edge).run("upsample", x, pass.none());
            }
            return x;
        }
    }

    /** Three convolutions with ReLU, plus the input, ReLU. */
    private static final class Block {
        private final Conv2d conv0;
        private final Conv2d conv2;
        private final Conv2d conv4;
        private final Conv2d skip;

        Block(Builder w, long in, long out) {
            conv0 = w.conv("conv.0", in, out, 3);
            conv2 = w.conv("conv.2", out, out, 3);
            conv4 = w.conv("conv.4", out, out, 3);
            skip = in == out ? null : w.convWithoutBias("skip", in, out, 1);
        }

        NDArray forward(Pass pass, NDArray x) {
            return new Call(pass).add(conv0).add(conv2).add(conv4).add(skip).run("tiny_block", x);
        }
    }
}
