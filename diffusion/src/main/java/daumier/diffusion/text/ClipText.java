package daumier.diffusion.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What CLIP does to text before its byte-pair encoding: normalise, split, spell as bytes. */
final class ClipText {

    /** Marks the last symbol of a word. */
    static final String END_OF_WORD = "</w>";

    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern WORDS =
            Pattern.compile(
                    "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final String[] LETTER_OF_BYTE = lettersOfBytes();

    private ClipText() {}

    /** Composed (NFC), with each run of white space as one blank, in lower case. */
    static String normalize(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        String spaced = SPACES.matcher(composed).replaceAll(" ");
        StringBuilder lower = new StringBuilder(spaced.length());
        // Letter by letter: a string's own lower case would look at neighbours (final sigma).
        spaced.codePoints().forEach(c -> appendLower(lower, c));
        return lower.toString();
    }

    private static void appendLower(StringBuilder text, int codePoint) {
        if (codePoint == 'İ') {
            text.append("i\u0307");
        } else {
            text.appendCodePoint(Character.toLowerCase(codePoint));
        }
    }

    /** The words of normalised text: letters together, digits one by one, the rest together. */
    static List<String> words(String normalized) {
        return WORDS.matcher(normalized)
                .results()
                .map(MatchResult::group)
                .flatMap(ClipText::plain)
                .toList();
    }

    /** A special token that was not taken as one is punctuation, a word, and punctuation. */
    private static Stream<String> plain(String word) {
        return word.startsWith("<|") && word.endsWith("text|>")
                ? Stream.of("<|", word.substring(2, word.length() - 2), "|>")
                : Stream.of(word);
    }

    /** A word's UTF-8 bytes as printable letters, the last with the end-of-word mark. */
    static List<String> symbols(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        List<String> symbols = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            symbols.add(LETTER_OF_BYTE[b & 0xff]);
        }
        int last = symbols.size() - 1;
        symbols.set(last, symbols.get(last) + END_OF_WORD);
        return symbols;
    }

    /** The 256 letters in the order of CLIP's vocabulary: printable bytes first. */
    static List<String> alphabet() {
        List<String> letters = new ArrayList<>(256);
        for (int pass = 0; pass < 2; pass++) {
            for (int b = 0; b < 256; b++) {
                if (printable(b) == (pass == 0)) {
                    letters.add(LETTER_OF_BYTE[b]);
                }
            }
        }
        return letters;
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    }

    /** GPT-2's bytes_to_unicode: printable bytes stand for themselves, others move past 255. */
    private static String[] lettersOfBytes() {
        String[] letters = new String[256];
        int moved = 0;
        for (int b = 0; b < 256; b++) {
            letters[b] = Character.toString(printable(b) ? b : 256 + moved++);
        }
        return letters;
    }
}
