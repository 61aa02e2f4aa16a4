package daumier.faces.measure;

import com.google.gson.GsonBuilder;
import daumier.faces.FaceRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How far the regions of some people's faces are from the average face: the norm against which one
 * person is unusual. Distinctiveness as distance from what one is used to is Valentine's face space
 * (A unified account of the effects of distinctiveness, inversion, and race in face recognition,
 * 1991).
 *
 * @param people how many different people were measured
 * @param portraits how many portraits of them
 * @param regions in the order of means and covariances
 * @param mean of the regions' deviations, in standard deviations of the model's population
 * @param covariance of the regions' deviations between people, in squares of those
 */
public record RegionPopulation(
        int people,
        int portraits,
        List<FaceRegion> regions,
        List<Double> mean,
        List<List<Double>> covariance) {
    /** With fewer people than this a spread is a guess. */
    public static final int LEAST_PEOPLE = 8;

    /** A population this uniform would make everybody infinitely unusual. */
    private static final double LEAST_SD = 0.05;

    /** Checks the sizes. */
    public RegionPopulation {
        int n = regions == null ? -1 : regions.size();
        boolean fits =
                mean != null
                        && covariance != null
                        && mean.size() == n
                        && covariance.size() == n
                        && covariance.stream().allMatch(row -> row.size() == n);
        if (!fits) {
            throw new IllegalArgumentException(
                    "A population has a mean for each region and a covariance for each two.");
        }
        regions = List.copyOf(regions);
        mean = List.copyOf(mean);
        covariance = covariance.stream().map(List::copyOf).toList();
    }

    /**
     * Where a region of one person stands in the population.
     *
     * @param z standard deviations above the population's mean; below 0 more ordinary than most
     * @param sigma standard error of z, from that of the measured deviation
     */
    public record Place(double z, double sigma) {}

    /**
     * Measures a population. Several portraits of a person count as one, their mean.
     *
     * @param people the fits of each person's portraits, at least {@value #LEAST_PEOPLE} people
     * @param regions which to keep
     * @return mean and covariance over people
     * @throws IllegalArgumentException if there are fewer people
     */
    public static RegionPopulation of(List<List<FaceGeometry>> people, List<FaceRegion> regions) {
        if (people.size() < LEAST_PEOPLE) {
            throw new IllegalArgumentException(
                    "A population of %d people is too small; give portraits of at least %d."
                            .formatted(people.size(), LEAST_PEOPLE));
        }
        int n = regions.size();
        double[][] own = new double[people.size()][n];
        double[] mean = new double[n];
        int portraits = 0;
        for (int p = 0; p < own.length; p++) {
            List<FaceGeometry> faces = people.get(p);
            portraits += faces.size();
            for (int r = 0; r < n; r++) {
                for (FaceGeometry face : faces) {
                    own[p][r] += face.deviation().get(regions.get(r)) / faces.size();
                }
                mean[r] += own[p][r] / own.length;
            }
        }
        List<Double> means = new ArrayList<>();
        List<List<Double>> covariance = new ArrayList<>();
        for (int r = 0; r < n; r++) {
            means.add(mean[r]);
            List<Double> row = new ArrayList<>();
            for (int s = 0; s < n; s++) {
                double sum = 0;
                for (double[] person : own) {
                    sum += (person[r] - mean[r]) * (person[s] - mean[s]);
                }
                row.add(sum / (own.length - 1));
            }
            covariance.add(row);
        }
        return new RegionPopulation(own.length, portraits, regions, means, covariance);
    }

    /**
     * Places a face in the population, region by region.
     *
     * @param face fitted by the model that the population was fitted by
     * @return an entry for each of {@link #regions}
     */
    public Map<FaceRegion, Place> place(FaceGeometry face) {
        Map<FaceRegion, Place> all = new EnumMap<>(FaceRegion.class);
        for (int r = 0; r < regions.size(); r++) {
            FaceRegion region = regions.get(r);
            double sd = sd(r);
            all.put(
                    region,
                    new Place(
                            (face.deviation().get(region) - mean.get(r)) / sd,
                            face.sigma().get(region) / sd));
        }
        return all;
    }

    /**
     * How unusual the whole face is: the Mahalanobis distance of its deviations from the mean,
     * where regions that deviate together in this population count once.
     *
     * @param face fitted by the model that the population was fitted by
     * @return about the square root of the number of regions for most people
     */
    public double distance(FaceGeometry face) {
        int n = regions.size();
        double[][] c = new double[n][n];
        double[] d = new double[n];
        for (int r = 0; r < n; r++) {
            d[r] = face.deviation().get(regions.get(r)) - mean.get(r);
            for (int s = 0; s < n; s++) {
                c[r][s] = covariance.get(r).get(s) + (r == s ? LEAST_SD * LEAST_SD : 0);
            }
        }
        double[] solved = Dense.solve(Dense.cholesky(c), d);
        double sum = 0;
        for (int r = 0; r < n; r++) {
            sum += d[r] * solved[r];
        }
        return Math.sqrt(Math.max(0, sum));
    }

    private double sd(int r) {
        return Math.sqrt(Math.max(covariance.get(r).get(r), LEAST_SD * LEAST_SD));
    }

    /**
     * The population as JSON.
     *
     * @return text that {@link #read} understands
     */
    public String json() {
        return new GsonBuilder().setPrettyPrinting().create().toJson(this) + "\n";
    }

    /**
     * Reads a population.
     *
     * @param file JSON as {@link #json} gives it
     * @return the population
     * @throws IOException if it cannot be read or is something else
     */
    public static RegionPopulation read(Path file) throws IOException {
        try {
            RegionPopulation read =
                    new GsonBuilder()
                            .create()
                            .fromJson(Files.readString(file), RegionPopulation.class);
            if (read != null) {
                return read;
            }
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor throws in exceptions of several kinds.
            throw notOne(file, e);
        }
        throw notOne(file, null);
    }

    private static IOException notOne(Path file, Throwable cause) {
        return new IOException(
                file + " is no population; make one with daumier population FOLDER.", cause);
    }
}
