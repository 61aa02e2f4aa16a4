package daumier.diffusion.text;

import daumier.diffusion.text.PromptParts.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Prompts of any length, with weights, as rows of ids that the text encoder takes, as
 * AUTOMATIC1111's web UI makes them (modules/sd_hijack_clip.py, tokenize_line): chunks of as many
 * tokens as the encoder has places, less the start and the end; a chunk that would part a phrase
 * rather ends at the comma before it.
 */
public final class PromptChunks {
    /**
     * One row.
     *
     * @param ids start, tokens, end, padding; those past the vocabulary are learned vectors
     * @param weights of each id; 1 for start, end and padding
     */
    public record Chunk(int[] ids, float[] weights) {
        /** Whether every weight is 1. */
        public boolean isPlain() {
            for (float weight : weights) {
                if (weight != 1) {
                    return false;
                }
            }
            return true;
        }
    }

    /** How far back from the end of a chunk a comma may stand to end it. */
    private static final int BACKTRACK = 20;

    private final ClipTokenizer tokenizer;
    private final List<LearnedToken> learned;
    private final int length;
    private final int comma;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();
    private int lastComma = -1;

    private PromptChunks(ClipTokenizer tokenizer, List<LearnedToken> learned) {
        this.tokenizer = tokenizer;
        this.learned = learned;
        this.length = tokenizer.modelMaxLength() - 2;
        int[] one = tokenizer.tokens(",");
        this.comma = one.length == 1 ? one[0] : -1;
    }

    /**
     * The chunks of a prompt, at least one.
     *
     * @param learned what stands for vectors of its own where its name occurs
     */
    public static List<Chunk> of(
            String prompt, ClipTokenizer tokenizer, List<LearnedToken> learned) {
        PromptChunks chunks = new PromptChunks(tokenizer, learned);
        for (Part part : PromptParts.of(prompt)) {
            if (part.isBreak()) {
                chunks.end();
            } else {
                chunks.add(part);
            }
        }
        if (!chunks.ids.isEmpty() || chunks.chunks.isEmpty()) {
            chunks.end();
        }
        return List.copyOf(chunks.chunks);
    }

    private void add(Part part) {
        String text = part.text();
        for (LearnedToken token : learned) {
            text = token.apart(text);
        }
        int[] tokens = tokenizer.tokens(text);
        int position = 0;
        while (position < tokens.length) {
            if (tokens[position] == comma) {
                lastComma = ids.size();
            } else if (ids.size() == length
                    && lastComma != -1
                    && ids.size() - lastComma <= BACKTRACK) {
                endAtComma();
            }
            if (ids.size() == length) {
                end();
            }
            Optional<LearnedToken> found = at(tokens, position);
            if (found.isEmpty()) {
                put(tokens[position], part.weight());
                position++;
                continue;
            }
            LearnedToken token = found.get();
            if (ids.size() + token.vectors() > length) {
                end();
            }
            for (int i = 0; i < token.vectors(); i++) {
                put(token.firstId() + i, part.weight());
            }
            position += token.name().length;
        }
    }

    /** The longest learned name that begins at a position. */
    private Optional<LearnedToken> at(int[] tokens, int position) {
        return learned.stream()
                .filter(t -> t.isAt(tokens, position))
                .max(java.util.Comparator.comparingInt(t -> t.name().length));
    }

    private void put(int id, double weight) {
        ids.add(id);
        weights.add((float) weight);
    }

    private void endAtComma() {
        List<Integer> movedIds = new ArrayList<>(ids.subList(lastComma + 1, ids.size()));
        List<Float> movedWeights = new ArrayList<>(weights.subList(lastComma + 1, ids.size()));
        weights.subList(lastComma + 1, ids.size()).clear();
        ids.subList(lastComma + 1, ids.size()).clear();
        end();
        ids.addAll(movedIds);
        weights.addAll(movedWeights);
    }

    private void end() {
        int[] row = new int[length + 2];
        float[] strengths = new float[length + 2];
        Arrays.fill(strengths, 1);
        Arrays.fill(row, tokenizer.padId());
        row[0] = tokenizer.bosId();
        for (int i = 0; i < ids.size(); i++) {
            row[i + 1] = ids.get(i);
            strengths[i + 1] = weights.get(i);
        }
        row[ids.size() + 1] = tokenizer.eosId();
        chunks.add(new Chunk(row, strengths));
        ids.clear();
        weights.clear();
        lastComma = -1;
    }
}
