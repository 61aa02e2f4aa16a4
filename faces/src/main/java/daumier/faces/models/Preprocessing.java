package daumier.faces.models;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Locale;

/**
 * How a network wants its pixels: {@code (value - mean) / std} for each channel, values 0 to 255.
 *
 * @param side of the square input in pixels
 * @param rgb whether red comes first; blue otherwise
 * @param mean of each channel, in the order of the input
 * @param std of each channel, above 0
 */
public record Preprocessing(int side, boolean rgb, double[] mean, double[] std) {
    /** Checks sizes and signs. */
    public Preprocessing {
        if (side < 8 || mean.length != 3 || std.length != 3) {
            throw new IllegalArgumentException(
                    "A network's input has a side of at least 8 and three means and deviations.");
        }
        for (double s : std) {
            if (!(s > 0)) {
                throw new IllegalArgumentException("The std of a channel must be above 0.");
            }
        }
    }

    /**
     * The same for every channel.
     *
     * @param side pixels
     * @param mean 0 to 255
     * @param std above 0
     * @return red first
     */
    static Preprocessing uniform(int side, double mean, double std) {
        return new Preprocessing(
                side, true, new double[] {mean, mean, mean}, new double[] {std, std, std});
    }

    /**
     * As a card says it: {@code "side"}, {@code "channels"} ({@code "RGB"} or {@code "BGR"}),
     * {@code "mean"} and {@code "std"} (one or three numbers, of 0 to 255).
     *
     * @param card the JSON beside the network
     * @param otherwise what holds where the card is silent
     * @return the card's preprocessing
     * @throws IllegalArgumentException if the card says it wrong
     */
    static Preprocessing of(JsonObject card, Preprocessing otherwise) {
        boolean rgb = otherwise.rgb;
        if (card.has("channels")) {
            String order = card.get("channels").getAsString().toUpperCase(Locale.ROOT);
            if (!order.equals("RGB") && !order.equals("BGR")) {
                throw new IllegalArgumentException("channels are RGB or BGR, not " + order + ".");
            }
            rgb = order.equals("RGB");
        }
        return new Preprocessing(
                card.has("side") ? card.get("side").getAsInt() : otherwise.side,
                rgb,
                three(card, "mean", otherwise.mean),
                three(card, "std", otherwise.std));
    }

    private static double[] three(JsonObject card, String name, double[] otherwise) {
        if (!card.has(name)) {
            return otherwise;
        }
        double[] three = new double[3];
        if (card.get(name).isJsonArray()) {
            JsonArray values = card.getAsJsonArray(name);
            if (values.size() != 3) {
                throw new IllegalArgumentException(name + " has one or three numbers.");
            }
            for (int c = 0; c < 3; c++) {
                three[c] = values.get(c).getAsDouble();
            }
        } else {
            Arrays.fill(three, card.get(name).getAsDouble());
        }
        return three;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Preprocessing other
                && side == other.side
                && rgb == other.rgb
                && Arrays.equals(mean, other.mean)
                && Arrays.equals(std, other.std);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * side + Arrays.hashCode(mean)) + Arrays.hashCode(std);
    }
}
