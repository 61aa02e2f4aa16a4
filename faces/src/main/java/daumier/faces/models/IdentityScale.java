package daumier.faces.models;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What the cosines of one identity network mean, measured on portraits of known people.
 *
 * @param network name of the network
 * @param fingerprint SHA-256 of its file
 * @param samePairs pairs of one person, in visibly different photographs
 * @param strangerPairs pairs of different people
 * @param sameMean mean cosine of the first
 * @param sameSd their standard deviation
 * @param sameMin the least alike of them
 * @param strangerMean mean cosine of the second
 * @param strangerSd their standard deviation
 * @param strangerMax the most alike of them
 * @param lost below this cosine the person is lost: what one pair of strangers in a thousand
 *     reaches
 * @param lostError standard error of that, from resampled people
 * @param recognisable from here on a picture shows that person: 95% of the pairs of one person are
 *     at least as alike, and not one pair of strangers in ten thousand
 */
public record IdentityScale(
        String network,
        String fingerprint,
        int samePairs,
        int strangerPairs,
        double sameMean,
        double sameSd,
        double sameMin,
        double strangerMean,
        double strangerSd,
        double strangerMax,
        double lost,
        double lostError,
        double recognisable) {
    /** The false accept rate of {@link #lost}. */
    public static final double FALSE_ACCEPTS = 1e-3;

    private static final double FEWER_FALSE_ACCEPTS = 1e-4;
    private static final double TAIL = 0.1;
    private static final int RESAMPLED = 200;
    private static final int FEWEST_SAME = 3;
    private static final int FEWEST_STRANGERS = 45;

    /** What a cosine means. */
    public enum Meaning {
        /** As alike as photographs of one person are. */
        RECOGNISABLE,
        /** More alike than strangers, less than photographs of one person. */
        DOUBTFUL,
        /** No more alike than strangers. */
        LOST
    }

    /**
     * A cosine between two portraits.
     *
     * @param a number of the first person
     * @param b number of the second
     * @param cosine of their embeddings
     */
    public record Pair(int a, int b, double cosine) {
        boolean same() {
            return a == b;
        }
    }

    /**
     * Measures the scale.
     *
     * @param network name
     * @param fingerprint SHA-256 of its file
     * @param pairs all pairs of different photographs
     * @return the scale
     * @throws IllegalArgumentException if there are too few pairs for a tail of one in a thousand
     */
    public static IdentityScale of(String network, String fingerprint, List<Pair> pairs) {
        double[] same =
                pairs.stream().filter(Pair::same).mapToDouble(Pair::cosine).sorted().toArray();
        double[] strangers =
                pairs.stream().filter(p -> !p.same()).mapToDouble(Pair::cosine).sorted().toArray();
        if (same.length < FEWEST_SAME || strangers.length < FEWEST_STRANGERS) {
            throw new IllegalArgumentException(
                    "%d pairs of one person and %d of strangers are too few: give at least %d and %d (10 people, some of them twice)."
                            .formatted(
                                    same.length, strangers.length, FEWEST_SAME, FEWEST_STRANGERS));
        }
        double sameMean = mean(same);
        double sameSd = sd(same);
        double lost = threshold(strangers, FALSE_ACCEPTS);
        double usual = sameMean - 1.645 * sameSd;
        return new IdentityScale(
                network,
                fingerprint,
                same.length,
                strangers.length,
                sameMean,
                sameSd,
                same[0],
                mean(strangers),
                sd(strangers),
                strangers[strangers.length - 1],
                lost,
                error(pairs),
                Math.max(usual, threshold(strangers, FEWER_FALSE_ACCEPTS)));
    }

    /**
     * The cosine that a share {@code rate} of strangers exceeds. Where there are too few pairs to
     * count that far, the tail beyond the upper tenth is taken to fall exponentially, as the tails
     * of such networks do.
     *
     * @param sorted cosines of strangers, ascending
     */
    static double threshold(double[] sorted, double rate) {
        if (sorted.length * rate >= 30) {
            return quantile(sorted, 1 - rate);
        }
        double start = quantile(sorted, 1 - TAIL);
        double beyond = 0;
        int count = 0;
        for (int i = sorted.length - 1; i >= 0 && sorted[i] > start; i--) {
            beyond += sorted[i] - start;
            count++;
        }
        double scale = count == 0 ? 0 : beyond / count;
        return start + scale * Math.log(TAIL / rate);
    }

    /** Resamples people, not pairs: pairs that share a person are not independent. */
    private static double error(List<Pair> pairs) {
        int people = 1 + pairs.stream().mapToInt(p -> Math.max(p.a, p.b)).max().orElse(0);
        SplittableRandom random = new SplittableRandom(1);
        double[] all = new double[RESAMPLED];
        for (int r = 0; r < RESAMPLED; r++) {
            int[] times = new int[people];
            for (int i = 0; i < people; i++) {
                times[random.nextInt(people)]++;
            }
            double[] drawn =
                    pairs.stream()
                            .filter(p -> !p.same())
                            .flatMapToDouble(
                                    p -> {
                                        double[] copies = new double[times[p.a] * times[p.b]];
                                        Arrays.fill(copies, p.cosine);
                                        return Arrays.stream(copies);
                                    })
                            .sorted()
                            .toArray();
            all[r] = drawn.length == 0 ? 0 : threshold(drawn, FALSE_ACCEPTS);
        }
        return sd(all);
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int i = (int) at;
        int j = Math.min(i + 1, sorted.length - 1);
        return sorted[i] + (at - i) * (sorted[j] - sorted[i]);
    }

    private static double mean(double[] v) {
        return Arrays.stream(v).average().orElse(0);
    }

    private static double sd(double[] v) {
        double m = mean(v);
        double s = Arrays.stream(v).map(x -> (x - m) * (x - m)).sum();
        return Math.sqrt(s / Math.max(1, v.length - 1));
    }

    /** What a cosine means. */
    public Meaning meaning(double cosine) {
        return cosine >= recognisable
                ? Meaning.RECOGNISABLE
                : cosine >= lost ? Meaning.DOUBTFUL : Meaning.LOST;
    }

    /** Whether no pair of strangers is as alike as the least alike pair of one person. */
    public boolean apart() {
        return sameMin > strangerMax;
    }

    /**
     * Where the scale of a network lies.
     *
     * @param onnx the network's file
     * @return beside it, ending in {@code .calibration.json}
     */
    public static Path beside(Path onnx) {
        return onnx.resolveSibling(ModelCard.stem(onnx) + ".calibration.json");
    }

    /**
     * Reads the scale that lies beside a network, or a file the user names.
     *
     * @param network whose scale
     * @param named the user's file, or null
     * @return the scale; empty if none was named and none lies there
     * @throws IOException if the file is no scale, or that of another network
     */
    public static Optional<IdentityScale> read(ArcFaceNetwork network, Path named)
            throws IOException {
        Path file = named == null ? beside(network.file()) : named;
        if (named == null && !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        IdentityScale scale;
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            scale = new GsonBuilder().create().fromJson(json, IdentityScale.class);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(file + " is no calibration; compute it again.", e);
        }
        if (!network.fingerprint().equals(scale.fingerprint)) {
            throw new IOException(
                    "%s was computed for another network than %s; compute it again."
                            .formatted(file, network.name()));
        }
        return Optional.of(scale);
    }

    /** As JSON, to be written {@link #beside} the network's file. */
    public String toJson() {
        return new GsonBuilder().setPrettyPrinting().create().toJson(this) + "\n";
    }
}
