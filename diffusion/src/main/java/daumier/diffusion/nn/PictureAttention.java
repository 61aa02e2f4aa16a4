package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import daumier.diffusion.weights.Weights;
import java.util.Map;

/**
 * Single-headed self-attention over the points of a picture, added to it: the attention of
 * autoencoders.
 */
final class PictureAttention {
    private static final Map<String, String> OLD_NAMES =
            Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

    private final Norm groupNorm;
    private final Linear toQ;
    private final Linear toK;
    private final Linear toV;
    private final Linear toOut;
    private final double[] numbers;

    PictureAttention(Builder given, long channels, int groups, double eps) {
        Builder w = given.with(withOldNames(given.weights()));
        groupNorm = w.norm("group_norm", channels);
        toQ = w.linear("to_q", channels, channels, true);
        toK = w.linear("to_k", channels, channels, true);
        toV = w.linear("to_v", channels, channels, true);
        toOut = w.linear("to_out.0", channels, channels, true);
        numbers = new double[] {groups, eps, 1};
    }

    /**
     * Checkpoints made before diffusers 0.12 name the projections otherwise, some as 1x1
     * convolutions.
     */
    private static Weights withOldNames(Weights w) {
        if (w.has("to_q.weight") || !w.has("query.weight")) {
            return w;
        }
        String prefix = w.path() + ".";
        return w.renamed(
                key -> {
                    for (Map.Entry<String, String> name : OLD_NAMES.entrySet()) {
                        if (key.startsWith(prefix + name.getKey() + ".")) {
                            return prefix
                                    + name.getValue()
                                    + key.substring(prefix.length() + name.getKey().length());
                        }
                    }
                    return key;
                });
    }

    NDArray forward(Pass pass, NDArray x) {
        return new Call(pass, numbers)
                .add(groupNorm)
                .add(toQ)
                .add(toK)
                .add(toV)
                .add(toOut)
                .run("picture_attention", x);
    }
}
