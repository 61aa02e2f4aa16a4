package daumier.cli.chart;

import daumier.cli.run.AtomicFiles;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.jfree.svg.SVGGraphics2D;

/**
 * Panels on one sheet under a common title and legend. Lengths are points: pixels of the SVG, and
 * half-pixels of the PNG, which is written at twice the size to stay sharp in print.
 */
public final class Figure {
    private static final int PNG_SCALE = 2;
    private static final double MARGIN = 10;
    private static final double TITLE_HEIGHT = 28;
    private static final double SUBTITLE_HEIGHT = 17;
    private static final double LEGEND_HEIGHT = 20;

    /** One entry of the common legend. */
    private record Entry(String name, int colour, boolean dashed) {}

    /** A panel and the cells of the grid it covers. */
    private record Placed(Panel panel, int column, int row, int columns, int rows) {}

    private final int columns;
    private final double cellWidth;
    private final double cellHeight;
    private final List<Placed> panels = new ArrayList<>();
    private final List<Entry> legend = new ArrayList<>();
    private String title = "";
    private String subtitle = "";

    /**
     * An empty sheet.
     *
     * @param columns cells side by side
     * @param cellWidth points
     * @param cellHeight points
     */
    public Figure(int columns, double cellWidth, double cellHeight) {
        this.columns = columns;
        this.cellWidth = cellWidth;
        this.cellHeight = cellHeight;
    }

    /**
     * Gives the sheet a title.
     *
     * @param title a few words
     * @param subtitle smaller words below it, may be empty
     * @return this
     */
    public Figure title(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
        return this;
    }

    /**
     * Adds an entry to the common legend.
     *
     * @param name what the lines of that colour are
     * @param colour number of the colour
     * @param dashed whether they are dashed
     * @return this
     */
    public Figure legend(String name, int colour, boolean dashed) {
        legend.add(new Entry(name, colour, dashed));
        return this;
    }

    /**
     * Puts a panel into the first free cell, row by row.
     *
     * @param panel what to draw
     * @return this
     */
    public Figure add(Panel panel) {
        return add(panel, 1, 1);
    }

    /**
     * Puts a panel over the first free block of cells, row by row.
     *
     * @param panel what to draw
     * @param wide cells side by side
     * @param high cells one below the other
     * @return this
     */
    public Figure add(Panel panel, int wide, int high) {
        if (wide > columns) {
            throw new IllegalArgumentException(
                    "A panel of %d cells is wider than %d columns.".formatted(wide, columns));
        }
        for (int row = 0; ; row++) {
            for (int column = 0; column + wide <= columns; column++) {
                if (free(column, row, wide, high)) {
                    panels.add(new Placed(panel, column, row, wide, high));
                    return this;
                }
            }
        }
    }

    private boolean free(int column, int row, int wide, int high) {
        return panels.stream()
                .noneMatch(
                        p ->
                                p.column < column + wide
                                        && column < p.column + p.columns
                                        && p.row < row + high
                                        && row < p.row + p.rows);
    }

    /**
     * Writes the sheet as a PNG picture.
     *
     * @param file where to
     * @throws IOException when it cannot be written
     */
    public void writePng(Path file) throws IOException {
        BufferedImage image = image();
        AtomicFiles.write(file, out -> ImageIO.write(image, "png", out));
    }

    /**
     * Draws the sheet.
     *
     * @return a picture of twice as many pixels as the sheet has points
     */
    public BufferedImage image() {
        Theme theme = new Theme();
        BufferedImage image =
                new BufferedImage(
                        (int) Math.ceil(width() * PNG_SCALE),
                        (int) Math.ceil(height(theme) * PNG_SCALE),
                        BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PNG_SCALE, PNG_SCALE);
        draw(graphics, theme);
        graphics.dispose();
        return image;
    }

