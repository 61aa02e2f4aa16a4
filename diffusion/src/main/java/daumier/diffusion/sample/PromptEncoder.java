package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Forward;
import daumier.diffusion.nn.LoraScales;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.text.PromptChunks;
import daumier.diffusion.text.PromptChunks.Chunk;
import java.util.ArrayList;
import java.util.List;

/**
 * Text states of prompts with weights and of any length, as AUTOMATIC1111's web UI makes them: the
 * states of all chunks side by side, those of a weighted chunk multiplied by the weights and then
 * brought back to their mean (modules/sd_emphasis.py, EmphasisOriginal). A prompt without weights
 * that fits one chunk gives what diffusers' pipelines give.
 */
record PromptEncoder(ClipTokenizer tokenizer, ClipTextModel model, LearnedTokens learned) {

    /**
     * Encodes prompts.
     *
     * @param owner of the result
     * @return (prompts, chunks * tokens, hidden); shorter prompts are filled up with empty chunks
     */
    NDArray encode(NDManager owner, List<String> prompts, int clipSkip, LoraScales scales) {
        List<List<Chunk>> rows = new ArrayList<>();
        int most = 1;
        for (String prompt : prompts) {
            List<Chunk> chunks = PromptChunks.of(prompt, tokenizer, learned.words());
            rows.add(chunks);
            most = Math.max(most, chunks.size());
        }
        Chunk empty = PromptChunks.of("", tokenizer, List.of()).get(0);
        try (NDManager scratch = owner.newSubManager()) {
            NDList parts = new NDList();
            for (int i = 0; i < most; i++) {
                List<Chunk> column = new ArrayList<>();
                for (List<Chunk> chunks : rows) {
                    column.add(i < chunks.size() ? chunks.get(i) : empty);
                }
                parts.add(states(scratch, column, clipSkip, scales));
            }
            NDArray states = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 1);
            states.attach(owner);
            return states;
        }
    }

    private NDArray states(NDManager scratch, List<Chunk> column, int clipSkip, LoraScales scales) {
        int length = column.get(0).ids().length;
        long[] ids = new long[column.size() * length];
        float[] weights = new float[ids.length];
        boolean plain = true;
        for (int row = 0; row < column.size(); row++) {
            Chunk chunk = column.get(row);
            plain &= chunk.isPlain();
            for (int i = 0; i < length; i++) {
                ids[row * length + i] = chunk.ids()[i];
                weights[row * length + i] = chunk.weights()[i];
            }
        }
        NDArray tokens = scratch.create(ids, new Shape(column.size(), length));
        NDArray states =
                model.forward(
                        tokens,
                        learned.vectors(),
                        clipSkip,
                        new Forward(Precision.FP32, null, scales));
        if (plain) {
            return states;
        }
        NDArray factors = scratch.create(weights, new Shape(column.size(), length, 1));
        NDArray weighted = states.mul(factors);
        int[] axes = {1, 2};
        NDArray back = states.sum(axes, true).div(weighted.sum(axes, true));
        return weighted.mul(back);
    }
}
