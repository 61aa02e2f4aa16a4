package daumier.tests;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.MorphableModel;
import daumier.faces.Picture;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.DisplacementField;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.FaceWarp;
import daumier.faces.measure.GainCalibration;
import daumier.faces.measure.GuidedFit;
import daumier.faces.measure.LandmarkLocator;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Plausibility;
import daumier.faces.measure.PosePrior;
import daumier.faces.measure.RegionDifference;
import daumier.faces.measure.ShapeRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Portraits in the portrait frame, fitted by a model from one source of landmarks. */
final class FittedPortraits {
    private static final LandmarkNoise NOISE = LandmarkNoise.photograph();
    private static final double[] GAINS = {-0.4, 0.4, 0.8, 1.2};

    private final ModelFit fit;
    private final Optional<GuidedFit> guided;
    private final List<Alignment> frames = new ArrayList<>();
    private final List<FaceGeometry> faces = new ArrayList<>();
    private final List<Picture> crops = new ArrayList<>();
    private final List<String> people = new ArrayList<>();

    /**
     * Fits all portraits.
     *
     * @param portraits real ones
     * @param fit by which model
     * @param locator finds landmarks; where there is none, the public network's count
     */
    FittedPortraits(RealPortraits portraits, ModelFit fit, Optional<LandmarkLocator> locator) {
        this.fit = fit;
        guided = locator.map(l -> new GuidedFit(l, fit, NOISE));
        for (RealPortraits.Portrait p : portraits.all()) {
            Alignment frame = Alignment.of(p.pfld(), fit.reference());
            frame = frame.refined(look(frame, p).pose(), fit.camera());
            frames.add(frame);
            faces.add(look(frame, p));
            crops.add(frame.crop(p.picture()));
            people.add(p.person());
        }
    }

    private FaceGeometry look(Alignment frame, RealPortraits.Portrait p) {
        return guided.isPresent()
                ? guided.get().look(frame.crop(p.picture()), PosePrior.PHOTO)
                : fit.fit(frame.toPortrait(p.pfld()), NOISE, PosePrior.PHOTO);
    }

    /**
     * Mean distance to the public network's points over the distance of the eyes' outer corners.
     */
    double distanceFromPublic(RealPortraits portraits) {
        double sum = 0;
        for (int i = 0; i < faces.size(); i++) {
            Landmarks theirs = frames.get(i).toPortrait(portraits.all().get(i).pfld());
            Landmarks ours = faces.get(i).landmarks();
            double d = 0;
            for (int k = 0; k < Landmarks.COUNT; k++) {
                d += Math.hypot(ours.x(k) - theirs.x(k), ours.y(k) - theirs.y(k));
            }
            sum += d / Landmarks.COUNT / theirs.interOcular();
        }
        return sum / faces.size();
    }

    /**
     * Intra-class correlation ICC(1,1) of a region's deviation between photographs of one person.
     */
    double agreement(FaceRegion region, List<int[]> pairs) {
        double[][] two = new double[pairs.size()][2];
        double mean = 0;
        for (int i = 0; i < two.length; i++) {
            for (int k = 0; k < 2; k++) {
                two[i][k] = faces.get(pairs.get(i)[k]).deviation().get(region);
                mean += two[i][k] / (2 * two.length);
            }
        }
        double between = 0;
        double within = 0;
        for (double[] t : two) {
            double own = (t[0] + t[1]) / 2;
            between += 2 * (own - mean) * (own - mean) / (two.length - 1);
            within += ((t[0] - own) * (t[0] - own) + (t[1] - own) * (t[1] - own)) / two.length;
        }
        return (between - within) / (between + within);
    }

    /**
     * How much of what sets faces apart in a region belongs to the person: the share of the
     * variance between people in that between and within, over the region's signed coordinates
     * together. The variance within comes from the pairs, that between from all people, so that it
     * is less a matter of chance than the pairs alone. The deviation is the length of these
     * coordinates, and a length forgets where it points.
     */
    double signedAgreement(FaceRegion region, List<int[]> pairs) {
        double within = 0;
        double between = 0;
        for (double[] axis : fit.model().regionAxes(region)) {
            double[] x = new double[faces.size()];
            for (int i = 0; i < x.length; i++) {
                double[] identity = faces.get(i).identity();
                for (int k = 0; k < axis.length; k++) {
                    x[i] += axis[k] * identity[k];
                }
            }
            double own = 0;
            for (int[] pair : pairs) {
                double d = x[pair[0]] - x[pair[1]];
                own += d * d / 2 / pairs.size();
            }
            within += own;
            between += betweenPeople(x, own);
        }
        return between / (between + within);
    }

    /** Variance of people's means, less what the variance within puts into it. */
    private double betweenPeople(double[] x, double within) {
        List<String> names = people.stream().distinct().toList();
        double[] mean = new double[names.size()];
        double[] count = new double[mean.length];
        for (int i = 0; i < x.length; i++) {
            int p = names.indexOf(people.get(i));
            mean[p] += x[i];
            count[p]++;
        }
        double all = 0;
        double noise = 0;
        for (int p = 0; p < mean.length; p++) {
            mean[p] /= count[p];
            all += mean[p] / mean.length;
            noise += within / count[p] / mean.length;
        }
        double square = 0;
        for (double m : mean) {
            square += (m - all) * (m - all) / (mean.length - 1);
        }
        return square - noise;
    }

