package daumier.faces;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Pictures turn into planes and back without loss, and refuse sizes that do not fit. */
final class PictureTest {
    @Test
    void planesRoundTrip() {
        byte[] rgb = new byte[3 * 5 * 4];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 37);
        }
        Picture picture = new Picture(5, 4, rgb);
        assertArrayEquals(rgb, Picture.fromChw(picture.toChw(), 0, 5, 4).rgb());
    }

    @Test
    void sizesMustFit() {
        assertThrows(IllegalArgumentException.class, () -> new Picture(5, 4, new byte[59]));
    }
}
