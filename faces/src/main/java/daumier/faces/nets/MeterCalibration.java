package daumier.faces.nets;

import daumier.faces.ExaggerationMeter;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.world.Artist;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Look;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Calibrates an {@link ExaggerationMeter} on renders of known shape and measures it on others:
 * subjects of the population, regions pushed by gains in [-0.2, 1.6], in the photo look and every
 * artist's, sharp and softened.
 */
final class MeterCalibration {
    private static final int SIZE = 2 * Landmarks.COUNT;
    private static final int REGIONS = MeterTarget.REGIONS.size();
    private static final double SHARE = 0.6;
    private static final double LOWEST = -0.2;
    private static final double HIGHEST = 1.6;

    /** Weight of the empirical covariance against its diagonal and against its mean diagonal. */
    private static final double EMPIRICAL = 0.75;

    private static final double DIAGONAL = 0.2;

    private MeterCalibration() {}

    /**
     * One known picture.
     *
     * @param target of the subject in its view
     * @param moved how far each of {@link MeterTarget#REGIONS} was pushed by its own coefficients
     * @param truth landmarks of the exaggerated subject
     * @param picture its rendering
     * @param look 0 for the photo, k + 1 for artist k
     */
    record Known(MeterTarget target, double[] moved, Landmarks truth, Picture picture, int look) {}

