package daumier.diffusion.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * A cursor over the weights of a model: {@code Weights.open(folder).at("down_blocks").at(0)} walks
 * the checkpoint by the names the code is structured by. All cursors of one root share what was
 * taken; the cursor itself is immutable.
 *
 * <p>Arrays are FLOAT32, carry no name, and belong to the manager the root was made with.
 */
public final class Weights {

    private final WeightSource source;
    private final String prefix;
    private final Function<String, String> keyInFile;

    private Weights(WeightSource source, String prefix, Function<String, String> keyInFile) {
        this.source = source;
        this.prefix = prefix;
        this.keyInFile = keyInFile;
    }

    /**
     * Opens a checkpoint: a {@code .safetensors} file, a {@code .safetensors.index.json} with its
     * shards, or a component folder. In a folder the first of these is taken, for the stem {@code
     * diffusion_pytorch_model} and then {@code model}: the file, the index, the {@code .fp16} file,
     * the {@code .fp16} index; and failing all, the only safetensors file there is.
     *
     * <p>The files stay open as long as the manager.
     *
     * @param manager owner of all arrays
     * @throws SafetensorsException if there are no sound weights, with the reason
     * @throws IOException if they cannot be read
     */
    public static Weights open(Path fileOrFolder, NDManager manager) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(fileOrFolder);
        manager.attachInternal(UUID.randomUUID().toString(), checkpoint);
        return root(new WeightSource.Stored(manager, checkpoint));
    }

    /**
     * A checkpoint opened to see whether it is whole: every {@link #get} gives an array of the
     * right shape and unknown numbers, and what is amiss shows in {@link #missing}, {@link
     * #misfits} and {@link #unused}. No tensor is read.
     *
     * @throws SafetensorsException if there are no sound weights, with the reason
     * @throws IOException if they cannot be read
     */
    public static Weights audited(Path fileOrFolder, NDManager manager) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(fileOrFolder);
        manager.attachInternal(UUID.randomUUID().toString(), checkpoint);
        return root(new WeightSource.Audited(manager, checkpoint));
    }

    /**
     * Weights for training from nothing: every {@link #get} makes a fresh parameter from its {@link
     * Init}. A parameter depends on the seed, its own full name and its shape alone, not on the
     * order of calls.
     */
    public static Weights initial(NDManager manager, long seed) {
        return root(new WeightSource.Fresh(manager, seed));
    }

    /** Weights that are already arrays, by full key; they keep their own manager. */
    public static Weights of(NDManager manager, Map<String, NDArray> tensors) {
        return root(new WeightSource.Given(manager, tensors));
    }

    private static Weights root(WeightSource source) {
        return new Weights(source, "", Function.identity());
    }

    /** The cursor one or more names further; the name may hold dots. */
    public Weights at(String name) {
        return new Weights(source, key(name), keyInFile);
    }

    /** The cursor at an element of a list. */
    public Weights at(int index) {
        return at(Integer.toString(index));
    }

    /**
     * The same cursor, with other names in the file.
     *
     * @param toKeyInFile from the full key the code asks for to the full key in the checkpoint;
     *     renamings made later are applied first
     */
    public Weights renamed(Function<String, String> toKeyInFile) {
        return new Weights(source, prefix, toKeyInFile.andThen(keyInFile));
    }

    /** Whether the checkpoint has that tensor; always true for fresh weights, which make it. */
    public boolean has(String relativeName) {
        return source.has(keyInFile.apply(key(relativeName)));
    }

    /** The shape a tensor has in the checkpoint; empty if it has none or the weights are fresh. */
    public Optional<long[]> shape(String relativeName) {
        return source.shape(keyInFile.apply(key(relativeName)));
    }

    /**
     * Takes a tensor. A tensor that differs from the expected shape only by trailing dimensions of
     * size 1 (a linear layer stored as a 1x1 convolution, or the reverse) is reshaped. Asking again
     * gives the same array.
     *
     * @param init first values of a fresh parameter
     * @param shape expected shape, outermost first; none for a scalar
     * @return FLOAT32, without a name
     * @throws WeightsException if the tensor is missing or has another shape
     */
    public NDArray get(String relativeName, Init init, long... shape) {
        return find(relativeName, init, shape).orElseThrow(() -> missing(relativeName, shape));
    }

    /**
     * Lends a tensor to a function that makes something else of it. It is checked as by {@link
     * #get}, but is none of the {@link #parameters}, of any floating-point type, perhaps not
     * writable, and must not be used after the function has returned.
     *
     * @throws WeightsException if the tensor is missing or has another shape
     */
    public <T> T lend(String relativeName, Function<NDArray, T> use, long... shape) {
        String key = key(relativeName);
        return source.lend(keyInFile.apply(key), use, shape)
                .orElseThrow(() -> missing(relativeName, shape));
    }

    /**
     * Counts a tensor as used without reading it, for those who have it from elsewhere. It is
     * checked as by {@link #lend}.
     *
     * @throws WeightsException if the tensor is missing or has another shape
     */
    public void pass(String relativeName, long... shape) {
        String key = key(relativeName);
        if (!source.pass(keyInFile.apply(key), shape)) {
            throw missing(relativeName, shape);
        }
    }

    /**
     * What tells these weights from all others on this machine, without reading them whole: their
     * files, with sizes, times and samples of what is in them. Empty for weights of no file.
     *
     * @throws IOException if a file cannot be read any more
     */
    public Optional<String> identity() throws IOException {
        return source.identity();
    }

    private WeightsException missing(String relativeName, long... shape) {
        return new WeightsException(
                "%s has no tensor '%s' (shape %s): it is incomplete, or made for another model."
                        .formatted(
                                source,
                                keyInFile.apply(key(relativeName)),
                                Arrays.toString(shape)));
    }

    /**
     * Takes a tensor if the checkpoint has it; fresh weights make it.
     *
     * @throws WeightsException if the tensor has another shape
     */
    public Optional<NDArray> find(String relativeName, Init init, long... shape) {
        String key = key(relativeName);
        return source.take(key, keyInFile.apply(key), init, shape);
    }

    /** The full dotted name of this cursor; empty at the root. */
    public String path() {
        return prefix;
    }

    /** Owner of the arrays. */
    public NDManager manager() {
        return source.manager();
    }

    /** Everything taken so far from this root, by the full key the code asked for. */
    public SortedMap<String, NDArray> parameters() {
        return source.taken();
    }

    /** Keys of the checkpoint that nobody took so far; empty for fresh weights. */
    public Set<String> unused() {
        return source.unused();
    }

    /** Keys that an audited checkpoint does not have. */
    public Set<String> missing() {
        return source.missing();
    }

    /** What an audited checkpoint has in another shape: key, its shape and the one needed. */
    public Set<String> misfits() {
        return source.misfits();
    }

    @Override
    public String toString() {
        return prefix.isEmpty() ? source.toString() : source + " at " + prefix;
    }

    private String key(String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }
}
