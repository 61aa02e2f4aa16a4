package daumier.diffusion.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * CLIP's tokenizer: byte-level byte-pair encoding in lower case, with the same ids as transformers'
 * CLIPTokenizer. Immutable.
 */
public final class ClipTokenizer {

    static final String BOS = "<|startoftext|>";
    static final String EOS = "<|endoftext|>";

    /** CLIP's own length, where the files give none. */
    private static final int DEFAULT_LENGTH = 77;

    /** Files of models without a limit hold huge numbers. */
    private static final int LONGEST = 1 << 16;

    private final Map<String, Integer> vocabulary;
    private final BytePairs pairs;
    private final AddedTokens added = new AddedTokens();
    private final int bosId;
    private final int eosId;
    private final int padId;
    private final int unknownId;
    private final int modelMaxLength;

    private ClipTokenizer(TokenizerFiles files) {
        vocabulary = files.vocabulary();
        pairs = new BytePairs(files.merges());
        JsonObject config = files.config();
        files.added()
                .forEach((content, t) -> added.add(content, t.get("id").getAsInt(), normalized(t)));
        bosId = special(files, "bos_token", BOS);
        eosId = special(files, "eos_token", EOS);
        unknownId = special(files, "unk_token", EOS);
        padId = special(files, "pad_token", EOS);
        modelMaxLength = length(config);
    }

    /**
     * Reads a tokenizer folder: vocab.json and merges.txt, or tokenizer.json; beside them
     * tokenizer_config.json and special_tokens_map.json if there are any.
     *
     * @throws IOException if files are missing or unsound, with the reason
     */
    public static ClipTokenizer open(Path tokenizerFolder) throws IOException {
        TokenizerFiles files = TokenizerFiles.read(tokenizerFolder);
        try {
            return new ClipTokenizer(files);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "The tokenizer in %s is unsound: %s."
                            .formatted(tokenizerFolder, e.getMessage()),
                    e);
        }
    }

    /**
     * A prompt as the text encoder takes it: start, tokens, end, then padding.
     *
     * @return exactly {@link #modelMaxLength} ids; tokens beyond it are cut off
     */
    public int[] encode(String prompt) {
        int[] tokens = tokens(prompt);
        int kept = Math.min(tokens.length, modelMaxLength - 2);
        int[] ids = new int[modelMaxLength];
        Arrays.fill(ids, kept + 2, ids.length, padId);
        ids[0] = bosId;
        System.arraycopy(tokens, 0, ids, 1, kept);
        ids[kept + 1] = eosId;
        return ids;
    }

    /** All tokens of a text, without start, end, cut or padding. */
    public int[] tokens(String text) {
        List<Integer> ids = new ArrayList<>();
        added.split(text, normalized -> addWords(normalized, ids), ids::add);
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private void addWords(String normalized, List<Integer> ids) {
        for (String word : ClipText.words(normalized)) {
            for (String token : pairs.merge(ClipText.symbols(word))) {
                ids.add(vocabulary.getOrDefault(token, unknownId));
            }
        }
    }

    /** Length of what {@link #encode} gives: the positions of the text encoder. */
    public int modelMaxLength() {
        return modelMaxLength;
    }

    /** How many ids the vocabulary spans: one more than the largest id. */
    public int vocabularySize() {
        return 1 + vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    /** Id that starts every prompt. */
    public int bosId() {
        return bosId;
    }

    /** Id that ends every prompt; the text encoder pools there. */
    public int eosId() {
        return eosId;
    }

    /** Id that fills a short prompt. */
    public int padId() {
        return padId;
    }

    private int special(TokenizerFiles files, String role, String usual) {
        JsonElement given = files.config().get(role);
        String content = usual;
        boolean inNormalizedText = false;
        if (given instanceof JsonObject token && token.has("content")) {
            content = token.get("content").getAsString();
            inNormalizedText = normalized(token);
        } else if (given != null && given.isJsonPrimitive()) {
            content = given.getAsString();
        }
        Integer id = vocabulary.get(content);
        if (id == null && files.added().containsKey(content)) {
            id = files.added().get(content).get("id").getAsInt();
        }
        if (id == null) {
            throw new IllegalArgumentException(
                    "its %s '%s' is not in the vocabulary".formatted(role, content));
        }
        added.add(content, id, inNormalizedText);
        return id;
    }

    private static boolean normalized(JsonObject token) {
        return !token.has("normalized") || token.get("normalized").getAsBoolean();
    }

    private static int length(JsonObject config) {
        if (!config.has("model_max_length")) {
            return DEFAULT_LENGTH;
        }
        double length = config.get("model_max_length").getAsDouble();
        if (length < 2) {
            throw new IllegalArgumentException("its model_max_length is below 2");
        }
        return length > LONGEST ? DEFAULT_LENGTH : (int) length;
    }
}
