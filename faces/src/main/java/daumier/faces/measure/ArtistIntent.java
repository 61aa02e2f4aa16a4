package daumier.faces.measure;

import com.google.gson.GsonBuilder;
import daumier.faces.Landmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What artists do to a face, learned from pairs of a photograph and the artist's warp of it: the
 * move that is common to all sitters, and the little of the individual rest that the sitter's own
 * landmarks predict, by kernel ridge regression with a linear kernel (Saunders, Gammerman and Vovk
 * 1998).
 *
 * <p>It is a habit of the artists it was fitted on and no law of caricature. Most of what it says
 * of a face it says of every face. On 60 pairs of AutoToon (Gong, Hold-Geoffroy and Lu, WACV 2020),
 * by ten-fold cross-validation, the whole move has a mean cosine of 0.50 with the artist's, the
 * common move alone as much, and the individual part 0.10. Pairs and coefficients are no part of
 * the product: they are fitted from a folder of the user's.
 *
 * @param mean 136 coordinates of the average face, symmetric, centred, with a distance of 1 between
 *     the outer corners of the eyes
 * @param common 136 values: the common move in that frame, symmetric, without shift, turn and
 *     scaling
 * @param response 136 rows of 136 values: how the move answers to each coordinate of the symmetric
 *     part of a face's difference from the mean
 * @param faces how many pairs it was fitted on
 */
public record ArtistIntent(double[] mean, double[] common, double[][] response, int faces) {
    private static final int SIZE = 2 * Landmarks.COUNT;

    /** Fewer cannot choose a penalty and leave anything to fit. */
    private static final int LEAST = 10;

    /** Candidates, in units of the mean squared difference of a face from the mean. */
    private static final double[] PENALTIES = {0.3, 1, 3, 10, 30, 100};

    /** Rounds of generalised Procrustes analysis; it settles in three. */
    private static final int ROUNDS = 5;

    /**
     * A photograph's landmarks and where the artist moved them.
     *
     * @param face landmarks of the photograph, in pixels
     * @param drawn the same points after the artist's warp, in the same pixels
     */
    public record Example(Landmarks face, Landmarks drawn) {}

