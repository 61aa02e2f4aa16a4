package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.world.ProceduralModel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelFitTest {
    private static final ProceduralModel MODEL = new ProceduralModel();
    private static final Camera CAMERA = Camera.PORTRAIT;
    private final ModelFit fit = new ModelFit(MODEL, CAMERA);

    private static double[] normal(Random r, int n, double sd) {
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = sd * r.nextGaussian();
        }
        return v;
    }

    private static Landmarks noisy(Landmarks l, Random r, double sd) {
        float[] xy = l.xy().clone();
        for (int i = 0; i < xy.length; i++) {
            xy[i] += (float) (sd * r.nextGaussian());
        }
        return new Landmarks(xy);
    }

    private static Pose pose(Random r) {
        return new Pose(
                9 * r.nextGaussian(),
                4 * r.nextGaussian(),
                4 * r.nextGaussian(),
                Math.exp(0.04 * r.nextGaussian()),
                3 * r.nextGaussian(),
                3 * r.nextGaussian());
    }

    @Test
    void recoversWhatItProjected() {
        Random r = new Random(1);
        double[] id = normal(r, 27, 1);
        double[] ex = normal(r, 5, 0.5);
        Pose pose = new Pose(12, -4, 5, 1.05, 2, -3);
        Landmarks l = fit.project(pose, id, ex);
        FaceGeometry g = fit.fit(l, LandmarkNoise.isotropic(0.02), PosePrior.PORTRAIT);
        assertTrue(g.residualRms() < 0.05, "rms " + g.residualRms());
        assertEquals(12, g.pose().yaw(), 1.5);
        assertEquals(5, g.pose().roll(), 0.5);
        for (int k = 6; k < 22; k++) {
            assertEquals(
                    id[k], g.identity()[k], 4 * g.identitySigma(k) + 0.05, MODEL.names().get(k));
        }
    }

    @Test
    void unknownDepthWidensTurnedHeadsAlone() {
        double[] id = normal(new Random(4), 27, 1);
        for (double yaw : new double[] {0, 25}) {
            Landmarks l = fit.project(new Pose(yaw, 0, 0, 1, 0, 0), id, new double[5]);
            LandmarkNoise known = LandmarkNoise.isotropic(1.2);
            FaceGeometry flat = fit.fit(l, known, PosePrior.PHOTO);
            FaceGeometry deep = fit.fit(l, known.withDepth(0.2), PosePrior.PHOTO);
            for (FaceRegion region : new FaceRegion[] {FaceRegion.EYES, FaceRegion.NOSE}) {
                double ratio = deep.sigma().get(region) / flat.sigma().get(region);
                assertTrue(yaw == 0 ? Math.abs(ratio - 1) < 0.05 : ratio > 1.05, "" + ratio);
            }
        }
    }

    @Test
    void errorBarsCover() {
        for (double noise : new double[] {0.3, 1.0}) {
            for (PosePrior prior : new PosePrior[] {PosePrior.PORTRAIT, PosePrior.PHOTO}) {
                Random r = new Random(7);
                int n = 200;
                double[] zz = new double[27];
                Map<FaceRegion, Integer> within = new EnumMap<>(FaceRegion.class);
                for (int i = 0; i < n; i++) {
                    double[] id = normal(r, 27, 1);
                    Landmarks l = noisy(fit.project(pose(r), id, normal(r, 5, 1)), r, noise);
                    FaceGeometry g = fit.fit(l, LandmarkNoise.isotropic(noise), prior);
                    for (int k = 0; k < 27; k++) {
                        double z = (g.identity()[k] - id[k]) / g.identitySigma(k);
                        zz[k] += z * z / n;
                    }
                    for (FaceRegion region : FaceRegion.values()) {
                        double truth = rms(id, region);
                        double e = Math.abs(g.deviation().get(region) - truth);
                        within.merge(region, e < 2 * g.sigma().get(region) ? 1 : 0, Integer::sum);
                    }
                }
                for (int k = 0; k < 27; k++) {
                    assertTrue(Math.sqrt(zz[k]) < 1.35, MODEL.names().get(k));
                }
                for (FaceRegion region : FaceRegion.values()) {
                    assertTrue(within.get(region) >= 0.88 * n, region.toString());
                }
            }
        }
    }

    private static double rms(double[] id, FaceRegion region) {
        double s = 0;
        int n = 0;
        for (int k = 0; k < id.length; k++) {
            if (MODEL.regionOf(k) == region) {
                s += id[k] * id[k];
                n++;
            }
        }
        return Math.sqrt(s / n);
    }
}
