package daumier.diffusion.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Where the arrays of one root come from, and which of them were taken. */
abstract class WeightSource {

    private final NDManager manager;
    private final SortedMap<String, NDArray> taken = new TreeMap<>();
    private final Set<String> usedKeys = new TreeSet<>();

    private WeightSource(NDManager manager) {
        this.manager = manager;
    }

    abstract boolean has(String fileKey);

    /** Shape in the checkpoint. */
    abstract Optional<long[]> shape(String fileKey);

    /** Makes or loads the array; called once a key, when {@link #has} says so. */
    abstract NDArray load(String key, String fileKey, Init init, long[] shape);

    /** Every key there is. */
    abstract Set<String> keys();

    /** Keys that were asked for in vain; only an audit goes on after one. */
    Set<String> missing() {
        return Set.of();
    }

    /** Tensors of another shape than asked for; only an audit goes on after one. */
    Set<String> misfits() {
        return Set.of();
    }

    NDManager manager() {
        return manager;
    }

    final synchronized void use(String fileKey) {
        usedKeys.add(fileKey);
    }

    synchronized SortedMap<String, NDArray> taken() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(taken));
    }

    synchronized Set<String> unused() {
        Set<String> unused = new TreeSet<>(keys());
        unused.removeAll(usedKeys);
        return Collections.unmodifiableSet(unused);
    }

    synchronized Optional<NDArray> take(String key, String fileKey, Init init, long[] shape) {
        NDArray known = taken.get(key);
        if (known != null) {
            requireShape(key, known.getShape().getShape(), shape);
            return Optional.of(known);
        }
        if (!has(fileKey)) {
            return Optional.empty();
        }
        shape(fileKey).ifPresent(found -> requireSameButTrailingOnes(fileKey, found, shape));
        NDArray loaded = load(key, fileKey, init, shape);
        NDArray array = fitted(loaded, new Shape(shape));
        taken.put(key, array);
        use(fileKey);
        return Optional.of(array);
    }

    /** Lends an array that nobody keeps; empty if there is none. */
    <T> Optional<T> lend(String fileKey, Function<NDArray, T> use, long[] shape) {
        return pass(fileKey, shape) ? Optional.of(lend(fileKey, use)) : Optional.empty();
    }

    /** Checks a tensor and counts it as used; false if there is none. */
    boolean pass(String fileKey, long[] shape) {
        if (!has(fileKey)) {
            return false;
        }
        shape(fileKey).ifPresent(found -> requireSameButTrailingOnes(fileKey, found, shape));
        use(fileKey);
        return true;
    }

    /** What tells the files apart from all others; empty where there are none. */
    Optional<String> identity() throws IOException {
        return Optional.empty();
    }

    /** Lends an array in the shape it has, when {@link #has} says so. */
    abstract <T> T lend(String fileKey, Function<NDArray, T> use);

    private NDArray fitted(NDArray array, Shape shape) {
        NDArray floats = array;
        if (array.getDataType() != DataType.FLOAT32) {
            floats = array.toType(DataType.FLOAT32, true);
            replaced(array);
        }
        NDArray fitted = floats;
        if (!floats.getShape().equals(shape)) {
            fitted = floats.reshape(shape);
            replaced(floats);
        }
        return fitted;
    }

    /** Called when another array took the place of a loaded one. */
    void replaced(NDArray array) {
        array.close();
    }

    private void requireSameButTrailingOnes(String key, long[] found, long[] expected) {
        int length = Math.max(found.length, expected.length);
        requireShape(key, padded(found, length), padded(expected, length));
    }

    private static long[] padded(long[] shape, int length) {
        long[] padded = Arrays.copyOf(shape, length);
        Arrays.fill(padded, shape.length, length, 1);
        return padded;
    }

    private void requireShape(String key, long[] found, long[] expected) {
        if (!Arrays.equals(found, expected)) {
            throw new WeightsException(
                    "%s does not fit this model: tensor '%s' has shape %s, expected %s."
                            .formatted(
                                    this, key, Arrays.toString(found), Arrays.toString(expected)));
        }
    }

    /** A checkpoint on disk. */
    static final class Stored extends WeightSource {

        private final Checkpoint checkpoint;

        Stored(NDManager manager, Checkpoint checkpoint) {
            super(manager);
            this.checkpoint = checkpoint;
        }

        @Override
        boolean has(String fileKey) {
            return checkpoint.byKey().containsKey(fileKey);
        }

        @Override
        Optional<long[]> shape(String fileKey) {
            return Optional.ofNullable(checkpoint.byKey().get(fileKey))
                    .map(file -> file.info(fileKey).shape().clone());
        }

        @Override
        NDArray load(String key, String fileKey, Init init, long[] shape) {
            SafetensorsFile file = checkpoint.byKey().get(fileKey);
            try {
                return file.load(manager(), fileKey);
            } catch (IOException e) {
                throw unreadable(fileKey, file, e);
            }
        }

        @Override
        <T> T lend(String fileKey, Function<NDArray, T> use) {
            SafetensorsFile file = checkpoint.byKey().get(fileKey);
            try {
                return file.lend(manager(), fileKey, use);
            } catch (IOException e) {
                throw unreadable(fileKey, file, e);
            }
        }

        private static WeightsException unreadable(
                String fileKey, SafetensorsFile file, IOException e) {
            return new WeightsException(
                    "Tensor '%s' of %s cannot be read: %s".formatted(fileKey, file, e.getMessage()),
                    e);
        }

        @Override
        Set<String> keys() {
            return checkpoint.byKey().keySet();
        }

        @Override
        Optional<String> identity() throws IOException {
            return Optional.of(checkpoint.identity());
        }

        @Override
        public String toString() {
            return checkpoint.path().toString();
        }
    }

    /** A checkpoint on disk, asked for everything but never read: arrays are empty. */
    static final class Audited extends WeightSource {

        private final Stored stored;
        private final Set<String> missing = new TreeSet<>();
        private final Set<String> misfits = new TreeSet<>();

        Audited(NDManager manager, Checkpoint checkpoint) {
            super(manager);
            stored = new Stored(manager, checkpoint);
        }

        @Override
        synchronized Optional<NDArray> take(String key, String fileKey, Init init, long[] shape) {
            if (!stored.has(fileKey)) {
                missing.add(fileKey);
                return Optional.of(manager().create(new Shape(shape)));
            }
            try {
                return super.take(key, fileKey, init, shape);
            } catch (WeightsException e) {
                misfits.add(
                        "%s %s instead of %s"
                                .formatted(
                                        fileKey,
                                        Arrays.toString(stored.shape(fileKey).orElseThrow()),
                                        Arrays.toString(shape)));
                use(fileKey);
                return Optional.of(manager().create(new Shape(shape)));
            }
        }

        @Override
        NDArray load(String key, String fileKey, Init init, long[] shape) {
            return manager().create(new Shape(shape));
        }

        /** An audit makes no use of its models. */
        @Override
        <T> T lend(String fileKey, Function<NDArray, T> use) {
            throw new UnsupportedOperationException("An audited checkpoint lends nothing.");
        }

        @Override
        boolean has(String fileKey) {
            return stored.has(fileKey);
        }

        @Override
        Optional<long[]> shape(String fileKey) {
            return stored.shape(fileKey);
        }

        @Override
        Set<String> keys() {
            return stored.keys();
        }

        @Override
        synchronized Set<String> missing() {
            return Collections.unmodifiableSet(new TreeSet<>(missing));
        }

        @Override
        synchronized Set<String> misfits() {
            return Collections.unmodifiableSet(new TreeSet<>(misfits));
        }

        @Override
        public String toString() {
            return stored.toString();
        }
    }

    /** Parameters made from nothing. */
    static final class Fresh extends WeightSource {

        private final long seed;

        Fresh(NDManager manager, long seed) {
            super(manager);
            this.seed = seed;
        }

        @Override
        boolean has(String fileKey) {
            return true;
        }

        @Override
        Optional<long[]> shape(String fileKey) {
            return Optional.empty();
        }

        @Override
        NDArray load(String key, String fileKey, Init init, long[] shape) {
            Shape target = new Shape(shape);
            float[] values = new float[Math.toIntExact(target.size())];
            init.fill(values, new SplittableRandom(seed ^ hash(key)));
            // A duplicate owns its memory; an array made of Java's would borrow it.
            try (NDArray borrowed = manager().create(values, target)) {
                return borrowed.duplicate();
            }
        }

        @Override
        <T> T lend(String fileKey, Function<NDArray, T> use) {
            throw new UnsupportedOperationException("Fresh weights are to be kept.");
        }

        /** 64-bit FNV-1a, so that each name has a stream of its own. */
        private static long hash(String name) {
            long hash = 0xcbf29ce484222325L;
            for (int i = 0; i < name.length(); i++) {
                hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
            }
            return hash;
        }

        @Override
        Set<String> keys() {
            return Set.of();
        }

        @Override
        public String toString() {
            return "fresh weights";
        }
    }

    /** Arrays that exist already. */
    static final class Given extends WeightSource {

        private final Map<String, NDArray> tensors;

        Given(NDManager manager, Map<String, NDArray> tensors) {
            super(manager);
            this.tensors = new TreeMap<>(tensors);
        }

        @Override
        boolean has(String fileKey) {
            return tensors.containsKey(fileKey);
        }

        @Override
        Optional<long[]> shape(String fileKey) {
            return Optional.ofNullable(tensors.get(fileKey)).map(a -> a.getShape().getShape());
        }

        @Override
        NDArray load(String key, String fileKey, Init init, long[] shape) {
            return tensors.get(fileKey);
        }

        @Override
        <T> T lend(String fileKey, Function<NDArray, T> use) {
            return use.apply(tensors.get(fileKey));
        }

        /** The array is the caller's, and stays open. */
        @Override
        void replaced(NDArray array) {}

        @Override
        Set<String> keys() {
            return tensors.keySet();
        }

        @Override
        public String toString() {
            return "the given weights";
        }
    }
}
