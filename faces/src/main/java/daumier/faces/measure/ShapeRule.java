package daumier.faces.measure;

import daumier.faces.FaceRegion;
import daumier.faces.MorphableModel;
import daumier.faces.world.Shapes;
import java.util.Map;

/** How identity coefficients are exaggerated. */
@FunctionalInterface
public interface ShapeRule {
    /**
     * Pushes coefficients away from the mean face.
     *
     * @param identity coefficients in standard deviations; left unchanged
     * @param gains for each region: 0 keeps it, 1 doubles its deviation; regions left out stay
     * @return new coefficients
     */
    double[] exaggerated(double[] identity, Map<FaceRegion, Double> gains);

    /**
     * The rule {@code z (1 + gain)} for every coefficient by itself, bent softly towards 3.5 once
     * it leaves what the population shows.
     *
     * @param model knows the regions
     * @return the rule
     */
    static ShapeRule soft(MorphableModel model) {
        return (identity, gains) -> {
            double[] z = identity.clone();
            for (int k = 0; k < z.length; k++) {
                z[k] = soft(z[k], gains.getOrDefault(model.regionOf(k), 0.0));
            }
            return z;
        };
    }

    /**
     * The rule by which the face world draws exaggerated people: features also keep the room that
     * they need.
     *
     * @return the rule for the coefficients of {@link daumier.faces.world.ProceduralModel}
     */
    static ShapeRule world() {
        return (identity, gains) -> {
            float[] z = new float[identity.length];
            for (int k = 0; k < z.length; k++) {
                z[k] = (float) identity[k];
            }
            FaceRegion[] regions = FaceRegion.values();
            double[] byRegion = new double[regions.length];
            for (int r = 0; r < regions.length; r++) {
                byRegion[r] = gains.getOrDefault(regions[r], 0.0);
            }
            float[] pushed = Shapes.exaggerated(z, byRegion);
            double[] out = new double[z.length];
            for (int k = 0; k < out.length; k++) {
                out[k] = pushed[k];
            }
            return out;
        };
    }

    private static double soft(double z, double gain) {
        double e = z * (1 + gain);
        double a = Math.abs(e);
        double limit = Math.max(2.2, Math.abs(z));
        double room = 1.3;
        return a <= limit ? e : Math.signum(e) * (limit + room * Math.tanh((a - limit) / room));
    }
}
