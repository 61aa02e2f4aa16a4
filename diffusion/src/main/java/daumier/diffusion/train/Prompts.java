package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.text.ClipTokenizer;
import java.util.List;

/** Captions through tokenizer and text encoder. */
final class Prompts {
    private Prompts() {}

    /** Text states (captions, tokens, features) on {@code scope}, differentiable. */
    static NDArray hiddenStates(
            NDManager scope,
            ClipTextModel text,
            ClipTokenizer tokenizer,
            List<String> captions,
            Precision precision) {
        int length = tokenizer.modelMaxLength();
        long[] ids = new long[captions.size() * length];
        for (int i = 0; i < captions.size(); i++) {
            int[] encoded = tokenizer.encode(captions.get(i));
            for (int k = 0; k < length; k++) {
                ids[i * length + k] = encoded[k];
            }
        }
        return text.forward(
                scope.create(ids, new Shape(captions.size(), length)), 1, Forward.in(precision));
    }
}
