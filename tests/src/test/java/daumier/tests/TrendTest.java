package daumier.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TrendTest {
    @Test
    void aLineIsFoundExactly() {
        Trend trend = Trend.of(1, 3, 5, 7);
        assertEquals(2, trend.slope(), 1e-12);
        assertEquals(0, trend.error(), 1e-12);
        assertTrue(trend.risesBeyond(1.9));
        assertFalse(trend.risesBeyond(2.1));
    }

    @Test
    void noiseDoesNotRiseAndALeakInItDoes() {
        Random random = new Random(1);
        double[] noise = new double[150];
        double[] leak = new double[150];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 1000 + 5 * random.nextGaussian();
            leak[i] = noise[i] + 0.3 * i;
        }
        assertFalse(Trend.of(noise).risesBeyond(0.1));
        assertTrue(Trend.of(leak).risesBeyond(0.1));
    }
}
