package daumier.diffusion.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tokens found in the text as they stand, before it is split into words: start and end of text, the
 * padding token, words added by the user. Each is looked for in the raw or in the normalised text.
 */
final class AddedTokens {

    private final Map<String, Integer> raw = new TreeMap<>();
    private final Map<String, Integer> normalized = new TreeMap<>();

    void add(String content, int id, boolean inNormalizedText) {
        if (content.isEmpty() || raw.containsKey(content)) {
            return;
        }
        if (inNormalizedText) {
            normalized.put(ClipText.normalize(content), id);
        } else {
            normalized.remove(ClipText.normalize(content));
            raw.put(content, id);
        }
    }

    /**
     * Walks the text in order.
     *
     * @param words takes what lies between tokens, normalised
     * @param token takes the id of each token met
     */
    void split(String text, Consumer<String> words, Consumer<Integer> token) {
        split(text, raw, rest -> split(ClipText.normalize(rest), normalized, words, token), token);
    }

    private static void split(
            String text,
            Map<String, Integer> tokens,
            Consumer<String> between,
            Consumer<Integer> token) {
        int position = 0;
        if (!tokens.isEmpty()) {
            Matcher matcher = pattern(tokens).matcher(text);
            while (matcher.find()) {
                between.accept(text.substring(position, matcher.start()));
                token.accept(tokens.get(matcher.group()));
                position = matcher.end();
            }
        }
        between.accept(text.substring(position));
    }

    private static Pattern pattern(Map<String, Integer> tokens) {
        List<String> longestFirst = new ArrayList<>(tokens.keySet());
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        return Pattern.compile(
                longestFirst.stream().map(Pattern::quote).collect(Collectors.joining("|")));
    }
}
