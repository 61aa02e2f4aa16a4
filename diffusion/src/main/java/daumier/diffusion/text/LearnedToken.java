package daumier.diffusion.text;

import java.util.Arrays;

/**
 * A word that stands for vectors of its own (textual inversion, Gal et al. 2022).
 *
 * @param word as prompts write it
 * @param name the ids the tokenizer gives the word
 * @param firstId id of its first vector, past the vocabulary
 * @param vectors how many there are
 */
public record LearnedToken(String word, int[] name, int firstId, int vectors) {

    /** A word, in the ids of a tokenizer. */
    public static LearnedToken of(String word, ClipTokenizer tokenizer, int firstId, int vectors) {
        return new LearnedToken(word, tokenizer.tokens(word), firstId, vectors);
    }

    /** Whether the word is spelled at a position. */
    boolean isAt(int[] tokens, int position) {
        return name.length > 0
                && position + name.length <= tokens.length
                && Arrays.equals(tokens, position, position + name.length, name, 0, name.length);
    }

    /** A text in which a word in pointed brackets does not touch its neighbours. */
    String apart(String text) {
        return word.startsWith("<") ? text.replace(word, " " + word + " ") : text;
    }
}
