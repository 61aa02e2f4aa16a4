package daumier.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.OptionalDouble;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/**
 * One row for each thing compared: its estimate, the interval around it, and what it was estimated
 * from as faint dots.
 *
 * @param title above the panel, may be empty
 * @param xLabel below the panel
 * @param rows from top to bottom
 * @param reference a value to mark by a thin vertical line, for instance the best baseline
 */
public record IntervalPanel(String title, String xLabel, List<Row> rows, OptionalDouble reference)
        implements Panel {

    /**
     * One row.
     *
     * @param name at the left
     * @param colour number of its colour
     * @param value the estimate
     * @param low lower end of its interval
     * @param high upper end of its interval
     * @param dots single values, may be empty
     */
    public record Row(
            String name, int colour, double value, double low, double high, double... dots) {}

    /** Copies the rows. */
    public IntervalPanel {
        rows = List.copyOf(rows);
    }

    @Override
    public void draw(Graphics2D graphics, Rectangle2D area, Theme theme) {
        XYIntervalSeriesCollection estimates = new XYIntervalSeriesCollection();
        XYIntervalSeriesCollection dots = new XYIntervalSeriesCollection();
        XYErrorRenderer strong = new XYErrorRenderer();
        XYErrorRenderer faint = new XYErrorRenderer();
        strong.setDrawYError(false);
        strong.setErrorStroke(new BasicStroke(2.2f));
        strong.setCapLength(0);
        faint.setDrawXError(false);
        faint.setDrawYError(false);
        String[] names = new String[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int place = rows.size() - 1 - i;
            names[place] = row.name;
            Color colour = Theme.colour(row.colour);
            XYIntervalSeries estimate = new XYIntervalSeries(i);
            estimate.add(row.value, row.low, row.high, place, place, place);
            estimates.addSeries(estimate);
            strong.setSeriesPaint(i, colour);
            strong.setSeriesShape(i, new Ellipse2D.Double(-4.5, -4.5, 9, 9));
            XYIntervalSeries single = new XYIntervalSeries(i);
            for (int d = 0; d < row.dots.length; d++) {
                // Spread by the golden ratio, so that equal values stay countable.
                double spread = 0.22 * ((d * 0.618034) % 1 - 0.5) - 0.24;
                double x = row.dots[d];
                single.add(x, x, x, place + spread, place, place);
            }
            dots.addSeries(single);
            faint.setSeriesPaint(
                    i, new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 80));
            faint.setSeriesShape(i, new Ellipse2D.Double(-2, -2, 4, 4));
        }
        NumberAxis domain = Theme.axis(xLabel);
        SymbolAxis range = new SymbolAxis(null, names);
        range.setGridBandsVisible(false);
        range.setRange(-0.6, rows.size() - 0.4);
        XYPlot plot = new XYPlot(estimates, domain, range, strong);
        plot.setDataset(1, dots);
        plot.setRenderer(1, faint);
        theme.style(plot);
        range.setTickLabelFont(theme.font(Font.PLAIN, 11.5f));
        range.setTickLabelPaint(Theme.INK);
        plot.setRangeGridlinesVisible(true);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Theme.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(0.8f));
        reference.ifPresent(
                value ->
                        plot.addDomainMarker(
                                new ValueMarker(value, Theme.SOFT_INK, new BasicStroke(0.9f)),
                                Layer.BACKGROUND));
        theme.chart(title, plot, false).draw(graphics, area);
    }
}
