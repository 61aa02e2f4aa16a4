package daumier.cli.picture;

import daumier.faces.Picture;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Pictures side by side with a caption under each, row by row. */
public final class Sheet {
    private static final int GAP = 10;
    private static final int CAPTION = 22;

    /** One picture and the words under it. */
    private record Cell(Picture picture, String caption) {}

    private final int columns;
    private final int side;
    private final List<Cell> cells = new ArrayList<>();
    private final List<String> headings;

    /**
     * An empty sheet.
     *
     * @param columns pictures in a row
     * @param side pixels of the longer side of each picture; smaller pictures are enlarged
     * @param headings above the columns, or empty for none
     */
    public Sheet(int columns, int side, List<String> headings) {
        if (!headings.isEmpty() && headings.size() != columns) {
            throw new IllegalArgumentException(
                    "%d headings for %d columns.".formatted(headings.size(), columns));
        }
        this.columns = columns;
        this.side = side;
        this.headings = List.copyOf(headings);
    }

    /**
     * Adds a picture after the last one.
     *
     * @param picture what to show
     * @param caption words under it, cut where they do not fit; may be empty
     * @return this
     */
    public Sheet add(Picture picture, String caption) {
        cells.add(new Cell(picture, caption));
        return this;
    }

    /**
     * Draws the sheet.
     *
     * @return a picture of all pictures
     */
    public Picture draw() {
        boolean captions = cells.stream().anyMatch(cell -> !cell.caption.isEmpty());
        int high = side + GAP + (captions ? CAPTION : 0);
        int top = GAP + (headings.isEmpty() ? 0 : CAPTION);
        int rows = Math.max(1, (cells.size() + columns - 1) / columns);
        BufferedImage image =
                new BufferedImage(
                        GAP + columns * (side + GAP),
                        top + rows * high,
                        BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setPaint(new Color(0x26, 0x26, 0x26));
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
        for (int c = 0; c < headings.size(); c++) {
            text(graphics, headings.get(c), GAP + c * (side + GAP), GAP + CAPTION - 7);
        }
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (int i = 0; i < cells.size(); i++) {
            int x = GAP + i % columns * (side + GAP);
            int y = top + i / columns * high;
            Picture picture = cells.get(i).picture;
            double scale = (double) side / Math.max(picture.width(), picture.height());
            int width = (int) Math.round(picture.width() * scale);
            int height = (int) Math.round(picture.height() * scale);
            graphics.drawImage(
                    PictureFile.toImage(picture),
                    x + (side - width) / 2,
                    y + (side - height) / 2,
                    width,
                    height,
                    null);
            text(graphics, cells.get(i).caption, x, y + side + CAPTION - 7);
        }
        graphics.dispose();
        return PictureFile.of(image);
    }

    /** Writes words centred over a cell, cut to its width. */
    private void text(Graphics2D graphics, String words, int x, int baseline) {
        FontMetrics metrics = graphics.getFontMetrics();
        String shown = words;
        while (metrics.stringWidth(shown) > side && shown.length() > 2) {
            shown = shown.substring(0, shown.length() - 2) + "…";
        }
        graphics.drawString(shown, x + (side - metrics.stringWidth(shown)) / 2, baseline);
    }
}
