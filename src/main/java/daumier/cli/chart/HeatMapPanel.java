package daumier.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.data.xy.DefaultXYZDataset;

/**
 * A table of signed values as colours: blue below zero, white at zero, orange above, with the
 * numbers written in the cells.
 *
 * @param title above the panel, may be empty
 * @param xLabel below the panel, may be empty
 * @param columns names from left to right
 * @param rows names from top to bottom
 * @param values (rows, columns); a NaN leaves its cell empty
 * @param strongest the size of a value that has the full colour; above 0
 */
public record HeatMapPanel(
        String title,
        String xLabel,
        List<String> columns,
        List<String> rows,
        double[][] values,
        double strongest)
        implements Panel {
    private static final Color ABOVE = new Color(0xd5, 0x5e, 0x00);
    private static final Color BELOW = new Color(0x00, 0x72, 0xb2);
    private static final Color NOTHING = new Color(0xfa, 0xf8, 0xf5);

    /** From this share of the full colour on, white letters read better than dark ones. */
    private static final double DARK = 0.72;

    /** Checks the shape and copies. */
    public HeatMapPanel {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        if (columns.isEmpty() || rows.isEmpty() || values.length != rows.size()) {
            throw new IllegalArgumentException(
                    "A heat map of %d rows needs as many names, not %d."
                            .formatted(values.length, rows.size()));
        }
        for (double[] row : values) {
            if (row.length != columns.size()) {
                throw new IllegalArgumentException(
                        "A row of a heat map has %d values for %d columns."
                                .formatted(row.length, columns.size()));
            }
        }
        if (!(strongest > 0)) {
            throw new IllegalArgumentException("The strongest value must be above 0.");
        }
        values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
    }

    @Override
    public void draw(Graphics2D graphics, Rectangle2D area, Theme theme) {
        int wide = columns.size();
        int high = rows.size();
        double[][] cells = new double[3][wide * high];
        int cell = 0;
        for (int r = 0; r < high; r++) {
            for (int c = 0; c < wide; c++) {
                cells[0][cell] = c;
                cells[1][cell] = high - 1 - r;
                cells[2][cell] = values[r][c];
                cell++;
            }
        }
        DefaultXYZDataset data = new DefaultXYZDataset();
        data.addSeries("values", cells);
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setPaintScale(new Diverging(strongest));
        SymbolAxis domain = axis(xLabel, columns.toArray(String[]::new));
        SymbolAxis range = axis("", reversed(rows));
        XYPlot plot = new XYPlot(data, domain, range, renderer);
        theme.style(plot);
        plot.setRangeGridlinesVisible(false);
        domain.setAxisLineVisible(false);
        domain.setTickMarksVisible(false);
        range.setTickLabelFont(theme.font(Font.PLAIN, 11.5f));
        range.setTickLabelPaint(Theme.INK);
        Font font = theme.font(Font.PLAIN, 10.5f);
        for (int r = 0; r < high; r++) {
            for (int c = 0; c < wide; c++) {
                if (!Double.isNaN(values[r][c])) {
                    plot.addAnnotation(number(values[r][c], c, high - 1 - r, font));
                }
            }
        }
        // White lines between the cells, drawn by the plot above its data.
        plot.setDomainGridlinesVisible(false);
        for (int r = 1; r < high; r++) {
            plot.addAnnotation(between(-0.5, r - 0.5, wide - 0.5, r - 0.5));
        }
        for (int c = 1; c < wide; c++) {
            plot.addAnnotation(between(c - 0.5, -0.5, c - 0.5, high - 0.5));
        }
        theme.chart(title, plot, false).draw(graphics, area);
    }

    private static XYLineAnnotation between(double x0, double y0, double x1, double y1) {
        return new XYLineAnnotation(x0, y0, x1, y1, new BasicStroke(1.5f), Theme.PAPER);
    }

    private static SymbolAxis axis(String label, String... names) {
        SymbolAxis axis = new SymbolAxis(label.isEmpty() ? null : label, names);
        axis.setGridBandsVisible(false);
        axis.setRange(-0.5, names.length - 0.5);
        return axis;
    }

    private static String[] reversed(List<String> names) {
        String[] all = new String[names.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = names.get(all.length - 1 - i);
        }
        return all;
    }

    private XYTextAnnotation number(double value, double x, double y, Font font) {
        boolean nothing = Math.abs(value) < 0.005;
        String text = nothing ? "·" : String.format(Locale.ROOT, "%+.2f", value);
        XYTextAnnotation annotation = new XYTextAnnotation(text, x, y);
        annotation.setFont(font);
        annotation.setPaint(
                nothing
                        ? Theme.SOFT_INK
                        : Math.abs(value) / strongest > DARK ? Color.WHITE : Theme.INK);
        return annotation;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof HeatMapPanel other
                && title.equals(other.title)
                && xLabel.equals(other.xLabel)
                && columns.equals(other.columns)
                && rows.equals(other.rows)
                && Arrays.deepEquals(values, other.values)
                && strongest == other.strongest;
    }

    @Override
    public int hashCode() {
        return 31 * title.hashCode() + Arrays.deepHashCode(values);
    }

    /** From blue over paper to orange. */
    private record Diverging(double strongest) implements PaintScale {
        @Override
        public double getLowerBound() {
            return -strongest;
        }

        @Override
        public double getUpperBound() {
            return strongest;
        }

        @Override
        public Color getPaint(double value) {
            if (Double.isNaN(value)) {
                return Theme.PAPER;
            }
            double share = Math.min(1, Math.abs(value) / strongest);
            Color full = value < 0 ? BELOW : ABOVE;
            return new Color(
                    mix(NOTHING.getRed(), full.getRed(), share),
                    mix(NOTHING.getGreen(), full.getGreen(), share),
                    mix(NOTHING.getBlue(), full.getBlue(), share));
        }

        private static int mix(int from, int to, double share) {
            return (int) Math.round(from + share * (to - from));
        }
    }
}
