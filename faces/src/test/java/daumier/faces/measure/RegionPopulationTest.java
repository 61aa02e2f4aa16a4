package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionPopulationTest {
    private static final List<FaceRegion> REGIONS = List.of(FaceRegion.JAW, FaceRegion.NOSE);

    private static FaceGeometry face(double jaw, double nose) {
        return new FaceGeometry(
                null,
                Pose.NEUTRAL,
                new double[0],
                new double[0],
                new double[0][0],
                Map.of(FaceRegion.JAW, jaw, FaceRegion.NOSE, nose),
                Map.of(FaceRegion.JAW, 0.2, FaceRegion.NOSE, 0.1),
                0);
    }

    /** People whose noses deviate as their jaws do. */
    private static RegionPopulation population(int people) {
        Random random = new Random(5);
        List<List<FaceGeometry>> all = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            double jaw = 1 + 0.4 * random.nextGaussian();
            double nose = 0.8 + 0.5 * (jaw - 1) + 0.02 * random.nextGaussian();
            // Two portraits of one person differ from that person by as much either way.
            all.add(List.of(face(jaw + 0.3, nose), face(jaw - 0.3, nose)));
        }
        return RegionPopulation.of(all, REGIONS);
    }

    @Test
    void aPersonIsUnusualAgainstTheSpreadOfPeople() {
        RegionPopulation p = population(400);
        assertEquals(400, p.people());
        assertEquals(800, p.portraits());
        RegionPopulation.Place jaw = p.place(face(1.8, 0.8)).get(FaceRegion.JAW);
        assertEquals(2, jaw.z(), 0.2);
        assertEquals(0.5, jaw.sigma(), 0.05);
    }

    @Test
    void whatGoesTogetherCountsOnce() {
        RegionPopulation p = population(400);
        double together = p.distance(face(1.4, 1.0));
        double against = p.distance(face(1.4, 0.6));
        assertEquals(1, together, 0.2);
        assertTrue(against > 3 * together, against + " against " + together);
    }

    @Test
    void itIsReadBackAsItWasWritten(@TempDir Path folder) throws IOException {
        RegionPopulation p = population(20);
        Path file = Files.writeString(folder.resolve("population.json"), p.json());
        assertEquals(p, RegionPopulation.read(file));
        Path other = Files.writeString(folder.resolve("other.json"), "{\"people\": 3}");
        String message =
                assertThrows(IOException.class, () -> RegionPopulation.read(other)).getMessage();
        assertTrue(message.contains("daumier population"), message);
    }

    @Test
    void fewPeopleAreNoPopulation() {
        String message =
                assertThrows(IllegalArgumentException.class, () -> population(7)).getMessage();
        assertTrue(message.contains("at least 8"), message);
    }
}
