package daumier.cli.chart;

import java.awt.Color;
import java.util.Optional;

/**
 * One line of a {@link LinePanel}, with or without a band around it.
 *
 * @param name for the legend
 * @param colour number of its colour; lines of one run have the same in every panel
 * @param x positions, ascending
 * @param y values; a NaN interrupts the line
 * @param low lower edge of the band, or empty for none
 * @param high upper edge of the band, or empty for none
 * @param style how it is drawn
 */
public record Line(
        String name,
        int colour,
        double[] x,
        double[] y,
        Optional<double[]> low,
        Optional<double[]> high,
        Style style) {

    /** How a line is drawn. */
    public enum Style {
        /** From point to point. */
        SOLID,
        /** From point to point, dashed: baselines and targets. */
        DASHED,
        /** Faint and thin: raw values behind their smoothed line; not in the legend. */
        FAINT,
        /** Constant until the next point: decisions that hold for a while. */
        STEPS
    }

    /** Checks that the arrays belong together. */
    public Line {
        if (x.length != y.length
                || low.isPresent() != high.isPresent()
                || (low.isPresent() && low.get().length != y.length)
                || (high.isPresent() && high.get().length != y.length)) {
            throw new IllegalArgumentException(
                    "The line %s has arrays of different lengths.".formatted(name));
        }
    }

    /**
     * A line without a band.
     *
     * @param name for the legend
     * @param colour number of its colour
     * @param x positions, ascending
     * @param y values
     * @param style how it is drawn
     * @return the line
     */
    public static Line of(String name, int colour, double[] x, double[] y, Style style) {
        return new Line(name, colour, x, y, Optional.empty(), Optional.empty(), style);
    }

    /** The same line without its band. */
    Line withoutBand() {
        return of(name, colour, x, y, style);
    }

    /** The colour as painted. */
    Color paint() {
        return Theme.colour(colour);
    }
}
