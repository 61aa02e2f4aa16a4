package daumier.faces.nets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.ExaggerationMeter;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeterTargetsTest {
    private static double[][] diagonal(int n, double v) {
        double[][] d = new double[n][n];
        for (int i = 0; i < n; i++) {
            d[i][i] = v;
        }
        return d;
    }

    @Test
    void landmarksAreTheRenderersOwn() {
        Random rng = new Random(3);
        FaceRenderer renderer = new FaceRenderer();
        for (int i = 0; i < 5; i++) {
            Subject s = Subject.sample(rng).exaggerated(PortraitMaker.gains(rng, 0.5));
            View v = View.sample(rng);
            assertArrayEquals(
                    renderer.landmarks(s, v).xy(),
                    MeterTargets.landmarks(renderer.model(), s, v).xy(),
                    1e-3f);
        }
    }

    @Test
    void oneRegionPushedIsReadBackFromExactLandmarksAndFilesKeepTheMeter(@TempDir Path folder)
            throws IOException {
        double[] unit = MeterTargets.medianLength(1, 60);
        for (double u : unit) {
            assertTrue(u > 2 && u < 20);
        }
        ExaggerationMeter meter =
                new ExaggerationMeter(diagonal(136, 0.3), diagonal(6, 1), unit, new double[6]);
        Path file = folder.resolve("meter.json");
        meter.save(file);
        meter = ExaggerationMeter.open(file);
        ProceduralModel model = new ProceduralModel();
        Random rng = new Random(5);
        for (int i = 0; i < 6; i++) {
            Subject s = Subject.sample(rng);
            View v = View.sample(rng);
            double[] gain = new double[FaceRegion.values().length];
            gain[MeterTarget.slot(MeterTarget.REGIONS.get(i))] = 0.75;
            MeterTarget target = MeterTargets.of(model, s, v, unit);
            Landmarks there = MeterTargets.landmarks(model, MeterTargets.own(model, s, gain), v);
            double[] moved = meter.read(target, there).moved();
            double[] truth = new double[6];
            truth[i] = 0.75;
            assertEquals(target.moved(truth)[i], moved[i], 0.12);
        }
    }
}
