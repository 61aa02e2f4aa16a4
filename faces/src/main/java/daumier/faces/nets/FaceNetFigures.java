package daumier.faces.nets;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import daumier.faces.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures trained networks on portraits that were held out, for their cards. */
final class FaceNetFigures {
    private static final int SIDE = Augmentation.SIDE;
    private static final int[][] PARTS = {{0, 17}, {17, 27}, {27, 36}, {36, 48}, {48, 68}, {0, 68}};
    private static final String[] PART_NAMES = {"jaw", "brows", "nose", "eyes", "mouth", "all"};
    private static final double[] LEVELS = {0, 0.25, 0.5, 0.75, 1};

    private FaceNetFigures() {}

    private static Picture picture(byte[] rgb) {
        return new Picture(SIDE, SIDE, rgb);
    }

    /** A mix of two renderings. */
    static Picture blend(byte[] photo, byte[] drawn, double share) {
        byte[] out = new byte[photo.length];
        for (int i = 0; i < out.length; i++) {
            double a = photo[i] & 0xff;
            out[i] = (byte) Math.round(a + share * ((drawn[i] & 0xff) - a));
        }
        return picture(out);
    }

    /** Mean distance in pixels by part of the face, and over the distance between the eyes. */
    static void landmarks(LandmarkNet net, PortraitStore store, int from, JsonObject card) {
        List<Picture> photos = new ArrayList<>();
        List<Picture> drawings = new ArrayList<>();
        List<float[]> truth = new ArrayList<>();
        for (int i = from; i < store.size() && i < from + 100; i++) {
            Portrait p = store.get(i);
            photos.add(picture(p.photo()));
            if (p.drawn() != null) {
                drawings.add(picture(p.drawn()));
            }
            truth.add(p.landmarks());
        }
        card.add("errorPhoto", errors(net, photos, truth));
        if (!drawings.isEmpty()) {
            card.add("errorDrawn", errors(net, drawings, truth));
        }
    }

    private static JsonObject errors(LandmarkNet net, List<Picture> pictures, List<float[]> truth) {
        List<daumier.faces.Landmarks> found = net.locate(pictures);
        double[] sum = new double[PARTS.length];
        double relative = 0;
        for (int i = 0; i < found.size(); i++) {
            float[] f = found.get(i).xy();
            float[] t = truth.get(i);
            double all = 0;
            for (int k = 0; k < 68; k++) {
                double d = Math.hypot(f[2 * k] - t[2 * k], f[2 * k + 1] - t[2 * k + 1]);
                all += d / 68;
                for (int p = 0; p < PARTS.length; p++) {
                    if (k >= PARTS[p][0] && k < PARTS[p][1]) {
                        sum[p] += d / (PARTS[p][1] - PARTS[p][0]) / found.size();
                    }
                }
            }
            relative += all / new daumier.faces.Landmarks(t).interOcular() / found.size();
        }
        JsonObject json = new JsonObject();
        for (int p = 0; p < PARTS.length; p++) {
            json.addProperty(PART_NAMES[p] + "Pixels", round(sum[p]));
        }
        json.addProperty("interOcular", round(relative));
        return json;
    }

    /** Cosines of held-out people: same person, look-alike, stranger. */
    static void identity(IdentityNet net, PortraitStore store, int firstPerson, JsonObject card) {
        List<Picture> pictures = new ArrayList<>();
        int views = PortraitMaker.VIEWS;
        for (int i = firstPerson * views; i < store.size(); i++) {
            pictures.add(picture(store.get(i).photo()));
        }
        float[][] e = net.embed(pictures);
        List<Double> same = new ArrayList<>();
        List<Double> like = new ArrayList<>();
        List<Double> stranger = new ArrayList<>();
        for (int i = 0; i < e.length; i++) {
            for (int j = 0; j < i; j++) {
                int a = i / views;
                int b = j / views;
                boolean group = a / PortraitMaker.GROUP == b / PortraitMaker.GROUP;
                (a == b ? same : group ? like : stranger).add(IdentityNet.cosine(e[i], e[j]));
            }
        }
        double[] s = sorted(same);
        double[] l = sorted(like);
        double[] d = sorted(stranger);
        double strangerHigh = quantile(d, 0.99);
        double lookAlikeHigh = quantile(l, 0.95);
        IdentityCalibration calibration =
                new IdentityCalibration(
                        round(mean(s)),
                        round(quantile(s, 0.05)),
                        round(mean(l)),
                        round(lookAlikeHigh),
                        round(mean(d)),
                        round(strangerHigh),
                        round(Math.max(strangerHigh, lookAlikeHigh)),
                        auc(s, d),
                        auc(s, l));
        card.add("calibration", NetFiles.gson().toJsonTree(calibration));
        card.addProperty("heldOutPeople", e.length / views);
    }

    /** Mean and spread of the level that is read at known levels, for each artist. */
    static void style(StyleNet net, PortraitStore store, int from, JsonObject card) {
        int artists = net.artists().size();
        JsonObject byArtist = new JsonObject();
        double slopes = 0;
        for (int a = 0; a < artists; a++) {
            JsonArray rows = new JsonArray();
            double[] means = new double[LEVELS.length];
            double wrong = 0;
            for (int k = 0; k < LEVELS.length; k++) {
                List<Picture> pictures = new ArrayList<>();
                for (int i = from; i < store.size(); i++) {
                    Portrait p = store.get(i);
                    if (p.artist() == a) {
                        pictures.add(blend(p.photo(), p.drawn(), LEVELS[k]));
                    }
                }
                double[] read = new double[pictures.size()];
                float[][] level = net.level(pictures);
                for (int i = 0; i < read.length; i++) {
                    read[i] = level[i][a];
                    for (int b = 0; b < artists; b++) {
                        wrong = b == a ? wrong : Math.max(wrong, level[i][b]);
                    }
                }
                means[k] = mean(read);
                JsonArray row = new JsonArray();
                row.add(LEVELS[k]);
                row.add(round(means[k]));
                row.add(round(deviation(read)));
                rows.add(row);
            }
            slopes += (means[LEVELS.length - 1] - means[0]) / artists;
            JsonObject one = new JsonObject();
            one.add("levelMeanDeviation", rows);
            one.addProperty("largestWrongArtist", round(wrong));
            byArtist.add(net.artists().get(a), one);
        }
        card.addProperty("meanRange", round(slopes));
        card.add("byArtist", byArtist);
    }

    static double mean(double[] v) {
        return Arrays.stream(v).average().orElse(Double.NaN);
    }

    static double deviation(double[] v) {
        double m = mean(v);
        return Math.sqrt(Arrays.stream(v).map(x -> (x - m) * (x - m)).average().orElse(0));
    }

    private static double[] sorted(List<Double> v) {
        return v.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
    }

    /** Probability that a value of the first exceeds one of the second; both are sorted. */
    static double auc(double[] high, double[] low) {
        double wins = 0;
        int below = 0;
        for (double h : high) {
            while (below < low.length && low[below] < h) {
                below++;
            }
            wins += below;
        }
        return wins / high.length / low.length;
    }

    static double round(double v) {
        return Double.isFinite(v) ? Math.round(v * 1e4) / 1e4 : 0;
    }
}
