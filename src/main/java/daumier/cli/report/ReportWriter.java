package daumier.cli.report;

import daumier.cli.Version;
import daumier.cli.chart.Figure;
import daumier.cli.picture.PictureFile;
import daumier.cli.run.AtomicFiles;
import daumier.faces.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Writes a report: one HTML file without scripts or links to other files, pictures embedded, light
 * and dark, printable. Text given to it is shown as it is: markup in it is escaped.
 */
public final class ReportWriter {
    private final StringBuilder body = new StringBuilder();
    private final String title;

    /**
     * An empty report.
     *
     * @param title the heading of the page
     */
    public ReportWriter(String title) {
        this.title = title;
    }

    /**
     * A heading.
     *
     * @param text a few words
     * @return this
     */
    public ReportWriter heading(String text) {
        return element("h2", text);
    }

    /**
     * A paragraph.
     *
     * @param text sentences
     * @return this
     */
    public ReportWriter paragraph(String text) {
        return element("p", text);
    }

    /**
     * Text as a terminal shows it: commands, schedules, configuration.
     *
     * @param text lines
     * @return this
     */
    public ReportWriter verbatim(String text) {
        return element("pre", text);
    }

    private ReportWriter element(String tag, String text) {
        body.append('<').append(tag).append('>').append(escaped(text));
        body.append("</").append(tag).append(">\n");
        return this;
    }

    /**
     * The figures that matter most, large.
     *
     * @param figures by name, in the order shown
     * @return this
     */
    public ReportWriter figures(Map<String, String> figures) {
        body.append("<div class=\"figures\">\n");
        figures.forEach(
                (name, value) ->
                        body.append("<div><b>")
                                .append(escaped(value))
                                .append("</b><span>")
                                .append(escaped(name))
                                .append("</span></div>\n"));
        body.append("</div>\n");
        return this;
    }

    /**
     * A table. Cells that look like numbers are aligned to the right.
     *
     * @param columns the headings
     * @param rows cells, as many in each row as there are headings
     * @return this
     */
    public ReportWriter table(List<String> columns, List<List<String>> rows) {
        body.append("<div class=\"wide\"><table>\n<thead><tr>");
        columns.forEach(column -> body.append("<th>").append(escaped(column)).append("</th>"));
        body.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "%d cells under %d headings.".formatted(row.size(), columns.size()));
            }
            body.append("<tr>");
            for (String cell : row) {
                boolean number = cell.matches("[-+±]?[\\d.,]+([ %]|e-?\\d|±|\\[|$).*");
                body.append(number ? "<td class=\"number\">" : "<td>");
                body.append(escaped(cell)).append("</td>");
            }
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    /**
     * A chart.
     *
     * @param figure what to draw
     * @param caption words under it, may be empty
     * @return this
     */
    public ReportWriter chart(Figure figure, String caption) {
        BufferedImage image = figure.image();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return image(bytes.toByteArray(), image.getWidth() / 2, caption, "chart");
    }

    /**
     * A picture.
     *
     * @param picture what to show
     * @param caption words under it, may be empty
     * @return this
     */
    public ReportWriter picture(Picture picture, String caption) {
        return image(PictureFile.png(picture), picture.width(), caption, "");
    }

    private ReportWriter image(byte[] png, int width, String caption, String style) {
        body.append("<figure><img class=\"").append(style).append("\" width=\"").append(width);
        body.append("\" alt=\"").append(escaped(caption));
        body.append("\" src=\"data:image/png;base64,");
        body.append(Base64.getEncoder().encodeToString(png)).append("\">");
        if (!caption.isEmpty()) {
            body.append("<figcaption>").append(escaped(caption)).append("</figcaption>");
        }
        body.append("</figure>\n");
        return this;
    }

    /**
     * Writes the report.
     *
     * @param file where to
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFiles.write(file, html());
    }

    /** The whole page. */
    String html() {
        String made =
                "Written by Daumier %s on %s"
                        .formatted(
                                Version.number(),
                                ZonedDateTime.now(ZoneId.systemDefault())
                                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z")));
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s</h1>
                %s<footer>%s</footer>
                </body>
                </html>
                """
                .formatted(escaped(title), style(), escaped(title), body, escaped(made));
    }

    private static String style() {
        try (InputStream in = ReportWriter.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
