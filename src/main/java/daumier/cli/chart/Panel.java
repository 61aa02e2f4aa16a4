package daumier.cli.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** One coordinate system of a {@link Figure}. */
public sealed interface Panel
        permits LinePanel, ScatterPanel, IntervalPanel, HeatMapPanel, PicturesPanel {
    /**
     * Draws the panel.
     *
     * @param graphics where to
     * @param area the part of it to fill, in points
     * @param theme fonts and colours
     */
    void draw(Graphics2D graphics, Rectangle2D area, Theme theme);
}
