package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraMagnitude;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.lora.LoraWeights;
import daumier.diffusion.weights.Init;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The LoRAs attached to a model, in order: a LoRA's index here is its column in {@link LoraScales}.
 * Attaching copies the arrays into the model's manager and changes no weight. Attach and detach
 * between forward passes, not during one.
 */
public final class LoraStack {
    /** Branches are the form in which pairs are computed; for a DoRA they differ from the pair. */
    private record Attached(
            NDManager manager,
            LoraWeights weights,
            boolean trained,
            Map<String, DoraBranch> decomposed) {}

    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final NDManager manager;
    private final List<Attached> attached = new ArrayList<>();

    LoraStack(List<Layer> layers, NDManager manager) {
        layers.forEach(layer -> this.layers.put(layer.path(), layer));
        this.manager = manager;
    }

    /** The layers where a LoRA can attach, in the order of the model. */
    public List<LoraTarget> targets() {
        return layers.values().stream().map(Layer::target).toList();
    }

    /** How many LoRAs are attached. */
    public int size() {
        return attached.size();
    }

    /**
     * Attaches a LoRA after the others. Pairs for layers that this model does not have are left out
     * (a file serves U-Net and text encoder alike).
     *
     * @return its index
     * @throws IllegalArgumentException if a pair does not fit its layer
     */
    public int attach(LoraWeights lora) {
        NDManager own = manager.newSubManager();
        SortedMap<String, LoraPair> pairs = new TreeMap<>();
        Map<String, DoraBranch> decomposed = new HashMap<>();
        lora.pairs()
                .forEach(
                        (path, pair) -> {
                            Layer layer = layers.get(path);
                            if (layer != null) {
                                LoraPair fitted = fitted(lora.name(), layer.target(), pair, own);
                                pairs.put(path, fitted);
                                if (fitted.magnitude() != null) {
                                    decomposed.put(path, DoraBranch.of(layer, fitted, own));
                                }
                            }
                        });
        return add(
                new Attached(
                        own,
                        new LoraWeights(
                                lora.name(),
                                pairs,
                                lora.metadata(),
                                lora.unmatched(),
                                lora.fraction()),
                        false,
                        decomposed));
    }

    /**
     * Attaches a new LoRA for training: down uniform in ±1/sqrt(fan in) (kaiming, a = sqrt 5), up
     * zero, both requiring gradients.
     *
     * @param wanted which layers take part
     * @param seed of down's values; a layer's values depend on the seed and its path alone
     * @return its index
     */
    public int attachTrainable(
            String name, int rank, double alpha, Predicate<LoraTarget> wanted, long seed) {
        NDManager own = manager.newSubManager();
        SortedMap<String, LoraPair> pairs = new TreeMap<>();
        targets().stream()
                .filter(wanted)
                .forEach(t -> pairs.put(t.path(), fresh(t, rank, alpha, seed, own)));
        return add(new Attached(own, LoraWeights.of(name, pairs), true, Map.of()));
    }

    /**
     * Makes the pairs of an attached LoRA trainable, or freezes them.
     *
     * @throws IllegalArgumentException for a DoRA, whose stretching would not follow its pairs
     */
    public void setTrainable(int index, boolean trainable) {
        Attached old = attached.get(index);
        if (trainable && !old.decomposed().isEmpty()) {
            throw new IllegalArgumentException(
                    "The LoRA '%s' is a DoRA, which is not trained further: start from a plain LoRA."
                            .formatted(old.weights().name()));
        }
        old.weights()
                .pairs()
                .values()
                .forEach(
                        pair -> {
                            pair.down().setRequiresGradient(trainable);
                            pair.up().setRequiresGradient(trainable);
                        });
        attached.set(
                index, new Attached(old.manager(), old.weights(), trainable, old.decomposed()));
        rebuild();
    }

    /** Detaches a LoRA and frees its arrays; those after it move down by one. */
    public void detach(int index) {
        Attached gone = attached.remove(index);
        rebuild();
        gone.manager().close();
    }

    /** Detaches all. */
    public void clear() {
        while (!attached.isEmpty()) {
            detach(attached.size() - 1);
        }
    }

    /** The attached LoRA, with the arrays in use: what training changed shows here. */
    public LoraWeights weights(int index) {
        return attached.get(index).weights();
    }

