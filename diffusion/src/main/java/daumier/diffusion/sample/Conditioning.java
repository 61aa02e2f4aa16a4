package daumier.diffusion.sample;

import ai.djl.ndarray.NDArray;

/**
 * What a guided U-Net is told by text.
 *
 * @param positive text states of the prompt (b or 1, tokens, hidden)
 * @param negative text states to be guided away from, of the same shape but for the number of
 *     tokens, or null for no guidance
 * @param guidance guidance scale of each row, or a single one for all; rows of 1 or less take the
 *     prompt alone, as in diffusers
 */
public record Conditioning(NDArray positive, NDArray negative, float[] guidance) {
    /** The prompt alone: one network call a row. */
    public static Conditioning unguided(NDArray positive) {
        return new Conditioning(positive, null, new float[] {1});
    }

    /** The same guidance for all rows. */
    public static Conditioning guided(NDArray positive, NDArray negative, double guidance) {
        return new Conditioning(positive, negative, new float[] {(float) guidance});
    }

    /** This conditioning without guidance. */
    public Conditioning unguided() {
        return unguided(positive);
    }

    /** Whether any row needs the negative prompt's half. */
    boolean isGuided() {
        if (negative == null) {
            return false;
        }
        for (float scale : guidance) {
            if (scale > 1) {
                return true;
            }
        }
        return false;
    }

    /** Guidance scales of b rows, at least 1. */
    float[] guidance(int rows) {
        if (guidance.length != 1 && guidance.length != rows) {
            throw new IllegalArgumentException(
                    "There are " + guidance.length + " guidance scales for " + rows + " rows.");
        }
        float[] scales = new float[rows];
        for (int i = 0; i < rows; i++) {
            scales[i] = Math.max(1, guidance[guidance.length == 1 ? 0 : i]);
        }
        return scales;
    }
}
