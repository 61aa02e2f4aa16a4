package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.ProceduralModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuidedFitTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
    private final Picture blank = new Picture(128, 128, new byte[3 * 128 * 128]);
    private final Landmarks truth = fit.reference();

    /** First sees the right brow on the forehead; led, sees right what it is near to. */
    private final class Misled implements LandmarkLocator {
        private final List<Landmarks> asked = new ArrayList<>();

        @Override
        public Landmarks locate(Picture portrait) {
            float[] xy = truth.xy().clone();
            for (int i = 17; i < 22; i++) {
                xy[2 * i + 1] -= 14;
            }
            return new Landmarks(xy);
        }

        @Override
        public Optional<List<Landmarks>> again(List<Picture> portraits, List<Landmarks> expected) {
            asked.addAll(expected);
            return Optional.of(expected.stream().map(this::near).toList());
        }

        private Landmarks near(Landmarks expected) {
            float[] xy = truth.xy().clone();
            for (int i = 17; i < 22; i++) {
                float off = expected.y(i) - truth.y(i);
                xy[2 * i + 1] += Math.abs(off) > 8 ? off : off / 3;
            }
            return new Landmarks(xy);
        }
    }

    private double browError(Landmarks seen) {
        double worst = 0;
        for (int i = 17; i < 22; i++) {
            worst = Math.max(worst, Math.abs(seen.y(i) - truth.y(i)));
        }
        return worst;
    }

    @Test
    void aBrowOnTheForeheadIsBroughtBack() {
        Misled eye = new Misled();
        GuidedFit guided = new GuidedFit(eye, fit, LandmarkNoise.isotropic(1.2));
        FaceGeometry glance = guided.glance(blank, PosePrior.PORTRAIT);
        assertEquals(14, browError(glance.landmarks()), 1e-4);
        FaceGeometry looked = guided.look(blank, PosePrior.PORTRAIT);
        assertEquals(1, eye.asked.size());
        assertTrue(browError(looked.landmarks()) < 2, "off " + browError(looked.landmarks()));
    }

    @Test
    void aLocatorThatCannotBeLedLooksOnceAndIsBelieved() {
        Landmarks seen = new Misled().locate(blank);
        GuidedFit guided = new GuidedFit(p -> seen, fit, LandmarkNoise.isotropic(1.2));
        assertSame(seen, guided.look(blank, PosePrior.PORTRAIT).landmarks());
    }

    @Test
    void viewsAreAveragedInTheFrameAndTheirDisagreementIsTold() {
        Similarity shifted = new Similarity(1, 0, 3, 0);
        LandmarkLocator eye =
                new LandmarkLocator() {
                    @Override
                    public Landmarks locate(Picture portrait) {
                        return truth;
                    }

                    @Override
                    public Optional<List<Landmarks>> again(
                            List<Picture> portraits, List<Landmarks> expected) {
                        // The second view's frame is three pixels to the side; this eye errs by 1.
                        Similarity wrong = new Similarity(1, 0, 4, 0);
                        return Optional.of(List.of(truth, wrong.apply(truth)));
                    }
                };
        GuidedFit guided = new GuidedFit(eye, fit, LandmarkNoise.isotropic(1.2));
        List<Similarity> places = List.of(new Similarity(1, 0, 0, 0), shifted);
        GuidedFit.Seen seen = guided.look(List.of(blank, blank), places, truth, PosePrior.PORTRAIT);
        assertEquals(truth.x(30) + 0.5, seen.geometry().landmarks().x(30), 0.1);
        assertEquals(Math.sqrt(0.5), seen.spread(), 1e-3);
        // Not led, it sees the same in both, three pixels apart: there is no face.
        assertEquals(3 * Math.sqrt(0.5), guided.spread(List.of(blank, blank), places), 1e-3);
    }
}
