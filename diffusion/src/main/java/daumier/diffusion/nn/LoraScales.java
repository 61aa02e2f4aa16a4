package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How strongly each attached LoRA acts in one forward pass: a scale for each batch row and LoRA,
 * optionally a factor for each block, a choice of layers and a region for each LoRA. A plain value
 * that is cheap to make anew for every step.
 *
 * <p>A LoRA whose scale is 0 in every row is left out, so that scale 0 gives the bits of the model
 * without it. Layers without a picture plane (the time embedding, the keys and values of the text)
 * use the mean of a region's mask.
 */
public final class LoraScales {
    private final float[][] scale;
    private final List<Map<String, Float>> factors;
    private final List<NDArray> masks;

    /** By LoRA, the paths of the layers where it acts; null for all. */
    private final List<Set<String>> layers;

    private LoraScales(
            float[][] scale,
            List<Map<String, Float>> factors,
            List<NDArray> masks,
            List<Set<String>> layers) {
        this.scale = scale;
        this.factors = factors;
        this.masks = masks;
        this.layers = layers;
    }

    /** The same scales for all rows, one for each attached LoRA in the order of attachment. */
    public static LoraScales of(float... byLora) {
        return ofRows(new float[][] {byLora});
    }

    /**
     * Scales by batch row and LoRA.
     *
     * @param byRowAndLora one row for each row of the batch, or a single one for all
     */
    public static LoraScales ofRows(float[][] byRowAndLora) {
        if (byRowAndLora.length == 0) {
            throw new IllegalArgumentException("LoRA scales need at least one row.");
        }
        float[][] copy = Arrays.stream(byRowAndLora).map(float[]::clone).toArray(float[][]::new);
        for (float[] row : copy) {
            if (row.length != copy[0].length) {
                throw new IllegalArgumentException(
                        "Every row of LoRA scales must have as many entries as the first one.");
            }
        }
        int loras = copy[0].length;
        return new LoraScales(
                copy,
                Collections.nCopies(loras, Map.of()),
                Collections.nCopies(loras, null),
                Collections.nCopies(loras, null));
    }

    /**
     * The same scales with factors by block for one LoRA.
     *
     * @param factorByPrefix factor for all layers whose path starts with the prefix; the longest
     *     prefix wins, no match is 1
     */
    public LoraScales withBlocks(int lora, Map<String, Float> factorByPrefix) {
        List<Map<String, Float>> changed = new ArrayList<>(factors);
        changed.set(lora, Map.copyOf(factorByPrefix));
        return new LoraScales(scale, changed, masks, layers);
    }

    /**
     * The same scales with one LoRA limited to some layers; elsewhere it is left out, as if its
     * file did not hold them.
     *
     * @param paths full dotted names of layers
     */
    public LoraScales inLayers(int lora, Set<String> paths) {
        List<Set<String>> changed = new ArrayList<>(layers);
        changed.set(lora, Set.copyOf(paths));
        return new LoraScales(scale, factors, masks, Collections.unmodifiableList(changed));
    }

    /**
     * The same scales with one LoRA limited to a region.
     *
     * @param mask (rows or 1, 1, h, w) of any size, 1 where the LoRA acts and 0 where not; averaged
     *     down to each layer's size. It stays the caller's and must live as long as the scales are
     *     used.
     */
    public LoraScales withMask(int lora, NDArray mask) {
        Shape shape = mask.getShape();
        if (shape.dimension() != 4 || shape.get(1) != 1) {
            throw new IllegalArgumentException(
                    "A LoRA mask must have the shape (rows or 1, 1, height, width), not "
                            + shape
                            + ".");
        }
        List<NDArray> changed = new ArrayList<>(masks);
        changed.set(lora, mask);
        return new LoraScales(scale, factors, Collections.unmodifiableList(changed), layers);
    }

    /**
     * The same scales for a batch that holds these rows several times, one after another, as guided
     * calls do. What is the same for all rows stays one row.
     */
    public LoraScales repeated(int times) {
        int rows = scale.length;
        for (NDArray mask : masks) {
            rows = Math.max(rows, mask == null ? 1 : (int) mask.getShape().get(0));
        }
        if (rows == 1) {
            return this;
        }
        float[][] all = new float[rows * times][];
        for (int i = 0; i < all.length; i++) {
            all[i] = scale[i % rows % scale.length];
        }
        return new LoraScales(all, factors, masks, layers);
    }

