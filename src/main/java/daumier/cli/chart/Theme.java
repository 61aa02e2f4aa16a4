package daumier.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** How all charts look: white paper, thin grid, colours that colour-blind readers tell apart. */
final class Theme {
    static final Color INK = new Color(0x26, 0x26, 0x26);
    static final Color SOFT_INK = new Color(0x5a, 0x5a, 0x5a);
    static final Color GRID = new Color(0xe4, 0xe4, 0xe4);
    static final Color PAPER = Color.WHITE;

    /** Okabe and Ito's colours, the yellow left out (too pale on white) and two added. */
    private static final List<Color> COLOURS =
            List.of(
                    new Color(0x00, 0x72, 0xb2),
                    new Color(0xd5, 0x5e, 0x00),
                    new Color(0x00, 0x9e, 0x73),
                    new Color(0xcc, 0x79, 0xa7),
                    new Color(0x56, 0xb4, 0xe9),
                    new Color(0xe6, 0x9f, 0x00),
                    new Color(0x7a, 0x5c, 0xa8),
                    new Color(0x6b, 0x6b, 0x6b));

    private static final List<String> FAMILIES =
            List.of("Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "DejaVu Sans");

    private final String family;

    Theme() {
        List<String> installed =
                Arrays.asList(
                        GraphicsEnvironment.getLocalGraphicsEnvironment()
                                .getAvailableFontFamilyNames(Locale.ROOT));
        family = FAMILIES.stream().filter(installed::contains).findFirst().orElse(Font.SANS_SERIF);
    }

    /** The colour of the n-th line; after eight they repeat. */
    static Color colour(int n) {
        return COLOURS.get(Math.floorMod(n, COLOURS.size()));
    }

    Font font(int style, float size) {
        return new Font(family, style, 1).deriveFont(size);
    }

    /** A chart around a plot: small bold title at the left, no frame, a legend at the bottom. */
    JFreeChart chart(String title, XYPlot plot, boolean legend) {
        JFreeChart chart = new JFreeChart(null, font(Font.BOLD, 12), plot, false);
        if (!title.isEmpty()) {
            TextTitle text = new TextTitle(title, font(Font.BOLD, 12));
            text.setPaint(INK);
            text.setHorizontalAlignment(HorizontalAlignment.LEFT);
            text.setMargin(2, 6, 4, 2);
            chart.setTitle(text);
        }
        if (legend) {
            LegendTitle box = new LegendTitle(plot);
            box.setItemFont(font(Font.PLAIN, 10.5f));
            box.setItemPaint(INK);
            box.setPosition(RectangleEdge.BOTTOM);
            box.setFrame(BlockBorder.NONE);
            box.setBackgroundPaint(PAPER);
            chart.addLegend(box);
        }
        chart.setBackgroundPaint(PAPER);
        chart.setPadding(new RectangleInsets(2, 2, 2, 8));
        chart.setAntiAlias(true);
        return chart;
    }

    void style(XYPlot plot) {
        plot.setBackgroundPaint(PAPER);
        plot.setOutlineVisible(false);
        BasicStroke thin = new BasicStroke(0.8f);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(thin);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setRangeZeroBaselineVisible(false);
        style(plot.getDomainAxis());
        style(plot.getRangeAxis());
        plot.getRangeAxis().setAxisLineVisible(false);
        plot.getRangeAxis().setTickMarksVisible(false);
    }

    private void style(ValueAxis axis) {
        axis.setLabelFont(font(Font.PLAIN, 11));
        axis.setLabelPaint(SOFT_INK);
        axis.setTickLabelFont(font(Font.PLAIN, 10.5f));
        axis.setTickLabelPaint(SOFT_INK);
        axis.setTickLabelInsets(new RectangleInsets(5, 4, 5, 4));
        axis.setAxisLinePaint(SOFT_INK);
        axis.setTickMarkPaint(SOFT_INK);
    }

    /** An axis that shows all of its data with a little room, without forcing zero into view. */
    static NumberAxis axis(String label) {
        NumberAxis axis = new NumberAxis(label.isEmpty() ? null : label);
        axis.setAutoRangeIncludesZero(false);
        axis.setAutoRangeMinimumSize(0.01);
        axis.setLowerMargin(0.04);
        axis.setUpperMargin(0.06);
        return axis;
    }
}
