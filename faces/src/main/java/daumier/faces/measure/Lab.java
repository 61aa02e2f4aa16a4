package daumier.faces.measure;

import daumier.faces.Picture;
import java.util.Arrays;
import java.util.List;

/**
 * A colour in CIE L*a*b* (D65): distances are about as large as they look.
 *
 * @param l lightness, 0 to 100
 * @param a green to red
 * @param b blue to yellow
 */
record Lab(double l, double a, double b) {
    /** From sRGB in [0, 1]. */
    static Lab of(double red, double green, double blue) {
        double r = linear(red);
        double g = linear(green);
        double b = linear(blue);
        double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
        double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        return new Lab(116 * y - 16, 500 * (x - y), 200 * (y - z));
    }

    /** The pixel nearest to (x, y), or the edge's. */
    static Lab at(Picture p, double x, double y) {
        int i = (int) Math.max(0, Math.min(p.width() - 1.0, Math.rint(x)));
        int j = (int) Math.max(0, Math.min(p.height() - 1.0, Math.rint(y)));
        int k = 3 * (j * p.width() + i);
        byte[] c = p.rgb();
        return of((c[k] & 0xff) / 255.0, (c[k + 1] & 0xff) / 255.0, (c[k + 2] & 0xff) / 255.0);
    }

    private static double linear(double v) {
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }

    /** How colourful: 0 is grey. */
    double chroma() {
        return Math.hypot(a, b);
    }

    /** Distance with a weight on lightness, which light changes more than it changes hue. */
    double distance(Lab o, double lightness) {
        double dl = lightness * (l - o.l);
        return Math.sqrt(dl * dl + (a - o.a) * (a - o.a) + (b - o.b) * (b - o.b));
    }

    /** Channel-wise median; grey where there are none. */
    static Lab median(List<Lab> all) {
        if (all.isEmpty()) {
            return new Lab(50, 0, 0);
        }
        double[] l = all.stream().mapToDouble(Lab::l).sorted().toArray();
        double[] a = all.stream().mapToDouble(Lab::a).sorted().toArray();
        double[] b = all.stream().mapToDouble(Lab::b).sorted().toArray();
        int m = l.length / 2;
        return new Lab(l[m], a[m], b[m]);
    }

    /** Lightness below which the given share of the colours lies. */
    static double lightness(List<Lab> all, double share) {
        double[] l = all.stream().mapToDouble(Lab::l).toArray();
        Arrays.sort(l);
        return l.length == 0 ? 50 : l[(int) Math.min(l.length - 1.0, share * l.length)];
    }
}
