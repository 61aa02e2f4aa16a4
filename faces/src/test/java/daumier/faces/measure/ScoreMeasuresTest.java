package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.ProceduralModel;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Measures between two pictures, against what is known in closed form. */
final class ScoreMeasuresTest {
    private static Picture flat(int value) {
        byte[] rgb = new byte[3 * 20 * 16];
        java.util.Arrays.fill(rgb, (byte) value);
        return new Picture(20, 16, rgb);
    }

    @Test
    void pixelsAreCompared() {
        assertEquals(20 * Math.log10(255 / 10.0), PixelMeasures.psnr(flat(100), flat(110)), 1e-9);
        assertEquals(Double.POSITIVE_INFINITY, PixelMeasures.psnr(flat(7), flat(7)));
        double c1 = 2.55 * 2.55;
        double expected = (2.0 * 100 * 150 + c1) / (100.0 * 100 + 150.0 * 150 + c1);
        assertEquals(expected, PixelMeasures.ssim(flat(100), flat(150)), 1e-9);
        byte[] noise = new byte[3 * 20 * 16];
        new Random(1).nextBytes(noise);
        Picture a = new Picture(20, 16, noise);
        assertEquals(1, PixelMeasures.ssim(a, a), 1e-12);
        assertTrue(PixelMeasures.ssim(a, flat(128)) < 0.1);
        assertThrows(
                IllegalArgumentException.class,
                () -> PixelMeasures.psnr(a, new Picture(16, 20, noise)));
        Picture small = new Picture(8, 8, new byte[192]);
        assertThrows(IllegalArgumentException.class, () -> PixelMeasures.ssim(small, small));
    }

    @Test
    void aKnownExaggerationIsReadByRegion() {
        ProceduralModel model = new ProceduralModel();
        ModelFit fit = new ModelFit(model, Camera.PORTRAIT);
        Random r = new Random(5);
        double[] id = new double[ProceduralModel.COMPONENTS];
        for (int k = 0; k < id.length; k++) {
            id[k] = r.nextGaussian();
        }
        double[] pushed = id.clone();
        for (int k = 0; k < id.length; k++) {
            pushed[k] *= model.regionOf(k) == FaceRegion.MOUTH ? 1.8 : 1;
        }
        double[] neutral = new double[ProceduralModel.EXPRESSIONS];
        FaceGeometry a = face(fit, fit.project(Pose.NEUTRAL, id, neutral));
        FaceGeometry b = face(fit, fit.project(Pose.NEUTRAL, pushed, neutral));
        Map<FaceRegion, RegionDifference> d = RegionDifference.between(model, a, b);
        RegionDifference mouth = d.get(FaceRegion.MOUTH);
        assertEquals(0.8, mouth.gain(), 3 * mouth.gainSigma());
        assertTrue(mouth.difference() > 2 * mouth.sigma(), mouth.toString());
        RegionDifference eyes = d.get(FaceRegion.EYES);
        assertTrue(eyes.difference() < 2 * eyes.sigma() + 0.05, eyes.toString());
    }

    private static FaceGeometry face(ModelFit fit, Landmarks points) {
        return fit.fit(points, LandmarkNoise.isotropic(0.1), PosePrior.PORTRAIT);
    }
}
