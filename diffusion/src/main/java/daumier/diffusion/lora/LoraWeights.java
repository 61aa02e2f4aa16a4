package daumier.diffusion.lora;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A LoRA, matched to the layers of a model.
 *
 * @param name what the LoRA is called: its file name without the ending
 * @param pairs by path of the layer, see {@link LoraTarget#path}
 * @param metadata free-form strings of the file, e.g. {@code ss_network_dim}
 * @param unmatched keys of the file that belong to no layer given, in order of the file
 * @param fraction how much of the file takes effect: tensors matched by tensors held, in [0, 1]
 */
public record LoraWeights(
        String name,
        SortedMap<String, LoraPair> pairs,
        Map<String, String> metadata,
        List<String> unmatched,
        double fraction) {

    /** Copies the collections; the arrays are shared. */
    public LoraWeights {
        pairs = Collections.unmodifiableSortedMap(new TreeMap<>(pairs));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        unmatched = List.copyOf(unmatched);
    }

    /** A LoRA that is made, not read: everything in it takes effect. */
    public static LoraWeights of(String name, SortedMap<String, LoraPair> pairs) {
        return new LoraWeights(name, pairs, Map.of(), List.of(), 1);
    }

    /**
     * The same LoRA published at another strength: every alpha times {@code factor}; the arrays are
     * shared. What had its right weight at 1 has it at {@code 1 / factor}.
     */
    public LoraWeights strengthened(double factor) {
        SortedMap<String, LoraPair> stronger = new TreeMap<>();
        pairs.forEach(
                (path, p) ->
                        stronger.put(
                                path,
                                new LoraPair(
                                        p.down(),
                                        p.up(),
                                        p.alpha() * factor,
                                        p.rank(),
                                        p.magnitude())));
        return new LoraWeights(name, stronger, metadata, unmatched, fraction);
    }

    /** The part that changes the U-Net. */
    public SortedMap<String, LoraPair> unet() {
        return part(false);
    }

    /** The part that changes the text encoder. */
    public SortedMap<String, LoraPair> textEncoder() {
        return part(true);
    }

    /** Largest rank of any layer; 0 for an empty LoRA. */
    public int rank() {
        return pairs.values().stream().mapToInt(LoraPair::rank).max().orElse(0);
    }

    private SortedMap<String, LoraPair> part(boolean textEncoder) {
        SortedMap<String, LoraPair> part = new TreeMap<>();
        pairs.forEach(
                (path, pair) -> {
                    if (LoraTarget.isInTextEncoder(path) == textEncoder) {
                        part.put(path, pair);
                    }
                });
        return Collections.unmodifiableSortedMap(part);
    }
}
