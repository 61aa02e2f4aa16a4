package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real portraits with a public network's landmarks: does the model fit people? */
class PortraitFitTest {
    private final ProceduralModel model = new ProceduralModel();
    private final ModelFit fit = new ModelFit(model, Camera.PORTRAIT);

    private static void dot(byte[] rgb, int width, double x, double y, int r, int g, int b) {
        int i = (int) Math.round(x);
        int j = (int) Math.round(y);
        if (i >= 0 && j >= 0 && i < width && j < width) {
            rgb[3 * (j * width + i)] = (byte) r;
            rgb[3 * (j * width + i) + 1] = (byte) g;
            rgb[3 * (j * width + i) + 2] = (byte) b;
        }
    }

    @Test
    void portraitsAreFitted() throws IOException {
        String folder = System.getProperty("daumier.draw");
        double worst = 0;
        double sum = 0;
        var portraits = Shared.portraits();
        for (Shared.Portrait p : portraits) {
            Picture picture = Pictures.read(p.file());
            Alignment a = Alignment.of(p.pfld(), fit.reference());
            FaceGeometry g =
                    fit.fit(a.toPortrait(p.pfld()), LandmarkNoise.isotropic(1.2), PosePrior.PHOTO);
            a = a.refined(g.pose(), fit.camera());
            g = fit.fit(a.toPortrait(p.pfld()), LandmarkNoise.isotropic(1.2), PosePrior.PHOTO);
            worst = Math.max(worst, g.residualRms());
            sum += g.residualRms() / portraits.size();
            Plausibility.Score s = new Plausibility(fit).score(g);
            assertTrue(s.total() > 0.9, p.file() + " " + s);
            if (folder != null) {
                Picture crop = a.crop(picture, 384);
                byte[] rgb = crop.rgb().clone();
                Landmarks m = fit.project(g.pose(), g.identity(), g.expression());
                for (int i = 0; i < 68; i++) {
                    for (int k = 0; k < 4; k++) {
                        dot(
                                rgb,
                                384,
                                3 * g.landmarks().x(i) + 1 + k % 2,
                                3 * g.landmarks().y(i) + 1 + k / 2,
                                0,
                                255,
                                0);
                        dot(rgb, 384, 3 * m.x(i) + 1 + k % 2, 3 * m.y(i) + 1 + k / 2, 255, 0, 0);
                    }
                }
                Pictures.write(
                        Path.of(folder, p.file().getFileName() + ".png"),
                        new Picture(384, 384, rgb),
                        Map.of());
            }
        }
        assertTrue(sum < 1.3, "mean residual " + sum);
        assertTrue(worst < 3, "worst residual " + worst);
    }
}
