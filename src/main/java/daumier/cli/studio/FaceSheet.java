package daumier.cli.studio;

import daumier.cli.chart.Figure;
import daumier.cli.chart.IntervalPanel;
import daumier.cli.picture.PictureFile;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.FaceAnalysis;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.Pictures;
import daumier.faces.models.FaceReading;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.OptionalDouble;

/** A photo with what was measured drawn on it, and the regions' deviations beside it. */
final class FaceSheet {
    private static final Color BOX = new Color(0xd5, 0x5e, 0x00);
    private static final Color POINT = new Color(0x00, 0x72, 0xb2);
    private static final Color MESH = new Color(255, 255, 255, 170);

    /** Larger photos are scaled down to this: a sheet is to be looked at. */
    private static final int LARGEST = 1600;

    /** Smaller ones are scaled up, so that points can be told apart. */
    private static final int SMALLEST = 600;

    private static final double CHART_WIDTH = 300;
    private static final double CHART_HEIGHT = 250;

    /** First and last point of each outline of the 68, and whether it closes. */
    private static final int[][] OUTLINES = {
        {0, 16, 0},
        {17, 21, 0},
        {22, 26, 0},
        {27, 30, 0},
        {31, 35, 0},
        {36, 41, 1},
        {42, 47, 1},
        {48, 59, 1},
        {60, 67, 1}
    };

    private FaceSheet() {}

    /** Draws the sheet. */
    static Picture of(FaceReading found) {
        BufferedImage photo = annotated(found);
        if (found.analysis().isEmpty()) {
            return PictureFile.of(photo);
        }
        BufferedImage chart = chart(found.analysis().get().geometry());
        BufferedImage sheet =
                new BufferedImage(
                        photo.getWidth() + chart.getWidth(),
                        Math.max(photo.getHeight(), chart.getHeight()),
                        BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setPaint(Color.WHITE);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        graphics.drawImage(photo, 0, 0, null);
        graphics.drawImage(chart, photo.getWidth(), 0, null);
        graphics.dispose();
        return PictureFile.of(sheet);
    }

    private static BufferedImage chart(FaceGeometry geometry) {
        List<IntervalPanel.Row> rows =
                MeterTarget.REGIONS.stream().map(region -> row(geometry, region)).toList();
        return new Figure(1, CHART_WIDTH, CHART_HEIGHT)
                .title("How far from the average", "with the standard error of each")
                .add(new IntervalPanel("", "standard deviations", rows, OptionalDouble.of(1)))
                .image();
    }

    private static IntervalPanel.Row row(FaceGeometry geometry, FaceRegion region) {
        double deviation = geometry.deviation().get(region);
        double sigma = geometry.sigma().get(region);
        return new IntervalPanel.Row(
                Intent.name(region),
                MeterTarget.REGIONS.indexOf(region),
                deviation,
                Math.max(0, deviation - sigma),
                deviation + sigma);
    }

    private static BufferedImage annotated(FaceReading found) {
        Picture picture = found.picture();
        int longer = Math.max(picture.width(), picture.height());
        double scale = (double) Math.max(SMALLEST, Math.min(LARGEST, longer)) / longer;
        BufferedImage drawn =
                PictureFile.toImage(
                        Pictures.resize(
                                picture,
                                (int) Math.max(1, Math.round(scale * picture.width())),
                                (int) Math.max(1, Math.round(scale * picture.height()))));
        Graphics2D graphics = drawn.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.scale(scale, scale);
        double eyes =
                Math.hypot(
                        found.points().x(1) - found.points().x(0),
                        found.points().y(1) - found.points().y(0));
        double unit = Math.max(0.5 / scale, eyes / 45);
        graphics.setStroke(new BasicStroke((float) unit));
        graphics.setPaint(BOX);
        found.box().ifPresent(b -> graphics.draw(new Rectangle2D.Double(b[0], b[1], b[2], b[3])));
        if (found.analysis().isPresent()) {
            FaceAnalysis analysis = found.analysis().get();
            mesh(graphics, analysis, unit);
            Landmarks points = analysis.landmarksInPicture();
            for (int i = 0; i < Landmarks.COUNT; i++) {
                dot(graphics, points.x(i), points.y(i), 1.2 * unit, POINT);
            }
        } else {
            for (int i = 0; i < 5; i++) {
                dot(graphics, found.points().x(i), found.points().y(i), 2 * unit, POINT);
            }
        }
        graphics.dispose();
        return drawn;
    }

    /** The outlines of the fitted model. */
    private static void mesh(Graphics2D graphics, FaceAnalysis analysis, double unit) {
        Landmarks model = analysis.alignment().toPicture(analysis.modelLandmarks());
        graphics.setStroke(new BasicStroke((float) (0.7 * unit)));
        graphics.setPaint(MESH);
        for (int[] outline : OUTLINES) {
            Path2D path = new Path2D.Double();
            path.moveTo(model.x(outline[0]) + 0.5, model.y(outline[0]) + 0.5);
            for (int i = outline[0] + 1; i <= outline[1]; i++) {
                path.lineTo(model.x(i) + 0.5, model.y(i) + 0.5);
            }
            if (outline[2] == 1) {
                path.closePath();
            }
            graphics.draw(path);
        }
    }

    private static void dot(Graphics2D graphics, double x, double y, double r, Color colour) {
        graphics.setPaint(Color.WHITE);
        double rim = 1.4 * r;
        graphics.fill(new Ellipse2D.Double(x + 0.5 - rim, y + 0.5 - rim, 2 * rim, 2 * rim));
        graphics.setPaint(colour);
        graphics.fill(new Ellipse2D.Double(x + 0.5 - r, y + 0.5 - r, 2 * r, 2 * r));
    }
}
