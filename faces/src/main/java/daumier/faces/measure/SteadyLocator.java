package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at a portrait several times, each time a little moved, turned and scaled, and takes the
 * mean of what another locator sees, brought back (test-time augmentation): what it sees wrongly in
 * one pixel grid it does not see wrongly in all of them.
 */
public final class SteadyLocator implements LandmarkLocator {
    private static final double CENTRE = 63.5;

    private final LandmarkLocator base;
    private final List<Similarity> looks;

    private SteadyLocator(LandmarkLocator base, List<Similarity> looks) {
        this.base = base;
        this.looks = looks;
    }

    /**
     * Nine looks: the portrait as it is, and copies within 2 pixels, 5 degrees and 8% of it.
     *
     * @param base what is asked nine times; in portraits of 128 x 128
     */
    public static SteadyLocator of(LandmarkLocator base) {
        return new SteadyLocator(
                base,
                List.of(
                        look(0, 0, 1, 0),
                        look(1, 1, 1.04, 3),
                        look(-1, 1, 1.04, -3),
                        look(1, -1, 0.96, 3),
                        look(-1, -1, 0.96, -3),
                        look(2, 0, 1, 5),
                        look(-2, 0, 1, -5),
                        look(0, 2, 1.08, 0),
                        look(0, -2, 0.93, 0)));
    }

    /** Scaled and turned about the centre, then shifted. */
    private static Similarity look(double dx, double dy, double scale, double degrees) {
        double a = scale * Math.cos(Math.toRadians(degrees));
        double b = scale * Math.sin(Math.toRadians(degrees));
        return new Similarity(
                a, b, CENTRE - a * CENTRE + b * CENTRE + dx, CENTRE - b * CENTRE - a * CENTRE + dy);
    }

    @Override
    public Landmarks locate(Picture portrait) {
        return locate(List.of(portrait)).get(0);
    }

    @Override
    public List<Landmarks> locate(List<Picture> portraits) {
        List<Picture> copies =
                looks.parallelStream()
                        .flatMap(look -> portraits.stream().map(p -> copy(p, look)))
                        .toList();
        List<Landmarks> seen = base.locate(copies);
        int n = portraits.size();
        List<Landmarks> means = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double[] sum = new double[2 * Landmarks.COUNT];
            for (int k = 0; k < looks.size(); k++) {
                float[] xy = looks.get(k).inverse().apply(seen.get(k * n + i)).xy();
                for (int c = 0; c < sum.length; c++) {
                    sum[c] += xy[c];
                }
            }
            float[] mean = new float[sum.length];
            for (int c = 0; c < mean.length; c++) {
                mean[c] = (float) (sum[c] / looks.size());
            }
            means.add(new Landmarks(mean));
        }
        return means;
    }

    private static Picture copy(Picture portrait, Similarity look) {
        return Resampler.transform(portrait, look.inverse(), portrait.width(), portrait.height());
    }
}
