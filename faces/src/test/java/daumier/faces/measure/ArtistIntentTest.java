package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtistIntentTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);

    /** An artist who drops every chin by 9 pixels and doubles each sitter's own difference. */
    private List<ArtistIntent.Example> examples(int count, long seed) {
        Random random = new Random(seed);
        List<ArtistIntent.Example> all = new ArrayList<>();
        Landmarks average = fit.reference();
        for (int n = 0; n < count; n++) {
            double[] identity =
                    random.doubles(fit.model().identityBasis().length, -1.7, 1.7).toArray();
            Landmarks face =
                    fit.project(
                            Pose.NEUTRAL,
                            identity,
                            new double[fit.model().expressionBasis().length]);
            float[] drawn = face.xy().clone();
            for (int k = 0; k < drawn.length; k++) {
                drawn[k] += face.xy()[k] - average.xy()[k];
            }
            for (int i = 6; i <= 10; i++) {
                drawn[2 * i + 1] += 9;
            }
            all.add(new ArtistIntent.Example(face, new Landmarks(drawn)));
        }
        return all;
    }

    @Test
    void learnsAnArtistsHabitAndAppliesItToPeopleItNeverSaw() {
        ArtistIntent intent = ArtistIntent.fit(examples(60, 1));
        double whole = 0;
        double own = 0;
        List<ArtistIntent.Example> others = examples(20, 2);
        for (ArtistIntent.Example e : others) {
            double[] actual = intent.observed(e);
            double[] individual = intent.individual(e.face());
            double[] sum = new double[actual.length];
            double[] rest = new double[actual.length];
            for (int k = 0; k < sum.length; k++) {
                sum[k] = individual[k] + intent.common()[k];
                rest[k] = actual[k] - intent.common()[k];
            }
            whole += ArtistIntent.cosine(sum, actual) / others.size();
            own += ArtistIntent.cosine(individual, rest) / others.size();
        }
        assertTrue(whole > 0.8, "whole " + whole);
        assertTrue(own > 0.7, "individual " + own);
    }

    @Test
    void displacementsTurnAndGrowWithTheFace() {
        ArtistIntent intent = ArtistIntent.fit(examples(20, 3));
        Landmarks face = examples(1, 4).get(0).face();
        double[] upright = intent.displacements(face, 1);
        // A quarter turn, twice as large: (x, y) becomes (-2y, 2x).
        Landmarks turned = new Similarity(0, 2, 40, -7).apply(face);
        double[] moved = intent.displacements(turned, 1);
        for (int k = 0; k < moved.length; k += 2) {
            assertEquals(-2 * upright[k + 1], moved[k], 0.01);
            assertEquals(2 * upright[k], moved[k + 1], 0.01);
        }
        for (double d : intent.displacements(face, 0)) {
            assertEquals(0, d, 0);
        }
    }

    @Test
    void isTheSameAfterWritingAndReading(@TempDir Path folder) throws IOException {
        ArtistIntent intent = ArtistIntent.fit(examples(12, 5));
        Path file = folder.resolve("intent.json");
        intent.write(file);
        Landmarks face = examples(1, 6).get(0).face();
        assertArrayEquals(
                intent.displacements(face, 1), ArtistIntent.read(file).displacements(face, 1));
    }

    @Test
    void saysWhatIsWrong(@TempDir Path folder) throws IOException {
        List<ArtistIntent.Example> few = examples(3, 7);
        Exception e = assertThrows(IllegalArgumentException.class, () -> ArtistIntent.fit(few));
        assertTrue(e.getMessage().contains("too few to learn from"), e.getMessage());
        for (String text : List.of("", "{}", "[1]", "no json", "{\"mean\": [1]}")) {
            Path file = Files.writeString(folder.resolve("bad.json"), text);
            Exception bad = assertThrows(IOException.class, () -> ArtistIntent.read(file));
            assertTrue(bad.getMessage().contains("fit it again"), bad.getMessage());
        }
    }
}
