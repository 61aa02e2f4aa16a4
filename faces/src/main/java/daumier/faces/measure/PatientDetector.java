package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.opencv.core.Mat;
import org.opencv.core.MatOfFloat;
import org.opencv.core.MatOfInt;
import org.opencv.imgproc.Imgproc;

/**
 * Looks again where another detector finds nothing, or is unsure: in a brightened picture, in a
 * smaller or a larger one, with room round it, and in the picture turned by steps of 30 degrees. A
 * picture whose face is found at once costs nothing more. Faces upside down are sometimes taken for
 * upright ones.
 */
public final class PatientDetector implements FaceDetector {
    private static final int STEP = 30;
    private static final double DARK = 70;
    private static final int SMALL = 96;
    private static final int LARGE = 400;
    private static final double FIRM = 0.9;

    /** Tangent of the lean beyond which a head is looked at again in a turned picture. */
    private static final double LEANING = 0.9;

    private final FaceDetector detector;
    private final Landmarks reference;

    /**
     * A patient look through another detector's eyes.
     *
     * @param detector the one that looks
     * @param reference landmarks of the mean face in the portrait frame: how a face stands in the
     *     box of a detector that gives nothing but a box
     */
    public PatientDetector(FaceDetector detector, Landmarks reference) {
        this.detector = detector;
        this.reference = reference;
    }

    @Override
    public List<Detection> detect(Picture picture) {
        List<Detection> found = detector.detect(picture);
        if (firm(found)) {
            return found;
        }
        boolean dark = brightness(picture) < DARK;
        Picture seen = dark ? brightened(picture) : picture;
        if (dark) {
            found = better(found, detector.detect(seen));
        }
        int longer = Math.max(picture.width(), picture.height());
        if (!firm(found) && longer > LARGE) {
            found = better(found, resized(seen, LARGE / (double) longer));
        }
        if (!firm(found) && longer < SMALL) {
            found = better(found, resized(seen, 4));
        }
        if (!firm(found)) {
            found = better(found, padded(seen));
        }
        if (firm(found)) {
            return found;
        }
        // All turns are looked at: heads are seen in wrong turns too, but less surely.
        List<Detection> best = List.of();
        Turned how = null;
        for (int degrees = STEP; degrees < 360; degrees += STEP) {
            Turned turned = Turned.of(seen, degrees);
            List<Detection> there = detector.detect(turned.picture);
            if (score(there) > score(best)) {
                best = there;
                how = turned;
            }
        }
        boolean surer = firm(best) || score(best) > score(found);
        return how != null && surer ? back(best, how) : found;
    }

    /**
     * Whether to stop looking. A detector that marks points and is unsure, or sees a head on its
     * side, may well be wrong; of one that gives a box alone there is nothing to doubt.
     */
    private static boolean firm(List<Detection> found) {
        return !found.isEmpty()
                && (found.get(0).seen().isEmpty()
                        || (found.get(0).score() >= FIRM && upright(found.get(0))));
    }

    private static boolean upright(Detection d) {
        FivePoints p = d.seen().orElseThrow().points();
        double along = p.x(1) - p.x(0);
        return along > 0 && Math.abs(p.y(1) - p.y(0)) < LEANING * along;
    }

    private static double score(List<Detection> found) {
        return found.isEmpty() ? 0 : found.get(0).score();
    }

    private static List<Detection> better(List<Detection> a, List<Detection> b) {
        return firm(b) || score(b) > score(a) ? b : a;
    }

    private static double brightness(Picture p) {
        long sum = 0;
        for (byte b : p.rgb()) {
            sum += b & 0xff;
        }
        return (double) sum / p.rgb().length;
    }

