package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Self-attention over the points of a picture, cross-attention to the text, GEGLU; the sum is added
 * to the input.
 */
final class Transformer2DModel {
    private static final double GROUP_NORM_EPS = 1e-6;
    private static final double LAYER_NORM_EPS = 1e-5;

    private final Norm norm;
    private final Linear projIn;
    private final List<Block> blocks = new ArrayList<>();
    private final Linear projOut;
    private final double[] numbers;

    Transformer2DModel(
            Builder w,
            long channels,
            int heads,
            int layers,
            long contextChannels,
            int groups,
            boolean linearProjection) {
        norm = w.norm("norm", channels);
        projIn = w.projection("proj_in", channels, channels, !linearProjection);
        for (int i = 0; i < layers; i++) {
            blocks.add(new Block(w.at("transformer_blocks").at(i), channels, contextChannels));
        }
        projOut = w.projection("proj_out", channels, channels, !linearProjection);
        numbers = new double[] {groups, GROUP_NORM_EPS, heads, LAYER_NORM_EPS, layers};
    }

    /** x: (rows, channels, h, w); context: (rows, tokens, contextChannels). */
    NDArray forward(Pass pass, NDArray x, NDArray context) {
        Call call = new Call(pass, numbers(pass.shared())).add(norm).add(projIn);
        blocks.forEach(block -> block.addTo(call));
        return call.add(projOut).run("transformer", x, context);
    }

    private double[] numbers(SharedAttention shared) {
        if (shared == null) {
            return numbers;
        }
        double[] more = Arrays.copyOf(numbers, numbers.length + 2);
        more[numbers.length] = shared.references();
        more[numbers.length + 1] = shared.strength();
        return more;
    }

    /** One BasicTransformerBlock. */
    private static final class Block {
        private final Norm norm1;
        private final Attention attn1;
        private final Norm norm2;
        private final Attention attn2;
        private final Norm norm3;
        private final Linear ffIn;
        private final Linear ffOut;

        Block(Builder w, long channels, long contextChannels) {
            norm1 = w.norm("norm1", channels);
            attn1 = new Attention(w.at("attn1"), channels, channels);
            norm2 = w.norm("norm2", channels);
            attn2 = new Attention(w.at("attn2"), channels, contextChannels);
            norm3 = w.norm("norm3", channels);
            ffIn = w.linear("ff.net.0.proj", channels, 8 * channels, true);
            ffOut = w.linear("ff.net.2", 4 * channels, channels, true);
        }

        void addTo(Call call) {
            call.add(norm1);
            attn1.addTo(call);
            call.add(norm2);
            attn2.addTo(call);
            call.add(norm3).add(ffIn).add(ffOut);
        }
    }

    /** The four projections of one attention. */
    private static final class Attention {
        private final Linear toQ;
        private final Linear toK;
        private final Linear toV;
        private final Linear toOut;

        Attention(Builder w, long channels, long contextChannels) {
            toQ = w.linear("to_q", channels, channels, false);
            toK = w.linear("to_k", contextChannels, channels, false);
            toV = w.linear("to_v", contextChannels, channels, false);
            toOut = w.linear("to_out.0", channels, channels, true);
        }

        void addTo(Call call) {
            call.add(toQ).add(toK).add(toV).add(toOut);
        }
    }
}
