package daumier.faces.measure;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.FaceRegion;
import daumier.faces.MorphableModel;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How the identity coefficients of some kind of pictures are distributed in a model that was made
 * for another kind: photographed people are, for example, longer of face and smaller of eye than
 * the drawn ones. Seen through {@link #in}, coefficients again mean standard deviations from this
 * population's own average, so that what is exaggerated is what distinguishes a person and not what
 * distinguishes photographs.
 *
 * @param mean of each identity coefficient
 * @param sd standard deviation of each, above 0
 */
public record Population(double[] mean, double[] sd) {
    /** Checks the lengths. */
    public Population {
        if (mean.length != sd.length) {
            throw new IllegalArgumentException(
                    "%d means do not go with %d deviations.".formatted(mean.length, sd.length));
        }
    }

    /**
     * A model's own population.
     *
     * @param model any model
     * @return mean 0, standard deviation 1
     */
    public static Population of(MorphableModel model) {
        int n = model.identityBasis().length;
        double[] one = new double[n];
        Arrays.fill(one, 1);
        return new Population(new double[n], one);
    }

    /**
     * Photographed people among the heads of the face world, as measured on portraits (means; the
     * deviations are those of the portraits, but at least 0.4). Landmarks do not show the height of
     * the forehead: {@link SubjectEstimator} reads it from where the hair is, and so was it
     * measured.
     *
     * @param model the face world's model
     * @return the population
     */
    public static Population photographs(ProceduralModel model) {
        try (InputStream in = Population.class.getResourceAsStream("photographs.json");
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            JsonObject all = JsonParser.parseReader(reader).getAsJsonObject();
            int n = ProceduralModel.COMPONENTS;
            double[] mean = new double[n];
            double[] sd = new double[n];
            for (int k = 0; k < n; k++) {
                JsonArray one = all.getAsJsonArray(model.names().get(k));
                // A component that was never measured keeps the model's own spread.
                mean[k] = one == null ? 0 : one.get(0).getAsDouble();
                sd[k] = one == null ? 1 : Math.max(0.4, one.get(1).getAsDouble());
            }
            return new Population(mean, sd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Estimates a population from fits with this one as the prior (one step of expectation
     * maximisation; repeat until it settles).
     *
     * @param faces fits of different people through {@link #in}
     * @return the better estimate
     */
    public Population improved(List<FaceGeometry> faces) {
        int n = mean.length;
        double[] m = new double[n];
        double[] s = new double[n];
        for (int k = 0; k < n; k++) {
            double sum = 0;
            double square = 0;
            for (FaceGeometry f : faces) {
                sum += f.identity()[k];
                square += f.identity()[k] * f.identity()[k] + f.identityCovariance()[k][k];
            }
            double z = sum / faces.size();
            m[k] = mean[k] + sd[k] * z;
            s[k] = sd[k] * Math.sqrt(Math.max(0.04, square / faces.size() - z * z));
        }
        return new Population(m, s);
    }

    /**
     * A model as this population populates it.
     *
     * @param model the original
     * @return the same faces, with coefficients in this population's standard deviations
     */
    public MorphableModel in(MorphableModel model) {
        double[] average = model.mean().clone();
        double[][] basis = model.identityBasis();
        double[][] scaled = new double[basis.length][];
        for (int k = 0; k < basis.length; k++) {
            scaled[k] = basis[k].clone();
            for (int i = 0; i < average.length; i++) {
                average[i] += mean[k] * basis[k][i];
                scaled[k][i] = sd[k] * basis[k][i];
            }
        }
        return new Seen(average, scaled, model);
    }

    private record Seen(double[] mean, double[][] identityBasis, MorphableModel original)
            implements MorphableModel {
        @Override
        public double[][] expressionBasis() {
            return original.expressionBasis();
        }

        @Override
        public FaceRegion regionOf(int identityComponent) {
            return original.regionOf(identityComponent);
        }

        @Override
        public double[][] regionAxes(FaceRegion region) {
            return original.regionAxes(region);
        }
    }
}
