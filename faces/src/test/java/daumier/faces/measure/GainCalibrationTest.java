package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GainCalibrationTest {
    /** Readings of a chain that reads a share of every gain, noisier than it says. */
    private static List<GainCalibration.Reading> readings(double share, double scatter) {
        Random random = new Random(3);
        List<GainCalibration.Reading> all = new ArrayList<>();
        for (int person = 0; person < 400; person++) {
            for (double truth : new double[] {-0.4, 0.4, 0.8, 1.2}) {
                double read = share * truth + Math.hypot(0.1, scatter) * random.nextGaussian();
                all.add(new GainCalibration.Reading("p" + person, truth, read, 0.1));
            }
        }
        return all;
    }

    @Test
    void aShareIsFoundAndTakenOut() {
        GainCalibration.Slope s = GainCalibration.slope(readings(0.6, 0.3));
        assertEquals(0.6, s.slope(), 3 * s.error());
        assertEquals(0.3, s.scatter(), 0.03);
        assertTrue(s.error() > 0.005 && s.error() < 0.02, s.toString());
        RegionDifference d = GainCalibration.corrected(new RegionDifference(0, 0, 0.6, 0.1), s);
        assertEquals(1, d.gain(), 0.1);
        assertTrue(d.gainSigma() > 0.4, "the scatter is told: " + d.gainSigma());
    }

    @Test
    void whatIsNotReadIsLeftOut() {
        GainCalibration.Slope deaf = GainCalibration.slope(readings(0.05, 0.3));
        assertFalse(deaf.readable());
        GainCalibration c =
                new GainCalibration(
                        Map.of(
                                FaceRegion.NOSE,
                                GainCalibration.slope(readings(0.8, 0)),
                                FaceRegion.MOUTH,
                                deaf));
        RegionDifference d = new RegionDifference(0, 0, 0.4, 0.1);
        assertEquals(
                Set.of(FaceRegion.NOSE),
                c.corrected(Map.of(FaceRegion.NOSE, d, FaceRegion.MOUTH, d)).keySet());
    }

    @Test
    void itIsReadBackAsItWasWritten(@TempDir Path folder) throws IOException {
        GainCalibration c =
                new GainCalibration(
                        Map.of(FaceRegion.JAW, new GainCalibration.Slope(0.9, 0.02, 0.1)));
        Path file = Files.writeString(folder.resolve("gains.json"), c.json());
        assertEquals(c, GainCalibration.read(file));
        Path other = Files.writeString(folder.resolve("other.json"), "[]");
        assertThrows(IOException.class, () -> GainCalibration.read(other));
    }
}
