package daumier.cli.pack.card;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One region's response: what was read against what was asked. */
final class RegionLine {
    private final int region;
    private final List<Double> asked = new ArrayList<>();
    private final List<Double> read = new ArrayList<>();
    private final List<String> cells = new ArrayList<>();
    private final JsonObject efforts = new JsonObject();
    private double squaresOfOthers;
    private int countOfOthers;
    private int ended;

    RegionLine(int region) {
        this.region = region;
    }

    /**
     * Adds one picture.
     *
     * @param wanted displacement that was asked of the region
     * @param moved displacements of all regions that were read
     * @param still the same without effort
     */
    void add(double wanted, double[] moved, double[] still) {
        asked.add(wanted);
        read.add(moved[region] - still[region]);
        for (int k = 0; k < moved.length; k++) {
            if (k != region) {
                squaresOfOthers += (moved[k] - still[k]) * (moved[k] - still[k]);
                countOfOthers++;
            }
        }
    }

    /** Says that all pictures of one effort were added. */
    void endEffort(double effort) {
        Statistic reading = Statistic.of(values(read.subList(ended, read.size())));
        Statistic wish = Statistic.of(values(asked.subList(ended, asked.size())));
        cells.add(reading.text(2));
        cells.add(wish.meanText(2));
        JsonObject one = new JsonObject();
        one.add("read", reading.toJson());
        one.add("asked", wish.toJson());
        efforts.add(String.format(Locale.ROOT, "%.1f", effort), one);
        ended = read.size();
    }

    double slope() {
        double cross = 0;
        double square = 0;
        for (int i = 0; i < read.size(); i++) {
            cross += asked.get(i) * read.get(i);
            square += asked.get(i) * asked.get(i);
        }
        return cross / square;
    }

    /** Deviation from the line. */
    double scatter() {
        double slope = slope();
        double squares = 0;
        for (int i = 0; i < read.size(); i++) {
            double d = read.get(i) - slope * asked.get(i);
            squares += d * d;
        }
        return Math.sqrt(squares / read.size());
    }

    /** Root mean square movement of the other regions. */
    double others() {
        return Math.sqrt(squaresOfOthers / countOfOthers);
    }

    List<String> row(String name) {
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(cells);
        for (double v : new double[] {slope(), scatter(), others()}) {
            row.add(String.format(Locale.ROOT, "%.2f", v));
        }
        return row;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("efforts", efforts);
        json.addProperty("slope", Statistic.rounded(slope()));
        json.addProperty("scatter", Statistic.rounded(scatter()));
        json.addProperty("others", Statistic.rounded(others()));
        return json;
    }

    private static double[] values(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
