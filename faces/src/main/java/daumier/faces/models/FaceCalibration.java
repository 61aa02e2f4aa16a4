package daumier.faces.models;

import daumier.faces.Picture;
import daumier.faces.measure.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Measures what the cosines of an identity network mean, on portraits of known people.
 *
 * @param scale the result
 * @param withoutFace portraits in which no face was found
 * @param oneShot pairs that are crops of one shot and say nothing: left out
 */
public record FaceCalibration(IdentityScale scale, List<Path> withoutFace, List<String> oneShot) {
    /**
     * Aligned faces whose pixels correlate more than this come from one shot; two photographs of
     * one person in official portraits stay below 0.65, crops of one shot lie near 0.8.
     */
    private static final double ONE_SHOT = 0.7;

    private record Face(int person, Path file, Picture aligned, float[] vector) {}

    /**
     * Computes the scale.
     *
     * @param portraits known people
     * @param network whose cosines are measured
     * @param finder finds the largest face of a picture
     * @return the scale and what was left out
     * @throws IOException if a portrait cannot be read
     */
    public static FaceCalibration of(
            PortraitFolder portraits,
            ArcFaceNetwork network,
            Function<Picture, Optional<FaceReading>> finder)
            throws IOException {
        List<Face> faces = new ArrayList<>();
        List<Path> without = new ArrayList<>();
        int person = 0;
        for (Map.Entry<String, List<Path>> e : portraits.people().entrySet()) {
            for (Path file : e.getValue()) {
                Picture picture = Pictures.read(file);
                Optional<FaceReading> found = finder.apply(picture);
                if (found.isEmpty()) {
                    without.add(file);
                    continue;
                }
                Picture aligned = ArcFaceNetwork.aligned(picture, found.get().points());
                faces.add(new Face(person, file, aligned, network.embed(aligned)));
            }
            person++;
        }
        List<IdentityScale.Pair> pairs = new ArrayList<>();
        List<String> oneShot = new ArrayList<>();
        for (int i = 0; i < faces.size(); i++) {
            for (int j = 0; j < i; j++) {
                Face a = faces.get(j);
                Face b = faces.get(i);
                if (a.person == b.person && correlation(a.aligned, b.aligned) > ONE_SHOT) {
                    oneShot.add(a.file.getFileName() + " and " + b.file.getFileName());
                } else {
                    double cosine = ArcFaceNetwork.cosine(a.vector, b.vector);
                    pairs.add(new IdentityScale.Pair(a.person, b.person, cosine));
                }
            }
        }
        IdentityScale scale = IdentityScale.of(network.name(), network.fingerprint(), pairs);
        return new FaceCalibration(scale, List.copyOf(without), List.copyOf(oneShot));
    }

    /** Of all channels, -1 to 1. */
    static double correlation(Picture a, Picture b) {
        double ma = 0;
        double mb = 0;
        int n = a.rgb().length;
        for (int i = 0; i < n; i++) {
            ma += (a.rgb()[i] & 0xff) / (double) n;
            mb += (b.rgb()[i] & 0xff) / (double) n;
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < n; i++) {
            double x = (a.rgb()[i] & 0xff) - ma;
            double y = (b.rgb()[i] & 0xff) - mb;
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        return ab / Math.max(1e-9, Math.sqrt(aa * bb));
    }
}
