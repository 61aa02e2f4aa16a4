package daumier.diffusion.nn;

/**
 * Extended self-attention: the last rows of a batch are references, and every other row attends to
 * the points of its reference beside its own, in all self-attention layers (the KV-injection of
 * LCM-Lookahead, Gal et al. 2024). Row i looks at reference i modulo their number.
 *
 * @param references how many rows at the end of the batch are references; the number of the others
 *     is a multiple of it
 * @param strength factor of the references' attention weights before they are normalised, above 0;
 *     1 is plain concatenation of keys and values
 */
public record SharedAttention(int references, double strength) {
    /** Refuses what has no meaning. */
    public SharedAttention {
        if (references < 1 || !(strength > 0) || Double.isInfinite(strength)) {
            throw new IllegalArgumentException(
                    "Shared attention needs a reference and a strength above 0, not %d and %s."
                            .formatted(references, strength));
        }
    }
}