    /** Checks the sizes. */
    public ArtistIntent {
        boolean fits = mean.length == SIZE && common.length == SIZE && response.length == SIZE;
        for (double[] row : response) {
            fits &= row != null && row.length == SIZE;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "An artist's intent has 136 values for mean, common move and each response.");
        }
    }

    /**
     * Fits the model. The penalty is the one of six under which left-out examples are predicted
     * with the highest cosine.
     *
     * @param examples at least 10 pairs of different people, near frontal
     * @return the model
     * @throws IllegalArgumentException if there are fewer pairs, or landmarks that coincide
     */
    public static ArtistIntent fit(List<Example> examples) {
        int n = examples.size();
        if (n < LEAST) {
            throw new IllegalArgumentException(
                    "%d pairs of photograph and warp are too few to learn from; give at least %d."
                            .formatted(n, LEAST));
        }
        double[] mean = average(examples);
        double[][] x = new double[n][];
        double[][] y = new double[n][];
        double length = 0;
        for (int i = 0; i < n; i++) {
            x[i] = deviation(mean, examples.get(i).face());
            y[i] = symmetric(move(mean, examples.get(i)));
            length += norm(y[i]) / n;
        }
        // Equal lengths: a cosine does not see them, and bold artists must not outvote timid ones.
        for (double[] row : y) {
            double own = norm(row);
            for (int k = 0; k < SIZE; k++) {
                row[k] *= length / Math.max(1e-9, own);
            }
        }
        double[] common = mean(y);
        for (double[] row : y) {
            for (int k = 0; k < SIZE; k++) {
                row[k] -= common[k];
            }
        }
        return new ArtistIntent(mean, common, ridge(x, y, common), n);
    }

    private static double[][] ridge(double[][] x, double[][] y, double[] common) {
        int n = x.length;
        double[][] kernel = new double[n][n];
        double trace = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                kernel[i][j] = dot(x[i], x[j]);
            }
            trace += kernel[i][i] / n;
        }
        double best = Double.NEGATIVE_INFINITY;
        double[][] chosen = null;
        for (double penalty : PENALTIES) {
            double[][] a = new double[n][];
            for (int i = 0; i < n; i++) {
                a[i] = kernel[i].clone();
                a[i][i] += penalty * trace + 1e-12;
            }
            double[][] inverse = Dense.inverse(a);
            double[][] dual = times(inverse, y);
            double cosine = 0;
            for (int i = 0; i < n; i++) {
                double[] actual = new double[SIZE];
                double[] predicted = new double[SIZE];
                for (int k = 0; k < SIZE; k++) {
                    actual[k] = common[k] + y[i][k];
                    // The left-out residual of a ridge is dual / diagonal of the inverse.
                    predicted[k] = actual[k] - dual[i][k] / inverse[i][i];
                }
                cosine += cosine(predicted, actual);
            }
            if (cosine > best) {
                best = cosine;
                chosen = dual;
            }
        }
        double[][] response = new double[SIZE][SIZE];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < SIZE; k++) {
                for (int l = 0; l < SIZE; l++) {
                    response[k][l] += chosen[i][k] * x[i][l];
                }
            }
        }
        return response;
    }

    /**
     * The move of one example as the model counts moves: in the frame of the mean face, with what a
     * shift, turn and scaling of the whole face can do taken out.
     *
     * @param example landmarks before and after
     * @return 136 displacements
     */
    public double[] observed(Example example) {
        return move(mean, example);
    }

    /**
     * The individual part of the predicted move.
     *
     * @param face landmarks in pixels
     * @return 136 displacements in the frame of the mean face; add {@link #common} for the whole
     */
    public double[] individual(Landmarks face) {
        double[] x = deviation(mean, face);
        double[] out = new double[SIZE];
        for (int k = 0; k < SIZE; k++) {
            out[k] = dot(response[k], x);
        }
        return out;
    }

    /**
     * What the artists would do to a face.
     *
     * @param face landmarks in pixels
     * @param strength 0 for nothing, 1 for as much as they do
     * @return 136 displacements in the pixels of the landmarks, as {@link FaceWarp#field(Landmarks,
     *     double[], Pose)} takes them
     */
    public double[] displacements(Landmarks face, double strength) {
        double[] whole = individual(face);
        Similarity back = onto(mean, face.xy()).inverse();
        double[] out = new double[SIZE];
        for (int k = 0; k < SIZE; k += 2) {
            double x = strength * (whole[k] + common[k]);
            double y = strength * (whole[k + 1] + common[k + 1]);
            out[k] = back.a() * x - back.b() * y;
            out[k + 1] = back.b() * x + back.a() * y;
        }
        return out;
    }

    /**
     * Reads a fitted model.
     *
     * @param file JSON that {@link #write} wrote
     * @return the model
     * @throws IOException if it cannot be read or is something else
     */
    public static ArtistIntent read(Path file) throws IOException {
        try {
            ArtistIntent read =
                    new GsonBuilder().create().fromJson(Files.readString(file), ArtistIntent.class);
            if (read != null) {
                return read;
            }
        } catch (RuntimeException e) {
            // Gson wraps what a record's constructor throws in exceptions of several kinds.
            throw new IOException(file + " is no artist's intent; fit it again.", e);
        }
        throw new IOException(file + " is empty; fit it again.");
    }

    /**
     * Writes the model.
     *
     * @param file JSON
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, new GsonBuilder().create().toJson(this) + "\n");
    }

    private static double[] average(List<Example> examples) {
        double[] mean = normalised(values(examples.get(0).face().xy()));
        for (int round = 0; round < ROUNDS; round++) {
            double[] sum = new double[SIZE];
            for (Example e : examples) {
                double[] placed = placed(mean, e.face().xy());
                for (int k = 0; k < SIZE; k++) {
                    sum[k] += placed[k] / examples.size();
                }
            }
            mean = normalised(symmetric(normalised(sum)));
        }
        return mean;
    }

    /** Centred, with a distance of 1 between the outer corners of the eyes. */
    private static double[] normalised(double[] xy) {
        double cx = 0;
        double cy = 0;
        for (int k = 0; k < SIZE; k += 2) {
            cx += xy[k] / Landmarks.COUNT;
            cy += xy[k + 1] / Landmarks.COUNT;
        }
        double unit = Math.hypot(xy[90] - xy[72], xy[91] - xy[73]);
        double[] out = new double[SIZE];
        for (int k = 0; k < SIZE; k += 2) {
            out[k] = (xy[k] - cx) / unit;
            out[k + 1] = (xy[k + 1] - cy) / unit;
        }
        return out;
    }

    /** The part of points or displacements that the mirror image shares. */
    private static double[] symmetric(double[] v) {
        double[] out = new double[SIZE];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            int j = Plausibility.mirrorOf(i);
            out[2 * i] = (v[2 * i] - v[2 * j]) / 2;
            out[2 * i + 1] = (v[2 * i + 1] + v[2 * j + 1]) / 2;
        }
        return out;
    }

    private static double[] deviation(double[] mean, Landmarks face) {
        double[] placed = placed(mean, face.xy());
        for (int k = 0; k < SIZE; k++) {
            placed[k] -= mean[k];
        }
        return symmetric(placed);
    }

    private static double[] move(double[] mean, Example example) {
        double[] before = placed(mean, example.face().xy());
        double[] after = placed(before, example.drawn().xy());
        for (int k = 0; k < SIZE; k++) {
            after[k] -= before[k];
        }
        return after;
    }

    private static Similarity onto(double[] target, float[] xy) {
        double[] weight = new double[Landmarks.COUNT];
        Arrays.fill(weight, 1);
        float[] to = new float[SIZE];
        for (int k = 0; k < SIZE; k++) {
            to[k] = (float) target[k];
        }
        return Similarity.between(xy, to, weight);
    }

    private static double[] placed(double[] target, float[] xy) {
        Similarity s = onto(target, xy);
        double[] out = new double[SIZE];
        for (int k = 0; k < SIZE; k += 2) {
            out[k] = s.x(xy[k], xy[k + 1]);
            out[k + 1] = s.y(xy[k], xy[k + 1]);
        }
        return out;
    }

    private static double[] values(float[] xy) {
        double[] out = new double[xy.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = xy[k];
        }
        return out;
    }

    private static double[] mean(double[][] rows) {
        double[] m = new double[SIZE];
        for (double[] row : rows) {
            for (int k = 0; k < SIZE; k++) {
                m[k] += row[k] / rows.length;
            }
        }
        return m;
    }

    private static double[][] times(double[][] a, double[][] b) {
        double[][] out = new double[a.length][SIZE];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                for (int k = 0; k < SIZE; k++) {
                    out[i][k] += a[i][j] * b[j][k];
                }
            }
        }
        return out;
    }

    /**
     * Agreement of two moves.
     *
     * @param a displacements
     * @param b as many
     * @return cosine of the angle between them; 0 where one of them is no move
     */
    public static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.max(1e-12, norm(a) * norm(b));
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int k = 0; k < a.length; k++) {
            s += a[k] * b[k];
        }
        return s;
    }
}
