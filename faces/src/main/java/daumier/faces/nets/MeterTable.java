package daumier.faces.nets;

import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.world.Artist;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How good a meter is, by look and region, on renders it was not calibrated with.
 *
 * @param rows one for all looks together against what the regions' own coefficients were pushed by
 *     ({@code pushed}: where features give each other room this is not quite where they are), one
 *     for all looks together against the exact landmarks, one for each look
 */
public record MeterTable(List<Row> rows) {
    /** Slopes that a region may have to be paid for. */
    public static final double LOWEST_SLOPE = 0.9;

    /** Largest slope of a region that is paid for. */
    public static final double HIGHEST_SLOPE = 1.1;

    /** Largest noise of a region that is paid for. */
    public static final double LARGEST_NOISE = 0.25;

    private static final double LARGEST_NOISE_OF_A_JUDGE = 0.4;

    /** What a single look may have more: it is read on a ninth of the renders only. */
    private static final double MORE_IN_ONE_LOOK = 0.1;

    private static final String ALL = "all";
    private static final String PUSHED = "pushed";

    /** Copies the rows. */
    public MeterTable {
        rows = List.copyOf(rows);
    }

    /**
     * One look; arrays follow {@link MeterTarget#REGIONS}.
     *
     * @param look its word, or {@code all}
     * @param pictures how many were read
     * @param slope of what is read on what is true, through 0
     * @param noise standard deviation of what is read less what is true, in moved units (the median
     *     subject's own displacement is 1)
     * @param bias mean of what is read less what is true
     */
    public record Row(String look, int pictures, double[] slope, double[] noise, double[] bias) {
        /** Whether a region is measured well enough to be paid for. */
        public boolean passes(int region) {
            return straight(region) && noise[region] <= LARGEST_NOISE;
        }

        private boolean straight(int region) {
            return slope[region] >= LOWEST_SLOPE && slope[region] <= HIGHEST_SLOPE;
        }
    }

    /**
     * Which of {@link MeterTarget#REGIONS} are measured well enough to be paid for: in all looks
     * together, and in no single look much worse than that.
     */
    public boolean[] trusted() {
        return trusted(LARGEST_NOISE);
    }

    /**
     * Which regions a judge sees well enough. It may be noisier than what is paid by, since it is
     * asked for means over many pictures, but not skewed.
     */
    public boolean[] judged() {
        return trusted(LARGEST_NOISE_OF_A_JUDGE);
    }

    private boolean[] trusted(double largestNoise) {
        boolean[] trusted = new boolean[MeterTarget.REGIONS.size()];
        Row all = rows.stream().filter(row -> row.look().equals(ALL)).findFirst().orElseThrow();
        for (int r = 0; r < trusted.length; r++) {
            int region = r;
            trusted[r] =
                    all.straight(r)
                            && all.noise()[r] <= largestNoise
                            && rows.stream()
                                    .filter(row -> !row.look().equals(PUSHED))
                                    .allMatch(
                                            row ->
                                                    row.noise()[region]
                                                            <= largestNoise + MORE_IN_ONE_LOOK);
        }
        return trusted;
    }

    static MeterTable measure(
            ExaggerationMeter meter, List<MeterCalibration.Known> known, List<Landmarks> seen) {
        double[][] truth = MeterCalibration.truth(meter, known);
        double[][] read = MeterCalibration.readings(meter, known, seen);
        double[][] pushed =
                known.stream().map(MeterCalibration.Known::moved).toArray(double[][]::new);
        List<Row> rows = new ArrayList<>();
        rows.add(row(PUSHED, -1, known, pushed, read));
        rows.add(row(ALL, -1, known, truth, read));
        rows.add(row("photo", 0, known, truth, read));
        List<Artist> artists = Artist.all();
        for (int a = 0; a < artists.size(); a++) {
            rows.add(row(artists.get(a).word(), a + 1, known, truth, read));
        }
        return new MeterTable(rows);
    }

    private static Row row(
            String name,
            int look,
            List<MeterCalibration.Known> known,
            double[][] truth,
            double[][] read) {
        int regions = MeterTarget.REGIONS.size();
        double[] slope = new double[regions];
        double[] noise = new double[regions];
        double[] bias = new double[regions];
        int n = 0;
        for (int r = 0; r < regions; r++) {
            double cross = 0;
            double square = 0;
            List<Double> error = new ArrayList<>();
            for (int i = 0; i < truth.length; i++) {
                if (look < 0 || known.get(i).look() == look) {
                    cross += truth[i][r] * read[i][r];
                    square += truth[i][r] * truth[i][r];
                    error.add(read[i][r] - truth[i][r]);
                }
            }
            double[] e = error.stream().mapToDouble(Double::doubleValue).toArray();
            n = e.length;
            slope[r] = cross / square;
            noise[r] = FaceNetFigures.deviation(e);
            bias[r] = FaceNetFigures.mean(e);
        }
        return new Row(name, n, slope, noise, bias);
    }

    /** Correlation of two meters' errors on the same pictures, by region. */
    static double[] correlation(double[][] truth, double[][] a, double[][] b) {
        double[] c = new double[MeterTarget.REGIONS.size()];
        for (int r = 0; r < c.length; r++) {
            double ab = 0;
            double aa = 0;
            double bb = 0;
            for (int i = 0; i < truth.length; i++) {
                double x = a[i][r] - truth[i][r];
                double y = b[i][r] - truth[i][r];
                ab += x * y;
                aa += x * x;
                bb += y * y;
            }
            c[r] = ab / Math.sqrt(aa * bb);
        }
        return c;
    }

    /** The table as text: slope / noise for each region, a star where it may not be paid for. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder("look      n   ");
        MeterTarget.REGIONS.forEach(r -> s.append(String.format(Locale.ROOT, "%-21s", r)));
        s.append('\n');
        for (Row row : rows) {
            s.append(String.format(Locale.ROOT, "%-8s %4d  ", row.look(), row.pictures()));
            for (int r = 0; r < row.slope().length; r++) {
                s.append(
                        String.format(
                                Locale.ROOT,
                                "%.2f / %.2f (%+.2f)%s   ",
                                row.slope()[r],
                                row.noise()[r],
                                row.bias()[r],
                                row.passes(r) ? " " : "*"));
            }
            s.append('\n');
        }
        return s.toString();
    }
}
