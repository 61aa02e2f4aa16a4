package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.text.LearnedToken;
import daumier.diffusion.weights.SafetensorsException;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The textual-inversion embeddings of a pack: words, and the vectors they stand for. */
final class LearnedTokens {
    private static final String A1111 = "emb_params";

    private final NDManager manager;
    private final Set<Path> files = new LinkedHashSet<>();
    private final List<LearnedToken> words = new ArrayList<>();
    private NDArray vectors;

    LearnedTokens(NDManager manager) {
        this.manager = manager;
    }

    /** The words known. */
    List<LearnedToken> words() {
        return List.copyOf(words);
    }

    /** All vectors (n, hidden), or null without any. */
    NDArray vectors() {
        return vectors;
    }

    /**
     * Adds a safetensors file once. The web UI's hold {@code emb_params} and are called by their
     * file's name; diffusers' hold one tensor under the word itself, and are called by either;
     * files of early LoRAs hold words in pointed brackets beside their layers.
     *
     * @param vocabulary number of ids that have vectors already
     * @param hidden width of a vector
     * @throws SafetensorsException if it holds no embedding of this width, with one sentence
     */
    void add(Path file, ClipTokenizer tokenizer, int vocabulary, int hidden) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        if (files.contains(key)) {
            return;
        }
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            if (open.has("clip_g") || open.has("clip_l")) {
                throw new SafetensorsException(
                        file
                                + " is an embedding for Stable Diffusion XL, and this model is"
                                + " Stable Diffusion 1; use one made for it.");
            }
            List<String> tensors = tensors(open);
            for (String name : tensors) {
                long[] shape = open.info(name).shape();
                if (shape.length == 0 || shape.length > 2 || shape[shape.length - 1] != hidden) {
                    throw new SafetensorsException(
                            "%s holds an embedding of shape %s, but this model's vectors have %d numbers: it was made for another model."
                                    .formatted(file, java.util.Arrays.toString(shape), hidden));
                }
                add(open, name, tokenizer, vocabulary, hidden, tensors.size() == 1);
            }
        }
        files.add(key);
    }

    private static List<String> tensors(SafetensorsFile open) throws SafetensorsException {
        if (open.has(A1111)) {
            return List.of(A1111);
        }
        List<String> names = open.names();
        List<String> words =
                names.size() == 1
                        ? names
                        : names.stream().filter(n -> n.startsWith("<") && n.endsWith(">")).toList();
        if (words.isEmpty()) {
            throw new SafetensorsException(
                    open
                            + " holds no textual-inversion embedding: a tensor emb_params, or one"
                            + " named like its word, is expected.");
        }
        return words;
    }

    private void add(
            SafetensorsFile open,
            String name,
            ClipTokenizer tokenizer,
            int vocabulary,
            int hidden,
            boolean only)
            throws IOException {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray array = open.load(scratch, name).toType(DataType.FLOAT32, false);
            NDArray rows = array.reshape(new Shape(-1, hidden));
            int count = Math.toIntExact(rows.getShape().get(0));
            int first = vocabulary;
            NDArray all = rows.duplicate();
            if (vectors != null) {
                first += (int) vectors.getShape().get(0);
                all = NDArrays.concat(new NDList(vectors, rows));
                vectors.close();
            }
            all.attach(manager);
            vectors = all;
            if (!name.equals(A1111)) {
                words.add(LearnedToken.of(name, tokenizer, first, count));
            }
            if (only) {
                words.add(LearnedToken.of(stem(open.path()), tokenizer, first, count));
            }
        }
    }

    private static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.safetensors$", "");
    }
}
