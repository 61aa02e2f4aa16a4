package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The LoRAs of one layer: y = W x + up (s * down x), where all LoRAs are concatenated into one down
 * and one up and s holds the strength of each rank. A DoRA also stretches the layer's own product
 * by a diagonal; diagonals stand as more columns behind the ranks of up.
 */
final class SideBranch {
    /**
     * One LoRA of this layer. {@code gain} is alpha / rank; {@code column} is its place in the
     * scales; {@code diagonal} (out, 1) or (out, 1, 1, 1) is null for a plain LoRA.
     */
    record Part(
            int column, NDArray down, NDArray up, double gain, boolean trained, NDArray diagonal) {
        long rank() {
            return down.getShape().get(0);
        }

        /** The change it makes to the layer's weight at scale 1, (out, in) or (out, in * k * k). */
        NDArray difference(NDArray weight, NDManager scratch) {
            NDArray first = own(up, scratch);
            NDArray change =
                    first.reshape(first.getShape().get(0), rank())
                            .matMul(own(down, scratch).reshape(rank(), -1))
                            .mul((float) gain);
            if (diagonal == null) {
                return change;
            }
            NDArray stretch = own(diagonal, scratch).reshape(-1, 1);
            return change.add(stretch.mul(own(weight, scratch).reshape(stretch.size(), -1)));
        }

        private static NDArray own(NDArray array, NDManager scratch) {
            NDArray copy = array.duplicate();
            copy.attach(scratch);
            return copy;
        }
    }

    private record Fused(
            NDManager owner, NDArray down, NDArray up, NDArray columns, NDArray gains) {}

    private final List<Part> parts = new ArrayList<>();
    private final Map<BitSet, Fused> fused = new HashMap<>();
    private NDManager manager;

    synchronized void set(List<Part> newParts, NDManager owner) {
        manager = owner;
        fused.values().forEach(f -> f.owner().close());
        fused.clear();
        parts.clear();
        parts.addAll(newParts);
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** Appends down, up, columns and gains of the LoRAs that act, or four times nothing. */
    void addTo(List<NDArray> list, String path, Kernels kernels, LoraScales.Bound scales) {
        List<Part> acting =
                scales == null
                        ? List.of()
                        : parts.stream().filter(p -> scales.acts(p.column(), path)).toList();
        if (acting.isEmpty()) {
            for (int i = 0; i < 4; i++) {
                list.add(kernels.absent());
            }
            return;
        }
        boolean trained = acting.stream().anyMatch(Part::trained);
        Fused f = trained ? fuse(acting, kernels, scales.manager()) : fusedOnce(acting, kernels);
        list.add(f.down());
        list.add(f.up());
        list.add(f.columns());
        list.add(scales.hasFactors() ? scales.gains(path, acting) : f.gains());
    }

    private synchronized Fused fusedOnce(List<Part> acting, Kernels kernels) {
        BitSet key = new BitSet();
        acting.forEach(p -> key.set(p.column()));
        return fused.computeIfAbsent(key, k -> fuse(acting, kernels, manager.newSubManager()));
    }

    private static Fused fuse(List<Part> acting, Kernels kernels, NDManager owner) {
        NDArray down = concatenated(acting.stream().map(Part::down).toList(), 0, kernels, owner);
        List<NDArray> ups =
                Stream.concat(acting.stream().map(Part::up), stretching(acting).map(Part::diagonal))
                        .toList();
        NDArray up = concatenated(ups, 1, kernels, owner);
        long[] columns =
                Stream.concat(
                                acting.stream().flatMap(p -> ranks(p).mapToObj(i -> p)),
                                stretching(acting))
                        .mapToLong(Part::column)
                        .toArray();
        return new Fused(owner, down, up, owner.create(columns), gains(acting, p -> 1, owner));
    }

    private static Stream<Part> stretching(List<Part> parts) {
        return parts.stream().filter(p -> p.diagonal() != null);
    }

    /** A vector with one value for each rank of all parts and then for each diagonal. */
    static NDArray gains(
            List<Part> acting, java.util.function.ToDoubleFunction<Part> factor, NDManager owner) {
        DoubleStream ofRanks =
                acting.stream()
                        .flatMapToDouble(
                                p -> {
                                    double gain = p.gain() * factor.applyAsDouble(p);
                                    return ranks(p).mapToDouble(i -> gain);
                                });
        double[] values =
                DoubleStream.concat(ofRanks, stretching(acting).mapToDouble(factor)).toArray();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return owner.create(floats);
    }

    private static IntStream ranks(Part part) {
        return IntStream.range(0, Math.toIntExact(part.rank()));
    }

    private static NDArray concatenated(
            List<NDArray> arrays, int axis, Kernels kernels, NDManager owner) {
        if (arrays.size() == 1) {
            return arrays.get(0);
        }
        NDArray joined = kernels.call("concat", arrays, owner.create((double) axis));
        joined.attach(owner);
        return joined;
    }
}
