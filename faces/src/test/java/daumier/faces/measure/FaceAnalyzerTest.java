package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Glasses;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Rendering;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaceAnalyzerTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
    private final FaceRenderer renderer = new FaceRenderer();

    /** Colours each landmark's pixels so that a locator can read the points off any crop. */
    private static LandmarkLocator knows(Landmarks inPicture, Picture picture) {
        return crop -> {
            // The test crops only by similarities: two marks tell which one.
            double[] a = mark(crop, 250, 10, 250);
            double[] b = mark(crop, 10, 250, 250);
            double[] p = mark(picture, 250, 10, 250);
            double[] q = mark(picture, 10, 250, 250);
            float[] from = {(float) p[0], (float) p[1], (float) q[0], (float) q[1]};
            float[] to = {(float) a[0], (float) a[1], (float) b[0], (float) b[1]};
            return Similarity.between(from, to, new double[] {1, 1}).apply(inPicture);
        };
    }

    private static double[] mark(Picture p, int r, int g, int b) {
        double x = 0;
        double y = 0;
        double w = 0;
        for (int i = 0; i < p.width() * p.height(); i++) {
            int dr = (p.rgb()[3 * i] & 0xff) - r;
            int dg = (p.rgb()[3 * i + 1] & 0xff) - g;
            int db = (p.rgb()[3 * i + 2] & 0xff) - b;
            double k = Math.max(0, 60 - Math.sqrt(dr * dr + dg * dg + db * db));
            x += k * (i % p.width());
            y += k * (i / p.width());
            w += k;
        }
        return new double[] {x / w, y / w};
    }

    private static void paint(byte[] rgb, int width, int cx, int cy, int[] colour) {
        for (int y = cy - 6; y <= cy + 6; y++) {
            for (int x = cx - 6; x <= cx + 6; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * width + x) + c] = (byte) colour[c];
                }
            }
        }
    }

    @Test
    void aFaceInALargePictureIsBroughtIntoTheFrame() {
        double[] id = new double[ProceduralModel.COMPONENTS];
        id[0] = 1.5;
        id[16] = -1;
        double[] neutral = new double[ProceduralModel.EXPRESSIONS];
        Landmarks straight = fit.project(Pose.NEUTRAL, id, neutral);
        Similarity place = new Similarity(2.5 * Math.cos(0.2), 2.5 * Math.sin(0.2), 120, 30);
        Landmarks there = place.apply(straight);
        byte[] rgb = new byte[3 * 600 * 500];
        paint(rgb, 600, (int) place.x(45, 60), (int) place.y(45, 60), new int[] {250, 10, 250});
        paint(rgb, 600, (int) place.x(85, 60), (int) place.y(85, 60), new int[] {10, 250, 250});
        Picture picture = new Picture(600, 500, rgb);
        double[] b = Alignment.bounds(there);
        Detection box = new Detection(b[0] + 8, b[1] - 5, b[2] - b[0], b[3] - b[1], 0.9);
        FaceAnalyzer analyzer =
                new FaceAnalyzer(
                        p -> List.of(box),
                        knows(there, picture),
                        fit,
                        LandmarkNoise.isotropic(0.7),
                        Optional.of(p -> new float[] {1}));
        FaceAnalysis a = analyzer.analyze(picture);
        double worst = 0;
        for (int i = 0; i < 136; i++) {
            worst = Math.max(worst, Math.abs(a.landmarksInPicture().xy()[i] - there.xy()[i]));
        }
        assertTrue(worst < 4, "off by " + worst);
        assertEquals(0, a.geometry().pose().roll(), 1);
        assertEquals(1, a.geometry().pose().scale(), 0.02);
        assertEquals(1.5, a.geometry().identity()[0], 3 * a.geometry().identitySigma(0) + 0.3);
        assertTrue(a.plausibility().total() > 0.9);
        assertEquals(1, a.embedding().orElseThrow().length);
        assertThrows(NoFaceException.class, () -> analyzer.analyze(picture, 2));
    }

    @Test
    void noFaceIsSaidInOneSentence() {
        Random r = new Random(1);
        FaceAnalyzer analyzer =
                new FaceAnalyzer(
                        p -> List.of(),
                        p -> {
                            // A locator that makes things up: other points in every view.
                            float[] xy = fit.reference().xy().clone();
                            float dx = 12 * r.nextFloat();
                            for (int i = 0; i < xy.length; i++) {
                                xy[i] += dx;
                            }
                            return new Landmarks(xy);
                        },
                        fit,
                        LandmarkNoise.isotropic(1),
                        Optional.empty());
        for (Picture p :
                List.of(
                        new Picture(200, 200, new byte[120_000]),
                        new Picture(300, 20, new byte[18_000]))) {
            String message =
                    assertThrows(NoFaceException.class, () -> analyzer.analyze(p)).getMessage();
            assertTrue(message.contains("no face"), message);
        }
    }

    @Test
    void aDrawnPersonIsRecognisedInTheWorldsWords() {
        Random r = new Random(11);
        int skin = 0;
        int bare = 0;
        int glasses = 0;
        int people = 24;
        for (int i = 0; i < people; i++) {
            Subject s = Subject.sample(r);
            Rendering drawn = renderer.render(s, View.neutral(), Look.PHOTO);
            FaceAnalyzer analyzer =
                    new FaceAnalyzer(
                            p -> List.of(),
                            p -> drawn.landmarks(),
                            fit,
                            LandmarkNoise.isotropic(0.5),
                            Optional.empty());
            Likeness l =
                    new SubjectEstimator(Camera.PORTRAIT, Population.of(new ProceduralModel()))
                            .estimate(analyzer.analyzePortrait(drawn.picture()));
            double before = s.skin().r() + s.skin().g() + s.skin().b();
            double after = l.subject().skin().r() + l.subject().skin().g() + l.subject().skin().b();
            skin += Math.abs(before - after) < 0.5 ? 1 : 0;
            boolean worn = s.glasses() != Glasses.NONE;
            glasses += worn == (l.subject().glasses() != Glasses.NONE) ? 1 : 0;
            bare += l.subject().shape().length == s.shape().length ? 1 : 0;
        }
        assertEquals(people, bare);
        assertTrue(skin >= 0.7 * people, "skin right " + skin + " of " + people);
        assertTrue(glasses >= 0.6 * people, "glasses right " + glasses + " of " + people);
    }
}