    /**
     * The scales of some rows of a batch. What is the same for all rows stays one row.
     *
     * @param from the first row
     * @param to the row behind the last
     * @param owner of what it takes of masks
     */
    LoraScales rows(int from, int to, NDManager owner) {
        float[][] some = scale.length == 1 ? scale : Arrays.copyOfRange(scale, from, to);
        List<NDArray> cut = new ArrayList<>();
        for (NDArray mask : masks) {
            cut.add(mask == null ? null : rows(mask, from, to, owner));
        }
        return new LoraScales(some, factors, Collections.unmodifiableList(cut), layers);
    }

    /** Rows of a mask, which begins again where a batch holds its rows several times. */
    private static NDArray rows(NDArray mask, int from, int to, NDManager owner) {
        int rows = Math.toIntExact(mask.getShape().get(0));
        if (rows == 1) {
            return mask;
        }
        try (NDManager scratch = mask.getManager().newSubManager()) {
            NDList parts = new NDList();
            for (int i = from; i < to; i++) {
                int row = i % rows;
                NDArray part = mask.get(row + ":" + (row + 1));
                part.attach(scratch);
                parts.add(part);
            }
            NDArray cut = NDArrays.concat(parts);
            cut.attach(owner);
            return cut;
        }
    }

    /**
     * The same scales with another one for a LoRA, in all rows; LoRAs between, if there are any,
     * get 0.
     */
    public LoraScales with(int lora, float value) {
        int loras = Math.max(loras(), lora + 1);
        float[][] rows = new float[scale.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOf(scale[i], loras);
            rows[i][lora] = value;
        }
        List<Map<String, Float>> allFactors = new ArrayList<>(factors);
        List<NDArray> allMasks = new ArrayList<>(masks);
        List<Set<String>> allLayers = new ArrayList<>(layers);
        while (allFactors.size() < loras) {
            allFactors.add(Map.of());
            allMasks.add(null);
            allLayers.add(null);
        }
        return new LoraScales(
                rows,
                allFactors,
                Collections.unmodifiableList(allMasks),
                Collections.unmodifiableList(allLayers));
    }

    /** How many LoRAs these scales are for. */
    public int loras() {
        return scale[0].length;
    }

    /** How many batch rows these scales are for; 1 serves any number. */
    public int rows() {
        return scale.length;
    }

    /** The scale of a LoRA in a batch row, without factors and masks. */
    public float at(int row, int lora) {
        return scale[scale.length == 1 ? 0 : row][lora];
    }

    boolean allZero() {
        for (int lora = 0; lora < loras(); lora++) {
            if (acts(lora)) {
                return false;
            }
        }
        return true;
    }

    private boolean acts(int lora) {
        for (float[] row : scale) {
            if (row[lora] != 0) {
                return true;
            }
        }
        return false;
    }

    private float factor(int lora, String path) {
        int longest = -1;
        float factor = 1;
        for (Map.Entry<String, Float> e : factors.get(lora).entrySet()) {
            if (e.getKey().length() > longest && path.startsWith(e.getKey())) {
                longest = e.getKey().length();
                factor = e.getValue();
            }
        }
        return factor;
    }

    Bound bind(Kernels kernels, NDManager manager) {
        return new Bound(kernels, manager);
    }

    /** The scales as tensors of one pass. */
    final class Bound {
        private final NDManager manager;
        private final NDArray scaleTensor;
        private final NDArray maskTensor;

        private Bound(Kernels kernels, NDManager manager) {
            this.manager = manager;
            this.scaleTensor = manager.create(scale);
            this.maskTensor =
                    masks.stream().allMatch(m -> m == null)
                            ? kernels.absent()
                            : masks(kernels, manager);
        }

        NDManager manager() {
            return manager;
        }

        /** (rows or 1, loras). */
        NDArray scale() {
            return scaleTensor;
        }

        /** (rows or 1, loras, h, w), or nothing. */
        NDArray mask() {
            return maskTensor;
        }

        boolean acts(int lora, String path) {
            return lora < loras()
                    && LoraScales.this.acts(lora)
                    && (layers.get(lora) == null || layers.get(lora).contains(path));
        }

        boolean hasFactors() {
            return factors.stream().anyMatch(f -> !f.isEmpty());
        }

        NDArray gains(String path, List<SideBranch.Part> parts) {
            return SideBranch.gains(parts, p -> factor(p.column(), path), manager);
        }

        private NDArray masks(Kernels kernels, NDManager owner) {
            List<NDArray> all = new ArrayList<>();
            for (NDArray mask : masks) {
                all.add(mask == null ? owner.ones(new Shape(1, 1, 1, 1)) : mask);
            }
            NDArray joined = kernels.call("join_masks", all, owner.create(0f));
            joined.attach(owner);
            long rows = joined.getShape().get(0);
            if (rows > 1 && rows < scale.length) {
                joined = joined.tile(new long[] {scale.length / rows, 1, 1, 1});
                joined.attach(owner);
            }
            return joined;
        }
    }
}
