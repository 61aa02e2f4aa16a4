package daumier.faces;

import java.util.Objects;

/**
 * An 8-bit sRGB picture: interleaved RGB bytes, row by row from the top left. Immutable by
 * convention: nobody writes to {@link #rgb()} after construction.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param rgb {@code 3 * width * height} bytes
 */
public record Picture(int width, int height, byte[] rgb) {
    /** Checks that the sizes belong together. */
    public Picture {
        Objects.requireNonNull(rgb, "rgb");
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "A picture of %d x %d needs %d bytes, not %d."
                            .formatted(width, height, 3L * width * height, rgb.length));
        }
    }

    /**
     * The picture as planes (3, height, width) in [-1, 1], the range of the diffusion networks.
     *
     * @return a new array, red plane first
     */
    public float[] toChw() {
        int pixels = width * height;
        float[] chw = new float[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                chw[c * pixels + i] = (rgb[3 * i + c] & 0xff) / 127.5f - 1f;
            }
        }
        return chw;
    }

    /**
     * The reverse of {@link #toChw()}; values outside [-1, 1] are clipped.
     *
     * @param chw planes (3, height, width), from {@code offset}
     * @param offset index of the first value of the picture
     * @param width pixels
     * @param height pixels
     * @return the picture, rounded to the nearest of 256 levels
     */
    public static Picture fromChw(float[] chw, int offset, int width, int height) {
        int pixels = width * height;
        byte[] rgb = new byte[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                float v = (chw[offset + c * pixels + i] + 1f) * 127.5f;
                rgb[3 * i + c] = (byte) Math.round(Math.max(0f, Math.min(255f, v)));
            }
        }
        return new Picture(width, height, rgb);
    }
}
