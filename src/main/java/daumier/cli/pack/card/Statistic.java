package daumier.cli.pack.card;

import com.google.gson.JsonObject;
import java.util.Locale;

/**
 * What many measurements of one thing say.
 *
 * @param mean of the measurements
 * @param deviation standard deviation of one measurement, with n - 1; 0 for a single one
 * @param count how many there are
 */
record Statistic(double mean, double deviation, int count) {
    static Statistic of(double... values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
        }
        double deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
        return new Statistic(mean, deviation, values.length);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("mean", rounded(mean));
        json.addProperty("sd", rounded(deviation));
        json.addProperty("n", count);
        return json;
    }

    /** Four decimals: what is beyond them changes from machine to machine. */
    static Double rounded(double v) {
        return Double.isFinite(v) ? Math.round(v * 1e4) / 1e4 : null;
    }

    /** Mean and deviation, for a table. */
    String text(int decimals) {
        String format = "%." + decimals + "f ± %." + decimals + "f";
        return String.format(Locale.ROOT, format, mean, deviation);
    }

    /** The mean alone. */
    String meanText(int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", mean);
    }
}
