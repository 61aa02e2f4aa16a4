package daumier.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpacesTest {
    private static final Box BOX =
            Box.builder()
                    .part("progress", 1, 0, 1)
                    .part("deviation", 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                    .part("effort", 1, 0, Double.POSITIVE_INFINITY)
                    .build();

    @Test
    void partsAreFoundByName() {
        assertEquals(new Box.Part("deviation", 1, 2), BOX.part("deviation"));
        assertArrayEquals(new double[] {2, 3}, BOX.slice(new double[] {1, 2, 3, 4}, "deviation"));
        assertThrows(IllegalArgumentException.class, () -> BOX.part("nose"));
        assertEquals("4 values (progress, deviation[2], effort)", BOX.describe());
    }

    @Test
    void containsRefusesOutsideNanAndOtherSizes() {
        assertTrue(BOX.contains(new double[] {0.5, -9, 9, 0}));
        assertFalse(BOX.contains(new double[] {1.5, -9, 9, 0}));
        assertFalse(BOX.contains(new double[] {Double.NaN, 0, 0, 0}));
        assertFalse(BOX.contains(new double[] {0.5}));
    }

    @Test
    void samplesLieInside() {
        SeededRandom random = new SeededRandom(1);
        for (int i = 0; i < 1000; i++) {
            assertTrue(BOX.contains(BOX.sample(random)));
            assertTrue(new Discrete(3).contains(new Discrete(3).sample(random)));
        }
    }

    @Test
    void clipMovesIntoBounds() {
        assertArrayEquals(new double[] {1, -7, 7, 0}, BOX.clip(new double[] {3, -7, 7, -1}), 0.0);
    }

    @Test
    void brokenBoxesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Box.of("x", 1, 1, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Box(new double[] {0, 0}, new double[] {1, 1}, List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> Box.builder().part("x", 1, 0, 1).part("x", 1, 0, 1).build());
    }

    @Test
    void randomStateGoesOnWhereItStood() {
        SeededRandom random = new SeededRandom(7);
        random.nextGaussian();
        SeededRandom twin = SeededRandom.restored(random.state());
        for (int i = 0; i < 100; i++) {
            assertEquals(random.nextGaussian(), twin.nextGaussian());
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 100_000; i++) {
            double z = random.nextGaussian();
            sum += z;
            squares += z * z;
        }
        assertEquals(0, sum / 100_000, 0.01);
        assertEquals(1, squares / 100_000, 0.02);
    }
}
