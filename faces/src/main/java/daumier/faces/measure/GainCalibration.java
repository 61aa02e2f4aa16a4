package daumier.faces.measure;

import com.google.gson.GsonBuilder;
import daumier.faces.FaceRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How much of a true gain a chain of landmarks and fit reads, by region, found on photographs that
 * were warped by known gains. Landmark networks pull to the faces they know, and a robust fit takes
 * bold moves for errors, so gains are read too small; divided by the slope they are right on
 * average. It holds for the landmarks and the model it was found with.
 *
 * @param slopes by region
 */
public record GainCalibration(Map<FaceRegion, Slope> slopes) {
    /** Below this share of the truth a reading, corrected, would be little but noise. */
    private static final double LEAST = 0.25;

    /**
     * The regression of read on true gains.
     *
     * @param slope 1 where gains are read as they are
     * @param error standard error of the slope, people drawn anew
     * @param scatter standard deviation of read gains round the line, beyond what their own
     *     standard errors explain
     */
    public record Slope(double slope, double error, double scatter) {
        /** Whether what is read says enough of the truth to be corrected. */
        public boolean readable() {
            return slope >= LEAST && slope > 2 * error;
        }
    }

    /**
     * One known warp, measured again.
     *
     * @param person whose photograph, for leaving out
     * @param truth the gain
     * @param read the gain that was read
     * @param sigma its standard error
     */
    public record Reading(String person, double truth, double read, double sigma) {}

    /** Copies the map. */
    public GainCalibration {
        slopes = Map.copyOf(slopes);
    }

    /**
     * Fits a slope through the origin. Readings are weighted by their standard errors; the slope's
     * own error is found by leaving out one person at a time (jackknife).
     *
     * @param readings of one region, of at least two people
     */
    public static Slope slope(List<Reading> readings) {
        List<String> people = readings.stream().map(Reading::person).distinct().toList();
        double slope = regression(readings);
        double square = 0;
        for (String person : people) {
            double other = regression(without(readings, person));
            square += (other - slope) * (other - slope);
        }
        double excess = 0;
        for (Reading r : readings) {
            double off = r.read - slope * r.truth;
            excess += (off * off - r.sigma * r.sigma) / readings.size();
        }
        return new Slope(
                slope,
                Math.sqrt(square * (people.size() - 1.0) / people.size()),
                Math.sqrt(Math.max(0, excess)));
    }

    /**
     * Those readings that are not of a person.
     *
     * @param readings of one region
     * @param person who is left out
     */
    public static List<Reading> without(List<Reading> readings, String person) {
        return readings.stream().filter(r -> !r.person.equals(person)).toList();
    }

    private static double regression(List<Reading> readings) {
        double products = 0;
        double squares = 1e-12;
        for (Reading r : readings) {
            // The floor keeps one lucky reading from outweighing all others.
            double weight = 1 / (r.sigma * r.sigma + 0.04);
            products += weight * r.truth * r.read;
            squares += weight * r.truth * r.truth;
        }
        return products / squares;
    }

    /**
     * Corrects what was read.
     *
     * @param read differences of regions, as {@link RegionDifference#between} gives them
     * @return the same with corrected gains; regions that cannot be read are left out
     */
    public Map<FaceRegion, RegionDifference> corrected(Map<FaceRegion, RegionDifference> read) {
        Map<FaceRegion, RegionDifference> all = new EnumMap<>(FaceRegion.class);
        read.forEach(
                (region, d) -> {
                    Slope s = slopes.get(region);
                    if (s != null && s.readable()) {
                        all.put(region, corrected(d, s));
                    }
                });
        return all;
    }

    /**
     * Corrects one reading.
     *
     * @param read what was read
     * @param slope of its region
     * @return gain divided by the slope; its standard error also holds the scatter and the slope's
     *     own error
     */
    public static RegionDifference corrected(RegionDifference read, Slope slope) {
        double gain = read.gain() / slope.slope;
        double own = Math.hypot(read.gainSigma(), slope.scatter) / slope.slope;
        return new RegionDifference(
                read.difference(),
                read.sigma(),
                gain,
                Math.hypot(own, gain * slope.error / slope.slope));
    }

    /** The calibration as JSON that {@link #read} understands. */
    public String json() {
        return new GsonBuilder().setPrettyPrinting().create().toJson(this) + "\n";
    }

    /**
     * Reads a calibration.
     *
     * @param file JSON as {@link #json} gives it
     * @return the calibration
     * @throws IOException if it cannot be read or is something else
     */
    public static GainCalibration read(Path file) throws IOException {
        try {
            GainCalibration read =
                    new GsonBuilder()
                            .create()
                            .fromJson(Files.readString(file), GainCalibration.class);
            if (read != null) {
                return read;
            }
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor throws in exceptions of several kinds.
            throw new IOException(file + " is no calibration of gains; measure it again.", e);
        }
        throw new IOException(file + " is empty; measure it again.");
    }
}