    /**
     * The change that an attached LoRA makes to a layer's weight where its scale is 1, as a dense
     * matrix.
     *
     * @param owner of the result
     * @return FLOAT32 (out, in), or (out, in · k · k) for a convolution
     * @throws IllegalArgumentException if it does not change that layer
     */
    public NDArray difference(int index, String path, NDManager owner) {
        if (!weights(index).pairs().containsKey(path)) {
            throw new IllegalArgumentException(
                    "The LoRA '%s' does not change the layer %s."
                            .formatted(weights(index).name(), path));
        }
        Layer layer = layers.get(path);
        try (NDManager scratch = owner.newSubManager()) {
            NDArray weight = layer.copyOfWeight(scratch);
            NDArray sum = scratch.zeros(new Shape(layer.out(), weight.size() / layer.out()));
            for (SideBranch.Part part : layer.sideBranch().parts()) {
                if (part.column() == index) {
                    sum.addi(part.difference(weight, scratch));
                }
            }
            sum.attach(owner);
            return sum;
        }
    }

    /** The arrays of an attached LoRA as {@code PATH.down} and {@code PATH.up}. */
    public SortedMap<String, NDArray> parameters(int index) {
        SortedMap<String, NDArray> all = new TreeMap<>();
        weights(index)
                .pairs()
                .forEach(
                        (path, pair) -> {
                            all.put(path + ".down", pair.down());
                            all.put(path + ".up", pair.up());
                        });
        return Collections.unmodifiableSortedMap(all);
    }

    /** Refuses scales for another number of LoRAs or batch rows. */
    void check(LoraScales scales, long rows) {
        if (scales != null && scales.loras() != size()) {
            throw new IllegalArgumentException(
                    "The LoRA scales are for %d LoRAs, but %d are attached."
                            .formatted(scales.loras(), size()));
        }
        if (scales != null && scales.rows() != 1 && scales.rows() != rows) {
            throw new IllegalArgumentException(
                    "The LoRA scales have %d rows; the batch has %d, so 1 or %d are needed."
                            .formatted(scales.rows(), rows, rows));
        }
    }

    private int add(Attached lora) {
        attached.add(lora);
        rebuild();
        return attached.size() - 1;
    }

    private void rebuild() {
        layers.forEach(
                (path, layer) -> {
                    List<SideBranch.Part> parts = new ArrayList<>();
                    for (int i = 0; i < attached.size(); i++) {
                        Attached lora = attached.get(i);
                        LoraPair pair = lora.weights().pairs().get(path);
                        DoraBranch dora = lora.decomposed().get(path);
                        if (dora != null) {
                            parts.add(
                                    new SideBranch.Part(
                                            i, dora.down(), dora.up(), 1, false, dora.diagonal()));
                        } else if (pair != null) {
                            parts.add(
                                    new SideBranch.Part(
                                            i,
                                            pair.down(),
                                            pair.up(),
                                            pair.scale(),
                                            lora.trained(),
                                            null));
                        }
                    }
                    layer.sideBranch().set(parts, manager);
                });
    }

    private static LoraPair fitted(String name, LoraTarget target, LoraPair pair, NDManager own) {
        int rank = pair.rank();
        return new LoraPair(
                copy(name, target, pair.down(), target.downShape(rank), own),
                copy(name, target, pair.up(), target.upShape(rank), own),
                pair.alpha(),
                rank,
                fitted(name, target, pair.magnitude(), own));
    }

    private static LoraMagnitude fitted(
            String name, LoraTarget target, LoraMagnitude magnitude, NDManager own) {
        if (magnitude == null) {
            return null;
        }
        long[] shape = {magnitude.byOutput() ? target.out() : target.in()};
        return new LoraMagnitude(
                copy(name, target, magnitude.values(), shape, own), magnitude.byOutput());
    }

    private static NDArray copy(
            String name, LoraTarget target, NDArray array, long[] shape, NDManager own) {
        Shape wanted = new Shape(shape);
        if (array.getShape().size() != wanted.size()) {
            throw new IllegalArgumentException(
                    "The LoRA '%s' has shape %s for the layer %s where %s is needed: it was made for another model."
                            .formatted(name, array.getShape(), target.path(), wanted));
        }
        NDArray copy = array.toDevice(own.getDevice(), true);
        copy.attach(own);
        NDArray shaped = copy.reshape(wanted);
        shaped.attach(own);
        return shaped;
    }

    private static LoraPair fresh(
            LoraTarget target, int rank, double alpha, long seed, NDManager own) {
        Shape shape = new Shape(target.downShape(rank));
        float[] values = new float[Math.toIntExact(shape.size())];
        long stream = seed * 0x9E3779B97F4A7C15L + target.path().hashCode();
        Init.kaimingUniform(shape.size() / rank).fill(values, new SplittableRandom(stream));
        NDArray down = own.create(values, shape);
        NDArray up = own.zeros(new Shape(target.upShape(rank)), DataType.FLOAT32);
        down.setRequiresGradient(true);
        up.setRequiresGradient(true);
        return new LoraPair(down, up, alpha, rank);
    }
}
