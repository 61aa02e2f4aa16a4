package daumier.faces.nets;

/**
 * One training example: up to two renderings of the same geometry, interleaved RGB of 128 x 128.
 *
 * @param photo in the photo look
 * @param drawn by an artist, or null
 * @param mask 255 where the person is, or null
 * @param landmarks 136 values in pixels
 * @param shape identity coefficients
 * @param person number of the identity
 * @param artist number of the artist, -1 for none
 */
record Portrait(
        byte[] photo,
        byte[] drawn,
        byte[] mask,
        float[] landmarks,
        float[] shape,
        int person,
        int artist) {}
