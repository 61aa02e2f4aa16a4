package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaceWarpTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
    private final FaceRenderer renderer = new FaceRenderer();
    private final FaceWarp warp = new FaceWarp(fit, ShapeRule.world());

    private FaceGeometry face(Random r) {
        Landmarks l = renderer.landmarks(Subject.sample(r), View.sample(r));
        return fit.fit(l, LandmarkNoise.isotropic(0.5), PosePrior.PORTRAIT);
    }

    private static Map<FaceRegion, Double> all(double gain) {
        Map<FaceRegion, Double> gains = new EnumMap<>(FaceRegion.class);
        for (FaceRegion region : FaceRegion.values()) {
            gains.put(region, gain);
        }
        return gains;
    }

    @Test
    void noGainIsNoWarp() {
        Random r = new Random(1);
        FaceGeometry face = face(r);
        DisplacementField field = warp.field(face, all(0));
        assertEquals(1, field.minJacobian(), 1e-6);
        byte[] rgb = new byte[3 * 128 * 128];
        r.nextBytes(rgb);
        assertArrayEquals(rgb, field.apply(new Picture(128, 128, rgb)).rgb());
        float[] grid = field.gridSample();
        assertEquals(-1 + 1.0 / 128, grid[0], 1e-6);
        assertEquals(1 - 1.0 / 128, grid[grid.length - 1], 1e-6);
    }

    @Test
    void neverFoldsAndMovesLandmarksAsWanted() {
        for (double gain : new double[] {-0.7, 0.5, 1.0, 1.5}) {
            Random r = new Random(5);
            double[] reach = new double[100];
            double[] error = new double[100];
            for (int n = 0; n < 100; n++) {
                FaceGeometry face = face(r);
                DisplacementField field = warp.field(face, all(gain));
                double min = field.minJacobian();
                assertTrue(min > 0.1, "folds: " + min);
                double[] want = warp.displacements(face, all(gain));
                Landmarks moved = field.move(face.landmarks());
                double dot = 0;
                double square = 0;
                double miss = 0;
                for (int i = 0; i < want.length; i++) {
                    double d = moved.xy()[i] - face.landmarks().xy()[i];
                    dot += d * want[i];
                    square += want[i] * want[i];
                    miss += (d - want[i]) * (d - want[i]);
                }
                reach[n] = dot / square;
                error[n] = Math.sqrt(miss / square);
            }
            Arrays.sort(reach);
            Arrays.sort(error);
            assertTrue(reach[5] > 0.85 && error[95] < 0.35, reach[5] + " " + error[95]);
        }
    }

    @Test
    void theBackgroundStays() {
        FaceGeometry face = face(new Random(2));
        DisplacementField field = warp.field(face, all(1.5));
        for (int i = 0; i < 128; i++) {
            assertEquals(0, Math.hypot(field.dx(0, i), field.dy(0, i)), 0.4);
            assertEquals(0, Math.hypot(field.dx(127, i), field.dy(127, i)), 0.4);
        }
    }

    @Test
    void gridSampleReadsWhereTheFieldSays() {
        FaceGeometry face = face(new Random(3));
        DisplacementField field = warp.field(face, Map.of(FaceRegion.NOSE, 1.5));
        float[] grid = field.gridSample(64, 64);
        int k = 2 * (36 * 64 + 31);
        double x = 62.5;
        double y = 72.5;
        assertEquals(x + field.dx(x, y), ((grid[k] + 1) * 128 - 1) / 2, 1e-3);
        assertEquals(y + field.dy(x, y), ((grid[k + 1] + 1) * 128 - 1) / 2, 1e-3);
    }
}