    /**
     * Renders known pictures, looks in turn.
     *
     * @param seed of subjects, views and gains
     * @param count how many
     * @param softened share of pictures that are blurred as generated ones are
     * @param medianLength the meter's unit
     */
    static List<Known> renders(long seed, int count, double softened, double[] medianLength) {
        FaceRenderer renderer = new FaceRenderer();
        List<Artist> artists = Artist.all();
        List<Known> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Random rng = new Random(seed * 1_000_003 + i);
            rng.nextLong();
            Subject subject = Subject.sample(rng);
            View view = rng.nextDouble() < 0.5 ? View.neutral() : View.sample(rng);
            double[] byRegion = new double[FaceRegion.values().length];
            for (FaceRegion region : MeterTarget.REGIONS) {
                if (rng.nextDouble() < SHARE) {
                    byRegion[MeterTarget.slot(region)] =
                            LOWEST + (HIGHEST - LOWEST) * rng.nextDouble();
                }
            }
            int look = i % (artists.size() + 1);
            Look as = look == 0 ? Look.PHOTO : artists.get(look - 1);
            Subject moved = subject.exaggerated(byRegion);
            Picture picture = renderer.render(moved, view, as).picture();
            if (rng.nextDouble() < softened) {
                picture = soften(picture, rng);
            }
            MeterTarget target = MeterTargets.of(renderer.model(), subject, view, medianLength);
            all.add(
                    new Known(
                            target,
                            moved(renderer.model(), target, subject, moved, view),
                            renderer.landmarks(moved, view),
                            picture,
                            look));
        }
        return all;
    }

    /**
     * What each region's own coefficients do to the landmarks: a shape that is given room is not
     * moved by the nominal gains alone.
     */
    private static double[] moved(
            ProceduralModel model, MeterTarget target, Subject from, Subject to, View view) {
        float[] start = MeterTargets.landmarks(model, from, view).xy();
        double[] moved = new double[REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            float[] shape = from.shape().clone();
            for (int k = 0; k < shape.length; k++) {
                if (model.regionOf(k) == MeterTarget.REGIONS.get(r)) {
                    shape[k] = to.shape()[k];
                }
            }
            float[] end = MeterTargets.landmarks(model, from.withShape(shape), view).xy();
            double[] change = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                change[i] = end[i] - start[i];
            }
            moved[r] = target.nearest(r, change);
        }
        return moved;
    }

    private static Picture soften(Picture p, Random rng) {
        float[] planes = p.toChw();
        Augmentation.blur(planes, 0, 3, 0.5 + 0.7 * rng.nextDouble());
        Clutter.noise(planes, 0, 0.02f, new SplittableRandom(rng.nextLong()));
        return Picture.fromChw(planes, 0, p.width(), p.height());
    }

    /** What is located in known pictures. */
    static List<Landmarks> seen(LandmarkLocator locator, List<Known> known) {
        return locator.locate(known.stream().map(Known::picture).toList());
    }

    /**
     * A meter for one landmark network.
     *
     * @param known calibration renders
     * @param seen what the network saw in them
     * @param medianLength the meter's unit
     */
    static ExaggerationMeter calibrate(
            List<Known> known, List<Landmarks> seen, double[] medianLength) {
        double[][] covariance = covariance(known, seen);
        double[][] unit = new double[REGIONS][REGIONS];
        double[] none = new double[REGIONS];
        for (int r = 0; r < REGIONS; r++) {
            unit[r][r] = 1;
        }
        ExaggerationMeter raw = new ExaggerationMeter(covariance, unit, medianLength, none);
        double[][] truth = truth(raw, known);
        double[][] calibration = regress(truth, readings(raw, known, seen));
        ExaggerationMeter meter =
                new ExaggerationMeter(covariance, calibration, medianLength, none);
        double[] noise = new double[REGIONS];
        double[][] read = readings(meter, known, seen);
        for (int r = 0; r < REGIONS; r++) {
            for (int i = 0; i < read.length; i++) {
                noise[r] += Math.pow(read[i][r] - truth[i][r], 2) / read.length;
            }
            noise[r] = Math.sqrt(noise[r]);
        }
        return new ExaggerationMeter(covariance, calibration, medianLength, noise);
    }

    /** True positions: what the meter reads from landmarks that are exactly right. */
    static double[][] truth(ExaggerationMeter meter, List<Known> known) {
        List<Landmarks> exact = known.stream().map(Known::truth).toList();
        return readings(meter.exact(), known, exact);
    }

    /** What a meter reads. */
    static double[][] readings(ExaggerationMeter meter, List<Known> known, List<Landmarks> seen) {
        double[][] read = new double[known.size()][];
        for (int i = 0; i < read.length; i++) {
            read[i] = meter.read(known.get(i).target(), seen.get(i)).moved();
        }
        return read;
    }

    private static double[][] covariance(List<Known> known, List<Landmarks> seen) {
        double[][] c = new double[SIZE][SIZE];
        double[] e = new double[SIZE];
        for (int n = 0; n < known.size(); n++) {
            for (int i = 0; i < SIZE; i++) {
                e[i] = seen.get(n).xy()[i] - known.get(n).truth().xy()[i];
            }
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    c[i][j] += e[i] * e[j] / known.size();
                }
            }
        }
        double trace = 0;
        for (int i = 0; i < SIZE; i++) {
            trace += c[i][i] / SIZE;
        }
        for (int i = 0; i < SIZE; i++) {
            double own = c[i][i];
            for (int j = 0; j < SIZE; j++) {
                c[i][j] *= EMPIRICAL;
            }
            c[i][i] += DIAGONAL * own + (1 - EMPIRICAL - DIAGONAL) * trace + 1e-4;
        }
        return c;
    }

    /** C with read = C truth in the least squares sense, drawn a little to the unit matrix. */
    private static double[][] regress(double[][] truth, double[][] read) {
        double ridge = 0.02 * truth.length;
        double[][] normal = new double[REGIONS][REGIONS];
        double[][] right = new double[REGIONS][REGIONS];
        for (int i = 0; i < truth.length; i++) {
            for (int a = 0; a < REGIONS; a++) {
                for (int b = 0; b < REGIONS; b++) {
                    normal[a][b] += truth[i][a] * truth[i][b];
                    right[a][b] += truth[i][a] * read[i][b];
                }
            }
        }
        for (int a = 0; a < REGIONS; a++) {
            normal[a][a] += ridge;
            right[a][a] += ridge;
        }
        double[][] c = new double[REGIONS][REGIONS];
        for (int b = 0; b < REGIONS; b++) {
            double[] column = new double[REGIONS];
            for (int a = 0; a < REGIONS; a++) {
                column[a] = right[a][b];
            }
            double[] row = ExaggerationMeter.solve(normal, column);
            c[b] = row;
        }
        return c;
    }
}
