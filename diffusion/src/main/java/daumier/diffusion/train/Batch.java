package daumier.diffusion.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws random rows and noise, and makes tensors of them. */
final class Batch {
    private Batch() {}

    /** {@code count} row numbers below {@code bound}, with repetition. */
    static int[] rows(RandomGenerator random, int count, int bound) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = random.nextInt(bound);
        }
        return rows;
    }

    /** The pictures of these rows: (rows, 3, size, size) in [-1, 1]. */
    static NDArray images(NDManager scope, ExampleStore store, int[] rows) {
        int n = 3 * store.size() * store.size();
        float[] values = new float[n * rows.length];
        try {
            for (int i = 0; i < rows.length; i++) {
                store.readImage(rows[i], values, i * n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scope.create(values, new Shape(rows.length, 3, store.size(), store.size()));
    }

    /** Random pictures, row by row from each store in turn. */
    static NDArray images(
            NDManager scope, List<ExampleStore> stores, RandomGenerator random, int count) {
        int size = stores.get(0).size();
        float[] values = new float[3 * size * size * count];
        try {
            for (int i = 0; i < count; i++) {
                ExampleStore store = stores.get(i % stores.size());
                store.readImage(random.nextInt(store.count()), values, i * 3 * size * size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scope.create(values, new Shape(count, 3, size, size));
    }

    /** The condition maps of these rows: (rows, channels, size, size) in [0, 1]. */
    static NDArray conditions(NDManager scope, ExampleStore store, int[] rows) {
        int n = store.conditionChannels() * store.size() * store.size();
        float[] values = new float[n * rows.length];
        try {
            for (int i = 0; i < rows.length; i++) {
                store.readCondition(rows[i], values, i * n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return scope.create(
                values,
                new Shape(rows.length, store.conditionChannels(), store.size(), store.size()));
    }

    /** Standard normal noise. */
    static float[] noise(RandomGenerator random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