    /** The pairs of which neither photograph is turned further than so many degrees. */
    List<int[]> frontal(List<int[]> pairs, double degrees) {
        return pairs.stream()
                .filter(
                        p ->
                                Math.abs(faces.get(p[0]).pose().yaw()) <= degrees
                                        && Math.abs(faces.get(p[1]).pose().yaw()) <= degrees)
                .toList();
    }

    /** Mean standard error of a region's deviation. */
    double sigma(FaceRegion region) {
        return faces.stream().mapToDouble(f -> f.sigma().get(region)).average().orElse(0);
    }

    /** Mean residual of the fit in pixels of the 128-pixel frame. */
    double residual() {
        return faces.stream().mapToDouble(FaceGeometry::residualRms).average().orElse(0);
    }

    /**
     * What was measured of known warps.
     *
     * @param slope of the measured gain on the true one, through the origin
     * @param covered share of truths within two standard errors
     */
    record Undone(double slope, double covered) {}

    /** Slope and coverage of known warps by region, as they are read and without correction. */
    Map<FaceRegion, Undone> warpsUndone() {
        Map<FaceRegion, Undone> all = new EnumMap<>(FaceRegion.class);
        readings()
                .forEach(
                        (region, list) ->
                                all.put(
                                        region,
                                        new Undone(
                                                GainCalibration.slope(list).slope(),
                                                covered(list))));
        return all;
    }

    /** Share of readings whose truth lies within two standard errors. */
    static double covered(List<GainCalibration.Reading> readings) {
        return readings.stream()
                .mapToDouble(r -> Math.abs(r.read() - r.truth()) < 2 * r.sigma() ? 1 : 0)
                .average()
                .orElse(0);
    }

    /**
     * Warps every portrait by known gains of one region and measures them again: from the warped
     * picture where there is a locator, otherwise from the moved points. The truth is what the warp
     * did to the landmarks, which its smoothness makes a little less than what it was asked for.
     */
    Map<FaceRegion, List<GainCalibration.Reading>> readings() {
        FaceWarp warp = new FaceWarp(fit);
        MorphableModel model = fit.model();
        Map<FaceRegion, List<GainCalibration.Reading>> all = new EnumMap<>(FaceRegion.class);
        for (FaceRegion region : MeterTarget.REGIONS) {
            List<GainCalibration.Reading> list = new ArrayList<>();
            for (int i = 0; i < faces.size(); i++) {
                FaceGeometry face = faces.get(i);
                for (double nominal : GAINS) {
                    double[] asked = warp.displacements(face, Map.of(region, nominal));
                    DisplacementField field = warp.field(face.landmarks(), asked, face.pose());
                    Landmarks moved = field.move(face.landmarks());
                    double truth =
                            applied(face, region, nominal)
                                    * delivered(face.landmarks(), moved, asked);
                    FaceGeometry seen =
                            guided.isPresent()
                                    ? guided.get().look(field.apply(crops.get(i)), PosePrior.PHOTO)
                                    : fit.fit(moved, NOISE, PosePrior.PHOTO);
                    RegionDifference d = RegionDifference.between(model, face, seen).get(region);
                    list.add(
                            new GainCalibration.Reading(
                                    people.get(i), truth, d.gain(), d.gainSigma()));
                }
            }
            all.put(region, list);
        }
        return all;
    }

    /** Which share of the displacements that were asked for the landmarks made. */
    private static double delivered(Landmarks before, Landmarks after, double[] asked) {
        double products = 0;
        double squares = 1e-12;
        for (int k = 0; k < asked.length; k++) {
            products += asked[k] * (after.xy()[k] - before.xy()[k]);
            squares += asked[k] * asked[k];
        }
        return products / squares;
    }

    /** The gain along the region's own deviation: far from the mean the rule bends. */
    private double applied(FaceGeometry face, FaceRegion region, double nominal) {
        double[] z = face.identity();
        double[] pushed = ShapeRule.soft(fit.model()).exaggerated(z, Map.of(region, nominal));
        double products = 0;
        double squares = 0;
        for (double[] axis : fit.model().regionAxes(region)) {
            double own = 0;
            double moved = 0;
            for (int k = 0; k < z.length; k++) {
                own += axis[k] * z[k];
                moved += axis[k] * (pushed[k] - z[k]);
            }
            products += own * moved;
            squares += own * own;
        }
        return products / Math.max(1e-12, squares);
    }

    /**
     * The classic caricature by warp.
     *
     * @param gain of all regions
     * @return the smallest Jacobian, and the least score of outlines and order of the moved points
     */
    double[] caricatures(double gain) {
        FaceWarp warp = new FaceWarp(fit);
        Plausibility plausibility = new Plausibility(fit);
        Map<FaceRegion, Double> gains = new EnumMap<>(FaceRegion.class);
        MeterTarget.REGIONS.forEach(region -> gains.put(region, gain));
        double jacobian = Double.POSITIVE_INFINITY;
        double intact = 1;
        for (FaceGeometry face : faces) {
            DisplacementField field = warp.field(face, gains);
            jacobian = Math.min(jacobian, field.minJacobian());
            Plausibility.Score s = plausibility.score(field.move(face.landmarks()));
            intact = Math.min(intact, s.folds() * s.order());
        }
        return new double[] {jacobian, intact};
    }
}
