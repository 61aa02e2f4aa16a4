package daumier.faces.measure;

import daumier.faces.Picture;

/** Turns a portrait into a vector whose angle to another tells whether it is the same person. */
@FunctionalInterface
public interface IdentityEmbedder {
    /**
     * Embeds a portrait.
     *
     * @param portrait 128 x 128 pixels, aligned
     * @return a vector of length 1
     */
    float[] embed(Picture portrait);
}
