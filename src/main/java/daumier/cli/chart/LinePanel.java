package daumier.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.OptionalDouble;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/**
 * Lines over a common axis.
 *
 * @param title above the panel, may be empty
 * @param xLabel below the panel, may be empty
 * @param yLabel left of the panel, may be empty
 * @param lines the lines; the first is drawn on top
 * @param legend whether the panel explains its own lines
 * @param reference a value to mark by a thin horizontal line, for instance a target
 * @param yRange least and greatest value to show, or an empty array for what the lines need
 */
public record LinePanel(
        String title,
        String xLabel,
        String yLabel,
        List<Line> lines,
        boolean legend,
        OptionalDouble reference,
        double... yRange)
        implements Panel {

    private static final float BAND_OPACITY = 0.16f;

    /** Copies the lines. */
    public LinePanel {
        lines = List.copyOf(lines);
        if (yRange.length != 0 && yRange.length != 2) {
            throw new IllegalArgumentException("A range is two values or none.");
        }
    }

    @Override
    public void draw(Graphics2D graphics, Rectangle2D area, Theme theme) {
        theme.chart(title, plot(theme), legend).draw(graphics, area);
    }

    private XYPlot plot(Theme theme) {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        DeviationRenderer renderer = new DeviationRenderer(true, false);
        renderer.setAlpha(BAND_OPACITY);
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setLegendLine(new Line2D.Double(-8, 0, 8, 0));
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            data.addSeries(series(line, i));
            Color colour = line.paint();
            boolean faint = line.style() == Line.Style.FAINT;
            renderer.setSeriesPaint(i, faint ? pale(colour) : colour);
            renderer.setSeriesFillPaint(i, colour);
            renderer.setSeriesStroke(i, stroke(line.style()));
            renderer.setSeriesVisibleInLegend(i, !faint);
            // A line of one point would not be seen.
            renderer.setSeriesShapesVisible(i, line.x().length == 1);
            renderer.setSeriesShape(i, new Ellipse2D.Double(-3, -3, 6, 6));
        }
        NumberAxis domain = Theme.axis(xLabel);
        if (lines.stream().allMatch(line -> line.x().length == 1)) {
            domain.setAutoRangeMinimumSize(1);
        }
        domain.setLowerMargin(0.01);
        domain.setUpperMargin(0.02);
        XYPlot plot = new XYPlot(data, domain, Theme.axis(yLabel), renderer);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        theme.style(plot);
        if (yRange.length == 2) {
            plot.getRangeAxis().setRange(yRange[0], yRange[1]);
        }
        reference.ifPresent(
                value ->
                        plot.addRangeMarker(
                                new ValueMarker(value, Theme.SOFT_INK, new BasicStroke(0.9f)),
                                Layer.BACKGROUND));
        return plot;
    }

    private static YIntervalSeries series(Line line, int index) {
        // Two lines may share a name, a key of a collection may not be shared.
        YIntervalSeries series = new YIntervalSeries(new Key(line.name(), index), false, true);
        double[] x = line.x();
        double[] y = line.y();
        for (int i = 0; i < x.length; i++) {
            double low = line.low().isPresent() ? line.low().get()[i] : y[i];
            double high = line.high().isPresent() ? line.high().get()[i] : y[i];
            if (line.style() == Line.Style.STEPS && i > 0) {
                series.add(x[i], y[i - 1], y[i - 1], y[i - 1]);
            }
            if (!Double.isNaN(y[i])) {
                series.add(x[i], y[i], low, high);
            }
        }
        return series;
    }

    private static Stroke stroke(Line.Style style) {
        return switch (style) {
            case SOLID, STEPS ->
                    new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            case FAINT -> new BasicStroke(0.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            case DASHED ->
                    new BasicStroke(
                            1.5f,
                            BasicStroke.CAP_BUTT,
                            BasicStroke.JOIN_ROUND,
                            1f,
                            new float[] {5f, 3.5f},
                            0f);
        };
    }

    private static Color pale(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90);
    }

    /** A name that need not be unique. */
    private record Key(String name, int index) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Integer.compare(index, other.index);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
