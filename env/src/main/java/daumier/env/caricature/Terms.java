package daumier.env.caricature;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one look at a picture says of it, by one set of networks.
 *
 * @param alignment 1 - |a - w|² / |w|², a the exaggeration achieved and w the one wanted, in
 *     displacement units; at least {@link Reward#LEAST_ALIGNMENT}
 * @param plainAlignment 1 - |a - w| / |w|, without a floor
 * @param identity 0 for a stranger to 1 for as like as two photographs of one person
 * @param style 0 to 1: how near the style's level is to its target
 * @param plausibility 0 to 1
 * @param cosine of the identity embeddings
 * @param level of the artist's style, about 0 to 1
 * @param composite the weighted sum that is rewarded
 */
public record Terms(
        double alignment,
        double plainAlignment,
        double identity,
        double style,
        double plausibility,
        double cosine,
        double level,
        double composite) {
    /** By name, in this order. */
    public Map<String, Double> asMap() {
        Map<String, Double> map = new LinkedHashMap<>();
        map.put("composite", composite);
        map.put("alignment", alignment);
        map.put("identity", identity);
        map.put("style", style);
        map.put("plausibility", plausibility);
        map.put("plain_alignment", plainAlignment);
        map.put("cosine", cosine);
        map.put("level", level);
        return map;
    }
}
