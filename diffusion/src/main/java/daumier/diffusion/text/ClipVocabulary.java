package daumier.diffusion.text;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.diffusion.text.BytePairs.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A byte-pair vocabulary in CLIP's layout: 256 bytes, the same 256 at the end of a word, one token
 * for each merge, start and end of text. Every text can be spelled in it.
 */
public final class ClipVocabulary {

    /** Tokens of a vocabulary without any merge. */
    public static final int SMALLEST = 514;

    private final List<Pair> merges;

    private ClipVocabulary(List<Pair> merges) {
        this.merges = List.copyOf(merges);
    }

    /**
     * Learns the merges that shorten the captions most: at every round the most frequent pair of
     * neighbours becomes a token, of equals the first in alphabetical order (Sennrich et al. 2016,
     * algorithm 1).
     *
     * @param captions the texts to learn from
     * @param size number of tokens wanted, at least {@link #SMALLEST}; fewer come out when every
     *     word is one token already
     */
    public static ClipVocabulary train(List<String> captions, int size) {
        if (size < SMALLEST) {
            throw new IllegalArgumentException(
                    "A vocabulary has at least %d tokens, not %d".formatted(SMALLEST, size));
        }
        Map<List<String>, Long> words = new TreeMap<>(Comparator.comparing(List::toString));
        for (String caption : captions) {
            for (String word : ClipText.words(ClipText.normalize(caption))) {
                words.merge(ClipText.symbols(word), 1L, Long::sum);
            }
        }
        List<Pair> merges = new ArrayList<>();
        while (merges.size() < size - SMALLEST) {
            Pair best = mostFrequent(words);
            if (best == null) {
                break;
            }
            merges.add(best);
            Map<List<String>, Long> joined = new TreeMap<>(Comparator.comparing(List::toString));
            words.forEach(
                    (word, count) -> joined.merge(BytePairs.join(word, best), count, Long::sum));
            words = joined;
        }
        return new ClipVocabulary(merges);
    }

    /** A vocabulary with merges that are known: lines of two symbols with a blank between. */
    static ClipVocabulary of(List<String> merges) {
        return new ClipVocabulary(
                merges.stream()
                        .map(line -> line.split(" "))
                        .map(parts -> new Pair(parts[0], parts[1]))
                        .toList());
    }

    private static Pair mostFrequent(Map<List<String>, Long> words) {
        Map<Pair, Long> counts = new HashMap<>();
        words.forEach(
                (word, count) -> {
                    for (int i = 0; i + 1 < word.size(); i++) {
                        counts.merge(new Pair(word.get(i), word.get(i + 1)), count, Long::sum);
                    }
                });
        return counts.entrySet().stream()
                .min(
                        Map.Entry.<Pair, Long>comparingByValue()
                                .reversed()
                                .thenComparing(e -> e.getKey().left())
                                .thenComparing(e -> e.getKey().right()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** Number of tokens. */
    public int size() {
        return ids().size();
    }

    /** Tokens in order of their ids. */
    public Map<String, Integer> ids() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<String> alphabet = ClipText.alphabet();
        alphabet.forEach(letter -> ids.put(letter, ids.size()));
        alphabet.forEach(letter -> ids.put(letter + ClipText.END_OF_WORD, ids.size()));
        merges.forEach(merge -> ids.putIfAbsent(merge.joined(), ids.size()));
        ids.put(ClipTokenizer.BOS, ids.size());
        ids.put(ClipTokenizer.EOS, ids.size());
        return ids;
    }

    /**
     * Writes vocab.json, merges.txt, special_tokens_map.json and tokenizer_config.json, as
     * transformers' CLIPTokenizer and {@link ClipTokenizer#open} read them.
     *
     * @param folder made if it does not exist
     * @param modelMaxLength positions of the text encoder, start and end included
     */
    public void write(Path folder, int modelMaxLength) throws IOException {
        Files.createDirectories(folder);
        Gson gson =
                new GsonBuilder()
                        .disableHtmlEscaping()
                        .setFormattingStyle(FormattingStyle.PRETTY)
                        .create();
        Files.writeString(
                folder.resolve("vocab.json"),
                new GsonBuilder().disableHtmlEscaping().create().toJson(ids()) + "\n");
        StringBuilder lines = new StringBuilder("#version: 0.2\n");
        merges.forEach(
                merge -> lines.append(merge.left()).append(' ').append(merge.right()).append('\n'));
        Files.writeString(folder.resolve("merges.txt"), lines);
        JsonObject special = new JsonObject();
        special.add("bos_token", token(ClipTokenizer.BOS));
        special.add("eos_token", token(ClipTokenizer.EOS));
        special.addProperty("pad_token", ClipTokenizer.EOS);
        special.add("unk_token", token(ClipTokenizer.EOS));
        Files.writeString(folder.resolve("special_tokens_map.json"), gson.toJson(special) + "\n");
        JsonObject config = special.deepCopy();
        config.addProperty("add_prefix_space", false);
        config.addProperty("do_lower_case", true);
        config.addProperty("errors", "replace");
        config.addProperty("model_max_length", modelMaxLength);
        config.addProperty("tokenizer_class", "CLIPTokenizer");
        Files.writeString(folder.resolve("tokenizer_config.json"), gson.toJson(config) + "\n");
    }

    private static JsonObject token(String content) {
        JsonObject token = new JsonObject();
        token.addProperty("__type", "AddedToken");
        token.addProperty("content", content);
        token.addProperty("lstrip", false);
        token.addProperty("normalized", true);
        token.addProperty("rstrip", false);
        token.addProperty("single_word", false);
        return token;
    }
}