    /** The upper end of the values is brought to white, then the middle is lifted. */
    private static Picture brightened(Picture p) {
        Mat bgr = OpenCv.toBgr(p);
        Mat histogram = new Mat();
        Imgproc.calcHist(
                List.of(bgr),
                new MatOfInt(1),
                new Mat(),
                histogram,
                new MatOfInt(256),
                new MatOfFloat(0, 256));
        float[] count = new float[256];
        histogram.get(0, 0, count);
        histogram.release();
        bgr.release();
        double above = 0;
        int white = 255;
        while (white > 8 && above + count[white] < 0.01 * p.width() * p.height()) {
            above += count[white];
            white--;
        }
        byte[] lifted = new byte[256];
        for (int v = 0; v < 256; v++) {
            lifted[v] = (byte) Math.round(255 * Math.pow(Math.min(1.0, (double) v / white), 0.6));
        }
        byte[] out = new byte[p.rgb().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = lifted[p.rgb()[i] & 0xff];
        }
        return new Picture(p.width(), p.height(), out);
    }

    private List<Detection> resized(Picture p, double factor) {
        int width = (int) Math.max(1, Math.round(p.width() * factor));
        int height = (int) Math.max(1, Math.round(p.height() * factor));
        return detector.detect(Pictures.resize(p, width, height)).stream()
                .map(d -> d.scaled(1 / factor))
                .toList();
    }

    private List<Detection> padded(Picture p) {
        int pad = Math.max(p.width(), p.height()) / 3;
        Picture wide = Pictures.crop(p, -pad, -pad, p.width() + 2 * pad, p.height() + 2 * pad);
        Similarity back = new Similarity(1, 0, -pad, -pad);
        return detector.detect(wide).stream().map(d -> moved(d, back)).toList();
    }

    /**
     * A turned picture.
     *
     * @param picture with every corner in it, and no finer than a search needs
     * @param there from the pixels of the original to those of this one
     */
    private record Turned(Picture picture, Similarity there) {
        static Turned of(Picture p, int degrees) {
            double f = Math.min(1, 640.0 / Math.max(p.width(), p.height()));
            int side = (int) Math.ceil(f * Math.hypot(p.width(), p.height()));
            double r = Math.toRadians(degrees);
            Similarity turn = new Similarity(f * Math.cos(r), f * Math.sin(r), 0, 0);
            double cx = (p.width() - 1) / 2.0;
            double cy = (p.height() - 1) / 2.0;
            double middle = (side - 1) / 2.0;
            Similarity there =
                    new Similarity(
                            turn.a(), turn.b(), middle - turn.x(cx, cy), middle - turn.y(cx, cy));
            return new Turned(Resampler.transform(p, there.inverse(), side, side), there);
        }
    }

    private List<Detection> back(List<Detection> found, Turned turned) {
        List<Detection> back = new ArrayList<>();
        for (Detection d : found) {
            Detection whole = d.seen().isPresent() ? d : guessed(d);
            back.add(moved(whole, turned.there.inverse()));
        }
        back.sort(Comparator.comparingDouble(Detection::area).reversed());
        return back;
    }

    /** A box alone would lose which way is up. */
    private Detection guessed(Detection d) {
        FivePoints points = FivePoints.of(Alignment.of(d, reference).toPicture(reference));
        return new Detection(
                d.x(),
                d.y(),
                d.width(),
                d.height(),
                d.score(),
                Optional.of(new Detection.Seen(d.x(), d.y(), d.width(), d.height(), points)));
    }

    private static Detection moved(Detection d, Similarity by) {
        double[] box = around(d.x(), d.y(), d.width(), d.height(), by);
        return new Detection(
                box[0],
                box[1],
                box[2],
                box[3],
                d.score(),
                d.seen()
                        .map(
                                s -> {
                                    double[] own = around(s.x(), s.y(), s.width(), s.height(), by);
                                    return new Detection.Seen(
                                            own[0], own[1], own[2], own[3], s.points().moved(by));
                                }));
    }

    /** The upright box of the same middle and the same size, whatever the turn. */
    private static double[] around(double x, double y, double w, double h, Similarity by) {
        double cx = by.x(x + w / 2, y + h / 2);
        double cy = by.y(x + w / 2, y + h / 2);
        double k = by.scale();
        return new double[] {cx - k * w / 2, cy - k * h / 2, k * w, k * h};
    }
}
