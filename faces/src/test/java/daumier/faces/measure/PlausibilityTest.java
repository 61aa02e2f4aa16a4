package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PlausibilityTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
    private final FaceRenderer renderer = new FaceRenderer();
    private final Plausibility plausibility = new Plausibility(fit);

    private Landmarks person(Random r, double times, double noise) {
        Subject subject = Subject.sample(r).exaggerated(times);
        float[] xy = renderer.landmarks(subject, View.sample(r)).xy();
        for (int i = 0; i < xy.length; i++) {
            xy[i] += (float) (noise * r.nextGaussian());
        }
        return new Landmarks(xy);
    }

    @Test
    void peopleArePlausible() {
        for (double[] c : new double[][] {{0, 0.5}, {0, 1.5}, {0.6, 1}, {1, 1}, {1.5, 1}}) {
            Random r = new Random(4);
            double[] s = new double[60];
            for (int i = 0; i < s.length; i++) {
                Landmarks l = person(r, c[0], c[1]);
                s[i] = plausibility.score(l).total();
            }
            Arrays.sort(s);
            assertTrue(s[3] >= 0.9, "exaggeration " + c[0] + ": p5 " + s[3]);
        }
    }

    private static void shift(float[] xy, int from, int to, double dx, double dy) {
        for (int i = from; i < to; i++) {
            xy[2 * i] += (float) dx;
            xy[2 * i + 1] += (float) dy;
        }
    }

    @Test
    void brokenFacesAreNot() {
        Map<String, Consumer<float[]>> broken = new LinkedHashMap<>();
        broken.put("mouth over the nose", xy -> shift(xy, 48, 68, 0, -24));
        broken.put("brows under the eyes", xy -> shift(xy, 17, 27, 0, 22));
        broken.put("one eye far off", xy -> shift(xy, 36, 42, -10, 22));
        broken.put("chin above the mouth", xy -> shift(xy, 5, 12, 0, -26));
        broken.put("mouth beside the face", xy -> shift(xy, 48, 68, 28, 0));
        broken.put(
                "noise",
                xy -> {
                    Random r = new Random(1);
                    for (int i = 0; i < xy.length; i++) {
                        xy[i] = 20 + 90 * r.nextFloat();
                    }
                });
        broken.put("one point", xy -> Arrays.fill(xy, 64));
        broken.put(
                "eyes exchanged",
                xy -> {
                    shift(xy, 36, 42, 30, 0);
                    shift(xy, 42, 48, -30, 0);
                });
        broken.put(
                "jaw reversed",
                xy -> {
                    for (int i = 0; i <= 16; i++) {
                        xy[2 * i] = 127 - xy[2 * i];
                    }
                });
        broken.put(
                "features scattered by 10 pixels",
                xy -> {
                    Random r = new Random(2);
                    for (int i = 0; i < xy.length; i++) {
                        xy[i] += (float) (10 * r.nextGaussian());
                    }
                });
        broken.put(
                "a tenth of the size",
                xy -> {
                    for (int i = 0; i < xy.length; i++) {
                        xy[i] = 64 + 0.1f * (xy[i] - 64);
                    }
                });
        broken.put("not a number", xy -> xy[7] = Float.NaN);
        StringBuilder report = new StringBuilder();
        double worst = 0;
        for (var b : broken.entrySet()) {
            double highest = 0;
            Random r = new Random(9);
            Plausibility.Score last = null;
            for (int n = 0; n < 20; n++) {
                float[] xy = person(r, 0, 0.5).xy().clone();
                b.getValue().accept(xy);
                Plausibility.Score s = plausibility.score(new Landmarks(xy));
                if (s.total() >= highest) {
                    highest = s.total();
                    last = s;
                }
            }
            worst = Math.max(worst, highest);
            report.append("%s: %.3f %s%n".formatted(b.getKey(), highest, last));
        }
    }

    @Test
    void itIsSmooth() {
        Landmarks l = person(new Random(3), 0, 0.5);
        double before = plausibility.score(l).total();
        for (int k = 1; k <= 60; k++) {
            float[] xy = l.xy().clone();
            shift(xy, 48, 68, 0, -0.5 * k);
            double now = plausibility.score(new Landmarks(xy)).total();
            assertEquals(before, now, 0.2);
            before = now;
        }
        assertTrue(before < 0.3);
    }
}
