package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * Pixel statistics of a photographed face, in places relative to its landmarks. Places are given in
 * the head's frame: the unit is half the width of the mean face, the origin lies between the eyes,
 * y points down.
 */
final class PortraitPixels {
    private static final int SIZE = 256;
    private static final double STEP = 0.02;

    private final Picture picture;
    private final Landmarks points;
    private final double unit;
    private final double originX;
    private final double originY;
    final Lab skin;
    final Lab background;

    PortraitPixels(FaceAnalysis face, Camera camera) {
        double f = (double) SIZE / Alignment.SIZE;
        picture = face.alignment().crop(face.picture(), SIZE);
        points = face.geometry().landmarks();
        Pose pose = face.geometry().pose();
        unit = f * camera.pixelsPerUnit() * pose.scale();
        originX = f * (camera.centreX() + pose.x() + 0.5) - 0.5;
        originY = f * (camera.centreY() + pose.y() + 0.5) - 0.5;
        List<Lab> cheeks = new ArrayList<>(around(cheekX(-1), cheekY(-1), 0.13, 0.12));
        cheeks.addAll(around(cheekX(1), cheekY(1), 0.13, 0.12));
        cheeks.addAll(around(x(27), browY() - 0.22, 0.25, 0.08));
        skin = Lab.median(cheeks);
        List<Lab> corners = new ArrayList<>(box(-1.8, -1.65, -1.45, -0.9));
        corners.addAll(box(1.45, -1.65, 1.8, -0.9));
        background = Lab.median(corners);
    }

    /** Landmark i in the head's frame. */
    double x(int i) {
        return (2 * points.x(i) + 0.5 - originX) / unit;
    }

    double y(int i) {
        return (2 * points.y(i) + 0.5 - originY) / unit;
    }

    double browY() {
        return (y(19) + y(24)) / 2;
    }

    /** Middle of the cheek on one side (-1 is the picture's left). */
    double cheekX(int side) {
        return side < 0 ? 0.62 * x(41) + 0.38 * x(48) - 0.02 : 0.62 * x(46) + 0.38 * x(54) + 0.02;
    }

    double cheekY(int side) {
        return side < 0 ? 0.5 * (y(41) + y(48)) : 0.5 * (y(46) + y(54));
    }

    Lab at(double hx, double hy) {
        return Lab.at(picture, originX + unit * hx, originY + unit * hy);
    }

    List<Lab> around(double hx, double hy, double rx, double ry) {
        return box(hx - rx, hy - ry, hx + rx, hy + ry);
    }

    /** Colours of a rectangle; what lies outside the portrait frame is left out. */
    List<Lab> box(double left, double top, double right, double bottom) {
        List<Lab> all = new ArrayList<>();
        for (double y = top; y <= bottom; y += STEP) {
            for (double x = left; x <= right; x += STEP) {
                double px = originX + unit * x;
                double py = originY + unit * y;
                if (px >= 0 && py >= 0 && px <= SIZE - 1 && py <= SIZE - 1) {
                    all.add(at(x, y));
                }
            }
        }
        return all;
    }

    /**
     * Share of columns under the eyes that a strong horizontal edge crosses, as rims do: the less
     * of both eyes counts.
     */
    double rims() {
        return Math.min(rim(36), rim(42));
    }

    /** Lightness without highlights: where one ends is no rim, for that is darker than skin. */
    private double matt(double hx, double hy) {
        return Math.min(skin.l(), at(hx, hy).l());
    }

    private double rim(int eye) {
        double left = x(eye);
        double right = x(eye + 3);
        double top = Math.max(y(eye + 4), y(eye + 5)) + 0.1;
        int columns = 0;
        int crossed = 0;
        for (double x = left; x <= right; x += STEP) {
            columns++;
            double most = 0;
            for (double y = top; y < top + 0.3; y += STEP) {
                most = Math.max(most, matt(x, y) - at(x, y + 0.06).l());
            }
            crossed += most > 0.16 * skin.l() ? 1 : 0;
        }
        return (double) crossed / Math.max(1, columns);
    }

    /** Share of the opening between the lips that is light and pale, as teeth are. */
    double teeth() {
        List<Lab> open = new ArrayList<>();
        for (int i = 61; i <= 63; i++) {
            double top = y(i);
            double bottom = Math.max(y(67 - (i - 61)), top + 0.04);
            open.addAll(box(x(i) - 0.05, top, x(i) + 0.05, bottom));
        }
        long light =
                open.stream()
                        .filter(c -> c.l() > 0.8 * skin.l() && c.chroma() < 0.8 * skin.chroma())
                        .count();
        return open.isEmpty() ? 0 : (double) light / open.size();
    }

    /** How much darker than its surroundings the bridge between the eyes gets, in lightness. */
    double bridge() {
        double middle = (x(39) + x(42)) / 2;
        double top = Math.min(y(39), y(42)) - 0.15;
        double darkest = 100;
        double sum = 0;
        int n = 0;
        for (double y = top; y < top + 0.45; y += STEP) {
            double l = matt(middle, y);
            darkest = Math.min(darkest, l);
            sum += l;
            n++;
        }
        return sum / n - darkest;
    }
}
