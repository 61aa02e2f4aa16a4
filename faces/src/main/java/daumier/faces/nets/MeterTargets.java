package daumier.faces.nets;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
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
     * @param model the model of the subject's shape
     * @param subject whose shape
     * @param view in which pose and expression
     * @param medianLength of the meter
     */
    public static MeterTarget of(
            ProceduralModel model, Subject subject, View view, double[] medianLength) {
        return new MeterTarget(
                geometry(model, subject, view), view.expression().length, medianLength);
    }

    /** Where the subject's landmarks fall when it is exaggerated, turned or moved. */
    static MeterTarget.Geometry geometry(ProceduralModel model, Subject subject, View view) {
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
            return landmarks(model, own(model, subject, gain), there);
        };
    }

    /** The exaggerated subject, but regions without gain stay as they are and give no room. */
    static Subject own(ProceduralModel model, Subject from, double[] gain) {
        float[] exaggerated = from.exaggerated(gain).shape();
        float[] shape = from.shape().clone();
        for (int k = 0; k < shape.length; k++) {
            if (gain[MeterTarget.slot(model.regionOf(k))] != 0) {
                shape[k] = exaggerated[k];
            }
        }
        return from.withShape(shape);
    }

    /** Where the 68 landmarks of a subject fall. */
    static Landmarks landmarks(ProceduralModel model, Subject subject, View view) {
        float[] points = model.points(subject.shape(), view.expression());
        float[] first = Arrays.copyOf(points, 3 * Landmarks.COUNT);
        return new Landmarks(FaceRenderer.project(first, view));
    }

    /**
     * The unit of the meter: for each region the median over the population of the length that
     * landmarks cover from gain 0 to 1.
     *
     * @param seed of the subjects
     * @param count how many subjects
     */
    static double[] medianLength(long seed, int count) {
        ProceduralModel model = new ProceduralModel();
        Random rng = new Random(seed);
        View view = View.neutral();
        List<double[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Subject subject = Subject.sample(rng);
            Landmarks start = landmarks(model, subject, view);
            double[] length = new double[MeterTarget.REGIONS.size()];
            for (int r = 0; r < length.length; r++) {
                double[] gain = new double[FaceRegion.values().length];
                gain[MeterTarget.slot(MeterTarget.REGIONS.get(r))] = 1;
                Subject there = own(model, subject, gain);
                float[] end = landmarks(model, there, view).xy();
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
