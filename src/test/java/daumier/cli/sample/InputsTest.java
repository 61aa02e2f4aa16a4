package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import daumier.faces.Picture;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pictures that a drawing begins with. */
final class InputsTest {
    @Test
    void aCoverOfTheSameSizeChangesNothing() {
        byte[] rgb = new byte[12];
        new Random(2).nextBytes(rgb);
        Picture picture = new Picture(2, 2, rgb);
        assertArrayEquals(rgb, Inputs.cover(picture, 2, 2).rgb());
    }

    @Test
    void aCoverCutsWhatProtrudes() {
        byte[] rgb = new byte[3 * 4 * 2];
        for (int x = 0; x < 4; x++) {
            for (int y = 0; y < 2; y++) {
                Arrays.fill(rgb, 3 * (4 * y + x), 3 * (4 * y + x) + 3, (byte) (x == 0 ? 200 : 50));
            }
        }
        Picture cut = Inputs.cover(new Picture(4, 2, rgb), 2, 2);
        assertEquals(50, cut.rgb()[0]);
    }
}