    /**
     * Writes the sheet as an SVG drawing.
     *
     * @param file where to
     * @throws IOException when it cannot be written
     */
    public void writeSvg(Path file) throws IOException {
        Theme theme = new Theme();
        SVGGraphics2D graphics = new SVGGraphics2D(width(), height(theme));
        // Hundredths of a point are enough, and a third of the file.
        graphics.setGeomDoubleConverter(v -> Double.toString(Math.rint(v * 100) / 100));
        draw(graphics, theme);
        AtomicFiles.write(
                file,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + graphics.getSVGElement() + "\n");
    }

    private double width() {
        return columns * cellWidth + 2 * MARGIN;
    }

    private double height(Theme theme) {
        int rows = panels.stream().mapToInt(p -> p.row + p.rows).max().orElse(0);
        return top(theme) + rows * cellHeight + MARGIN;
    }

    private double top(Theme theme) {
        return MARGIN
                + (title.isEmpty() ? 0 : TITLE_HEIGHT)
                + (subtitle.isEmpty() ? 0 : SUBTITLE_HEIGHT)
                + legendRows(theme).size() * LEGEND_HEIGHT;
    }

    private void draw(Graphics2D graphics, Theme theme) {
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setPaint(Theme.PAPER);
        graphics.fill(new Rectangle2D.Double(0, 0, width(), height(theme)));
        double y = MARGIN;
        if (!title.isEmpty()) {
            y = text(graphics, theme, title, Font.BOLD, 16, y, TITLE_HEIGHT);
        }
        if (!subtitle.isEmpty()) {
            y = text(graphics, theme, subtitle, Font.PLAIN, 11.5f, y - 4, SUBTITLE_HEIGHT + 4);
        }
        drawLegend(graphics, theme, y);
        double top = top(theme);
        for (Placed p : panels) {
            p.panel.draw(
                    graphics,
                    new Rectangle2D.Double(
                            MARGIN + p.column * cellWidth,
                            top + p.row * cellHeight,
                            p.columns * cellWidth,
                            p.rows * cellHeight),
                    theme);
        }
    }

    private static double text(
            Graphics2D graphics,
            Theme theme,
            String text,
            int style,
            float size,
            double y,
            double height) {
        graphics.setFont(theme.font(style, size));
        graphics.setPaint(style == Font.BOLD ? Theme.INK : Theme.SOFT_INK);
        graphics.drawString(text, (float) MARGIN + 8, (float) (y + height - 10));
        return y + height;
    }

    private void drawLegend(Graphics2D graphics, Theme theme, double top) {
        double y = top;
        graphics.setFont(theme.font(Font.PLAIN, 11.5f));
        for (List<Entry> row : legendRows(theme)) {
            double x = MARGIN + 8;
            for (Entry entry : row) {
                graphics.setPaint(Theme.colour(entry.colour));
                graphics.setStroke(
                        entry.dashed
                                ? new BasicStroke(2f, 0, 0, 1f, new float[] {5f, 3.5f}, 0f)
                                : new BasicStroke(2.4f));
                graphics.draw(new Line2D.Double(x, y + 9, x + 20, y + 9));
                graphics.setPaint(Theme.INK);
                graphics.drawString(entry.name, (float) x + 25, (float) y + 13);
                x += entryWidth(entry, theme);
            }
            y += LEGEND_HEIGHT;
        }
    }

    private List<List<Entry>> legendRows(Theme theme) {
        List<List<Entry>> rows = new ArrayList<>();
        double used = width();
        for (Entry entry : legend) {
            double needed = entryWidth(entry, theme);
            if (used + needed > width() - 2 * MARGIN) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.get(rows.size() - 1).add(entry);
            used += needed;
        }
        return rows;
    }

    private static double entryWidth(Entry entry, Theme theme) {
        BufferedImage probe = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = probe.createGraphics();
        FontMetrics metrics = graphics.getFontMetrics(theme.font(Font.PLAIN, 11.5f));
        graphics.dispose();
        return 25 + metrics.stringWidth(entry.name) + 22;
    }
}
