package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Init;

/**
 * A layer of a transformer encoder with the norms first: self-attention and a two-layer network,
 * each after a norm and added to its input, in CLIP and in vision transformers alike.
 */
final class EncoderLayer {
    private final Norm norm1;
    private final Linear q;
    private final Linear k;
    private final Linear v;
    private final Linear out;
    private final Norm norm2;
    private final Linear fc1;
    private final Linear fc2;
    private final NDArray scale1;
    private final NDArray scale2;
    private final double[] numbers;

    private EncoderLayer(
            Builder w, Names names, long size, long inner, int heads, double eps, double... more) {
        norm1 = w.norm(names.norm1(), size);
        q = w.linear(names.q(), size, size, true);
        k = w.linear(names.k(), size, size, true);
        v = w.linear(names.v(), size, size, true);
        out = w.linear(names.out(), size, size, true);
        norm2 = w.norm(names.norm2(), size);
        fc1 = w.linear(names.fc1(), size, inner, true);
        fc2 = w.linear(names.fc2(), inner, size, true);
        boolean scaled = names.scale1() != null;
        scale1 = scaled ? w.weights().get(names.scale1(), Init.ones(), size) : null;
        scale2 = scaled ? w.weights().get(names.scale2(), Init.ones(), size) : null;
        numbers = new double[] {heads, eps, more[0], more[1]};
    }

    /** A layer of one of CLIP's towers; that of the text is causal. */
    static EncoderLayer clip(
            Builder w,
            long size,
            long inner,
            int heads,
            double eps,
            String hiddenAct,
            boolean causal) {
        double gelu = hiddenAct.equals("gelu") ? 1 : 0;
        return new EncoderLayer(w, Names.CLIP, size, inner, heads, eps, gelu, causal ? 1 : 0);
    }

    /** A layer of a vision transformer under transformers' names of ViT or of DINOv2. */
    static EncoderLayer vit(Builder w, Names names, long size, long inner, int heads, double eps) {
        return new EncoderLayer(w, names, size, inner, heads, eps, 1, 0);
    }

    /** x: (rows, tokens, size); the same shape. */
    NDArray forward(Pass pass, NDArray x) {
        return new Call(pass, numbers)
                .add(norm1)
                .add(q)
                .add(k)
                .add(v)
                .add(out)
                .add(norm2)
                .add(fc1)
                .add(fc2)
                .add(scale1)
                .add(scale2)
                .run("encoder_layer", x);
    }

    /**
     * What the parts are called in a checkpoint; the layer scales are null where there are none.
     */
    record Names(
            String norm1,
            String q,
            String k,
            String v,
            String out,
            String norm2,
            String fc1,
            String fc2,
            String scale1,
            String scale2) {
        static final Names CLIP =
                new Names(
                        "layer_norm1",
                        "self_attn.q_proj",
                        "self_attn.k_proj",
                        "self_attn.v_proj",
                        "self_attn.out_proj",
                        "layer_norm2",
                        "mlp.fc1",
                        "mlp.fc2",
                        null,
                        null);

        static final Names VIT =
                new Names(
                        "layernorm_before",
                        "attention.attention.query",
                        "attention.attention.key",
                        "attention.attention.value",
                        "attention.output.dense",
                        "layernorm_after",
                        "intermediate.dense",
                        "output.dense",
                        null,
                        null);

        static final Names DINOV2 =
                new Names(
                        "norm1",
                        "attention.attention.query",
                        "attention.attention.key",
                        "attention.attention.value",
                        "attention.output.dense",
                        "norm2",
                        "mlp.fc1",
                        "mlp.fc2",
                        "layer_scale1.lambda1",
                        "layer_scale2.lambda1");
    }
}
