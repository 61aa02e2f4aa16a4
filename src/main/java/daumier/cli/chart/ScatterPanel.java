package daumier.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/**
 * Points with error bars in both directions, each named beside itself.
 *
 * @param title above the panel, may be empty
 * @param xLabel below the panel
 * @param yLabel left of the panel
 * @param points the points
 * @param front corners (x, y) of a line that is drawn behind the points, may be empty
 */
public record ScatterPanel(
        String title, String xLabel, String yLabel, List<Point> points, List<double[]> front)
        implements Panel {

    /**
     * A point and its intervals.
     *
     * @param name written beside it; empty for one that goes without
     * @param colour number of its colour
     * @param strong whether it is one of those the chart is about
     * @param x value
     * @param xLow lower end of the interval
     * @param xHigh upper end of the interval
     * @param y value
     * @param yLow lower end of the interval
     * @param yHigh upper end of the interval
     */
    public record Point(
            String name,
            int colour,
            boolean strong,
            double x,
            double xLow,
            double xHigh,
            double y,
            double yLow,
            double yHigh) {}

    private static final double GAP = 7;
    private static final BasicStroke FRONT = new BasicStroke(1.2f);

    /** Copies the points. */
    public ScatterPanel {
        points = List.copyOf(points);
        front = front.stream().map(double[]::clone).toList();
    }

    /** A panel without a line. */
    public ScatterPanel(String title, String xLabel, String yLabel, List<Point> points) {
        this(title, xLabel, yLabel, points, List.of());
    }

    @Override
    public void draw(Graphics2D graphics, Rectangle2D area, Theme theme) {
        XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setErrorStroke(new BasicStroke(1.1f));
        renderer.setCapLength(0);
        for (int i = 0; i < points.size(); i++) {
            Point p = points.get(i);
            XYIntervalSeries series = new XYIntervalSeries(i);
            series.add(p.x, p.xLow, p.xHigh, p.y, p.yLow, p.yHigh);
            data.addSeries(series);
            renderer.setSeriesPaint(i, colour(p));
            double r = p.strong ? 5 : 3.2;
            renderer.setSeriesShape(i, new Ellipse2D.Double(-r, -r, 2 * r, 2 * r));
            renderer.setSeriesShapesFilled(i, true);
        }
        NumberAxis domain = Theme.axis(xLabel);
        NumberAxis range = Theme.axis(yLabel);
        // Room for the names, which stand outside of what the axes know.
        domain.setLowerMargin(0.08);
        domain.setUpperMargin(0.18);
        range.setLowerMargin(0.08);
        range.setUpperMargin(0.08);
        XYPlot plot = new XYPlot(data, domain, range, renderer);
        theme.style(plot);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Theme.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(0.8f));
        for (int i = 1; i < front.size(); i++) {
            double[] from = front.get(i - 1);
            double[] to = front.get(i);
            plot.addAnnotation(
                    new XYLineAnnotation(from[0], from[1], to[0], to[1], FRONT, Theme.SOFT_INK));
        }
        JFreeChart chart = theme.chart(title, plot, false);
        ChartRenderingInfo info = new ChartRenderingInfo();
        chart.draw(graphics, area, info);
        name(graphics, plot, info.getPlotInfo().getDataArea(), theme);
    }

    private static Color colour(Point point) {
        return point.strong ? Theme.colour(point.colour) : new Color(0x9a, 0x9a, 0x9a);
    }

    /** Writes each name at the first of eight places around its point that is still free. */
    private void name(Graphics2D graphics, XYPlot plot, Rectangle2D area, Theme theme) {
        List<Rectangle2D> taken = new ArrayList<>();
        List<Rectangle2D> bars = new ArrayList<>();
        for (Point p : points) {
            double x = x(plot, area, p.x);
            double y = y(plot, area, p.y);
            taken.add(new Rectangle2D.Double(x - 5, y - 5, 10, 10));
            double left = x(plot, area, p.xLow);
            double top = y(plot, area, p.yHigh);
            bars.add(new Rectangle2D.Double(left, y - 1, x(plot, area, p.xHigh) - left, 2));
            bars.add(new Rectangle2D.Double(x - 1, top, 2, y(plot, area, p.yLow) - top));
        }
        List<Point> order = new ArrayList<>(points);
        order.sort((a, b) -> Boolean.compare(b.strong, a.strong));
        for (Point p : order) {
            if (p.name.isEmpty()) {
                continue;
            }
            Font font = theme.font(p.strong ? Font.BOLD : Font.PLAIN, 10.5f);
            graphics.setFont(font);
            FontMetrics metrics = graphics.getFontMetrics();
            double width = metrics.stringWidth(p.name);
            double height = metrics.getAscent();
            double x = x(plot, area, p.x);
            double y = y(plot, area, p.y);
            Rectangle2D best = null;
            double least = Double.POSITIVE_INFINITY;
            for (Rectangle2D place : places(x, y, width, height)) {
                double cost = cost(place, area, taken, bars);
                if (cost < least) {
                    least = cost;
                    best = place;
                }
            }
            taken.add(best);
            lead(graphics, x, y, best);
            graphics.setPaint(p.strong ? Theme.INK : Theme.SOFT_INK);
            graphics.drawString(
                    p.name, (float) best.getX(), (float) (best.getMaxY() - 0.18 * height));
        }
    }

    private static List<Rectangle2D> places(double x, double y, double width, double height) {
        List<Rectangle2D> places = new ArrayList<>();
        for (double away : new double[] {GAP, 2.5 * GAP, 4.5 * GAP, 7 * GAP}) {
            double over = y - away - height;
            double under = y + away;
            double right = x + away;
            double left = x - away - width;
            places.add(box(right, over + height / 2, width, height));
            places.add(box(right, under - height / 2, width, height));
            places.add(box(left, over + height / 2, width, height));
            places.add(box(left, under - height / 2, width, height));
            places.add(box(x - width / 2, over, width, height));
            places.add(box(x - width / 2, under, width, height));
            places.add(box(right, y - height / 2, width, height));
            places.add(box(left, y - height / 2, width, height));
        }
        return places;
    }

    private static Rectangle2D box(double x, double y, double width, double height) {
        return new Rectangle2D.Double(x, y, width, height);
    }

    /** Covered area, names and points counting more than bars; leaving the panel is worst. */
    private static double cost(
            Rectangle2D place, Rectangle2D area, List<Rectangle2D> taken, List<Rectangle2D> bars) {
        double cost = area.contains(place) ? 0 : 1e6;
        for (Rectangle2D other : taken) {
            cost += 10 * overlap(place, other);
        }
        for (Rectangle2D other : bars) {
            cost += 2 * overlap(place, other);
        }
        return cost;
    }

    private static double overlap(Rectangle2D a, Rectangle2D b) {
        Rectangle2D common = a.createIntersection(b);
        return common.isEmpty() ? 0 : common.getWidth() * common.getHeight();
    }

    /** A hairline from a point to a name that had to move away from it. */
    private static void lead(Graphics2D graphics, double x, double y, Rectangle2D name) {
        double toX = Math.max(name.getMinX(), Math.min(x, name.getMaxX()));
        double toY = Math.max(name.getMinY(), Math.min(y, name.getMaxY()));
        if (Math.hypot(toX - x, toY - y) > 2 * GAP) {
            graphics.setPaint(Theme.SOFT_INK);
            graphics.setStroke(new BasicStroke(0.5f));
            graphics.draw(new Line2D.Double(x, y, toX, toY));
        }
    }

    private static double x(XYPlot plot, Rectangle2D area, double value) {
        return plot.getDomainAxis().valueToJava2D(value, area, RectangleEdge.BOTTOM);
    }

    private static double y(XYPlot plot, Rectangle2D area, double value) {
        return plot.getRangeAxis().valueToJava2D(value, area, RectangleEdge.LEFT);
    }
}
