package daumier.faces.nets;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Meter targets of faces of the procedural world. */
public final class MeterTargets {
    private MeterTargets() {}

    /**
     * The target of a subject in one view.
     *
     * @param renderer says where landmarks fall; used by one thread at a time
     * @param subject whose shape
     * @param view in which pose and expression
     * @param medianLength of the meter
     */
    public static MeterTarget of(
            FaceRenderer renderer, Subject subject, View view, double[] medianLength) {
        return new MeterTarget(
                geometry(renderer, subject, view), view.expression().length, medianLength);
    }

    /** Where the subject's landmarks fall when it is exaggerated, turned or moved. */
    static MeterTarget.Geometry geometry(FaceRenderer renderer, Subject subject, View view) {
        return (gain, yaw, pitch, expression) -> {
            float[] e = view.expression().clone();
            for (int k = 0; k < e.length; k++) {
                e[k] += (float) expression[k];
            }
            View there =
                    view.withExpression(e)
                            .withPose(
                                    (float) (view.yaw() + yaw),
                                    (float) (view.pitch() + pitch),
                                    view.roll());
            return renderer.landmarks(
                    own(renderer, subject, subject.exaggerated(gain), gain), there);
        };
    }

    /** The exaggerated subject, but regions without gain stay as they are and give no room. */
    private static Subject own(FaceRenderer renderer, Subject from, Subject to, double[] gain) {
        float[] shape = from.shape().clone();
        for (int k = 0; k < shape.length; k++) {
            if (gain[MeterTarget.slot(renderer.model().regionOf(k))] != 0) {
                shape[k] = to.shape()[k];
            }
        }
        return from.withShape(shape);
    }

    /**
     * The unit of the meter: for each region the median over the population of the length that
     * landmarks cover from gain 0 to 1.
     *
     * @param seed of the subjects
     * @param count how many subjects
     */
    static double[] medianLength(long seed, int count) {
        FaceRenderer renderer = new FaceRenderer();
        Random rng = new Random(seed);
        View view = View.neutral();
        List<double[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Subject subject = Subject.sample(rng);
            Landmarks start = renderer.landmarks(subject, view);
            double[] length = new double[MeterTarget.REGIONS.size()];
            for (int r = 0; r < length.length; r++) {
                double[] gain = new double[FaceRegion.values().length];
                gain[MeterTarget.slot(MeterTarget.REGIONS.get(r))] = 1;
                Subject there = own(renderer, subject, subject.exaggerated(gain), gain);
                float[] end = renderer.landmarks(there, view).xy();
                for (int k = 0; k < end.length; k++) {
                    length[r] += Math.pow(end[k] - start.xy()[k], 2);
                }
                length[r] = Math.sqrt(length[r]);
            }
            all.add(length);
        }
        double[] median = new double[MeterTarget.REGIONS.size()];
        for (int r = 0; r < median.length; r++) {
            int region = r;
            double[] sorted = all.stream().mapToDouble(l -> l[region]).toArray();
            Arrays.sort(sorted);
            median[r] = sorted[sorted.length / 2];
        }
        return median;
    }
}
