package daumier.cli.chart;

import daumier.cli.picture.PictureFile;
import daumier.faces.Picture;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * Pictures in a row, as large as the panel allows, with words under each.
 *
 * @param title above the panel, may be empty
 * @param pictures from left to right; all drawn as squares of one size
 * @param places squares that the row has room for, at least as many as pictures: rows of as many
 *     places line up below one another
 */
public record PicturesPanel(String title, List<Shown> pictures, int places) implements Panel {
    private static final double GAP = 8;
    private static final double TITLE = 22;
    private static final double LINE = 14;

    /**
     * One picture.
     *
     * @param picture of any size
     * @param words under it, one line each, cut where they do not fit
     */
    public record Shown(Picture picture, List<String> words) {
        /** Copies the words. */
        public Shown {
            words = List.copyOf(words);
        }
    }

    /** Checks the number of places and copies. */
    public PicturesPanel {
        pictures = List.copyOf(pictures);
        if (places < pictures.size() || places < 1) {
            throw new IllegalArgumentException(
                    "%d pictures do not fit into %d places.".formatted(pictures.size(), places));
        }
    }

    @Override
    public void draw(Graphics2D graphics, Rectangle2D area, Theme theme) {
        double top = area.getY() + (title.isEmpty() ? GAP / 2 : TITLE);
        if (!title.isEmpty()) {
            graphics.setFont(theme.font(Font.BOLD, 12));
            graphics.setPaint(Theme.INK);
            graphics.drawString(title, (float) area.getX() + 8, (float) top - 7);
        }
        int lines = pictures.stream().mapToInt(shown -> shown.words.size()).max().orElse(0);
        double wide = (area.getWidth() - 16 - (places - 1) * GAP) / places;
        double high = area.getMaxY() - top - lines * LINE - GAP;
        double side = Math.max(1, Math.min(wide, high));
        for (int i = 0; i < pictures.size(); i++) {
            double x = area.getX() + 8 + i * (wide + GAP) + (wide - side) / 2;
            draw(graphics, pictures.get(i), x, top, side, theme);
        }
    }

    private static void draw(
            Graphics2D graphics, Shown shown, double x, double y, double side, Theme theme) {
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.scale(side / shown.picture.width(), side / shown.picture.height());
        graphics.drawImage(PictureFile.toImage(shown.picture), place, null);
        graphics.setPaint(Theme.GRID);
        graphics.setStroke(new BasicStroke(1f));
        graphics.draw(new Rectangle2D.Double(x, y, side, side));
        for (int i = 0; i < shown.words.size(); i++) {
            graphics.setFont(theme.font(i == 0 ? Font.BOLD : Font.PLAIN, 11));
            graphics.setPaint(i == 0 ? Theme.INK : Theme.SOFT_INK);
            FontMetrics metrics = graphics.getFontMetrics();
            String words = shown.words.get(i);
            while (metrics.stringWidth(words) > side && words.length() > 2) {
                words = words.substring(0, words.length() - 2) + "…";
            }
            graphics.drawString(
                    words,
                    (float) (x + (side - metrics.stringWidth(words)) / 2),
                    (float) (y + side + (i + 1) * LINE));
        }
    }
}
