package daumier.faces.models;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * The 68 landmarks of a linear 3D morphable model in the neutral form: a safetensors file with
 * {@code landmarks.mean} (68, 3), {@code landmarks.identity} (k, 68, 3) and {@code
 * landmarks.expression} (j, 68, 3), each mode one standard deviation of its population, in any unit
 * and with axes that point anywhere; metadata {@code format} = {@value #FORMAT} and {@code name}.
 *
 * @param name of the model
 * @param mean 204 values: x0, y0, z0, x1, ...
 * @param identity one row of 204 values for each mode
 * @param expression one row of 204 values for each mode
 */
public record LandmarkModel(
        String name, double[] mean, double[][] identity, double[][] expression) {
    /** What the metadata of the neutral form says. */
    static final String FORMAT = "daumier-morphable";

    static final int POINTS = 68;
    static final int SIZE = 3 * POINTS;

    /** No population is published for blend shapes; people rarely go beyond half of one. */
    static final double BLEND_SHAPE_SD = 0.25;

    /** Checks the sizes. */
    public LandmarkModel {
        boolean fits = mean.length == SIZE && identity.length > 0;
        for (double[] row : identity) {
            fits &= row.length == SIZE;
        }
        for (double[] row : expression) {
            fits &= row.length == SIZE;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "A face model has 68 points of three coordinates, in the mean and every mode.");
        }
    }

    /**
     * Whether a file holds a face model in a form that {@link #open} reads.
     *
     * @param file any file
     * @return true for the neutral form and for the 68 landmarks of ICT-FaceKit
     * @throws IOException if it cannot be read
     */
    static boolean recognised(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            JsonElement words = SafeTensors.header(file).get("__metadata__");
            JsonObject metadata =
                    words != null && words.isJsonObject() ? words.getAsJsonObject() : null;
            return metadata != null
                    && metadata.has("format")
                    && metadata.get("format").getAsString().equals(FORMAT);
        }
        return name.endsWith(".npz") && name.contains("landmarks68");
    }

    /**
     * Opens a face model.
     *
     * @param file the neutral form (.safetensors), or arrays {@code mean} (68, 3), {@code identity}
     *     (k, 68, 3) and {@code expression} (j, 68, 3) as of ICT-FaceKit (.npz)
     * @return the model
     * @throws IOException if it is none
     */
    public static LandmarkModel open(Path file) throws IOException {
        boolean zip = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".npz");
        return zip ? ictFaceKit(file) : neutral(file);
    }

    private static LandmarkModel neutral(Path file) throws IOException {
        SafeTensors all = SafeTensors.read(file);
        if (!FORMAT.equals(all.metadata().get("format"))) {
            throw new IOException(file + " is no face model in the neutral form.");
        }
        return of(
                all.metadata().getOrDefault("name", ModelCard.stem(file)),
                all.tensors(),
                "landmarks.",
                file);
    }

    /**
     * Imports ICT-FaceKit (Li et al., Learning Formation of Physically-Based Face Attributes,
     * 2020): identity modes in standard deviations, blend shapes of full strength.
     *
     * @param npz {@code mean}, {@code identity}, {@code expression}; with 68 points, or with all of
     *     a mesh's and their numbers {@code landmarks68}
     * @return the model
     * @throws IOException if an array is missing or has another shape
     */
    public static LandmarkModel ictFaceKit(Path npz) throws IOException {
        Map<String, Tensor> arrays;
        try {
            arrays = new LinkedHashMap<>(NumpyFile.arrays(npz));
        } catch (ZipException e) {
            throw new IOException(npz + " is no .npz file; copy it again.", e);
        }
        Tensor picked = arrays.get("landmarks68");
        if (picked != null) {
            for (String part : new String[] {"mean", "identity", "expression"}) {
                if (arrays.containsKey(part)) {
                    arrays.put(part, picked(arrays.get(part), picked.values(), npz));
                }
            }
        }
        LandmarkModel full = of("ICT-FaceKit", arrays, "", npz);
        return new LandmarkModel(
                full.name,
                full.mean,
                full.identity,
                scaled(full.expression, filled(full.expression.length, BLEND_SHAPE_SD)));
    }

    /**
     * Imports the bases of 3DDFA (Zhu et al., Face Alignment in Full Pose Range, 2017; the {@code
     * train.configs} of cleardusk/3DDFA): {@code u_shp.npy}, {@code u_exp.npy} (3n, 1), {@code
     * w_shp_sim.npy} (3n, k), {@code w_exp_sim.npy} (3n, j), {@code keypoints_sim.npy} (204
     * coordinates' numbers), and {@code param_std.npy}: the {@code param_std} of {@code
     * param_whitening.pkl}, 12 values of the pose, k and j.
     *
     * @param folder with these files
     * @return the model
     * @throws IOException if a file is missing or has another shape
     */
    public static LandmarkModel threeDdfa(Path folder) throws IOException {
        double[] shape = NumpyFile.array(needed(folder, "u_shp.npy")).values();
        double[] face = NumpyFile.array(needed(folder, "u_exp.npy")).values();
        Tensor ws = NumpyFile.array(needed(folder, "w_shp_sim.npy"));
        Tensor we = NumpyFile.array(needed(folder, "w_exp_sim.npy"));
        double[] keys = NumpyFile.array(needed(folder, "keypoints_sim.npy")).values();
        double[] std = NumpyFile.array(needed(folder, "param_std.npy")).values();
        boolean fits =
                ws.shape().length == 2
                        && we.shape().length == 2
                        && keys.length == SIZE
                        && shape.length == face.length
                        && ws.size(0) == shape.length
                        && we.size(0) == shape.length
                        && std.length == 12 + ws.size(1) + we.size(1);
        if (!fits) {
            throw new IOException(
                    "The bases in %s do not belong together: take all files of one 3DDFA release."
                            .formatted(folder));
        }
        double[] mean = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            mean[i] = shape[(int) keys[i]] + face[(int) keys[i]];
        }
        int k = ws.size(1);
        return new LandmarkModel(
                "3DDFA",
                mean,
                scaled(columns(ws, keys), Arrays.copyOfRange(std, 12, 12 + k)),
                scaled(columns(we, keys), Arrays.copyOfRange(std, 12 + k, std.length)));
    }

    private static Path needed(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no " + name + " in " + folder + "; copy it there.");
        }
        return file;
    }

    private static double[][] columns(Tensor w, double[] keys) {
        int count = w.size(1);
        double[][] rows = new double[count][SIZE];
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < SIZE; i++) {
                rows[k][i] = w.values()[((int) keys[i]) * count + k];
            }
        }
        return rows;
    }

    private static Tensor picked(Tensor all, double[] points, Path file) throws IOException {
        int[] shape = all.shape();
        if (shape.length < 2 || shape[shape.length - 1] != 3) {
            throw new IOException(file + " holds points that are not of three coordinates.");
        }
        int mesh = shape[shape.length - 2];
        int rows = all.values().length / (3 * mesh);
        double[] out = new double[rows * 3 * points.length];
        for (int r = 0; r < rows; r++) {
            for (int p = 0; p < points.length; p++) {
                int from = 3 * (r * mesh + (int) points[p]);
                System.arraycopy(all.values(), from, out, 3 * (r * points.length + p), 3);
            }
        }
        int[] now = shape.clone();
        now[shape.length - 2] = points.length;
        return new Tensor(out, now);
    }

    private static LandmarkModel of(
            String name, Map<String, Tensor> arrays, String prefix, Path file) throws IOException {
        Tensor mean = arrays.get(prefix + "mean");
        Tensor identity = arrays.get(prefix + "identity");
        Tensor expression = arrays.get(prefix + "expression");
        if (mean == null || identity == null || mean.values().length != SIZE) {
            throw new IOException(
                    file
                            + " holds no face model of 68 landmarks: arrays mean (68, 3), identity"
                            + " (k, 68, 3) and expression (j, 68, 3) are needed.");
        }
        try {
            double[][] ex = expression == null ? new double[0][] : expression.rows(SIZE);
            return new LandmarkModel(name, mean.values(), identity.rows(SIZE), ex);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static double[] filled(int n, double value) {
        double[] all = new double[n];
        Arrays.fill(all, value);
        return all;
    }

    private static double[][] scaled(double[][] rows, double[] by) {
        double[][] out = new double[rows.length][];
        for (int k = 0; k < rows.length; k++) {
            out[k] = rows[k].clone();
            for (int i = 0; i < out[k].length; i++) {
                out[k][i] *= by[k];
            }
        }
        return out;
    }

    /**
     * Writes the neutral form.
     *
     * @param file ends in .safetensors
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("landmarks.mean", new Tensor(mean, POINTS, 3));
        tensors.put("landmarks.identity", Tensor.ofPoints(identity, POINTS));
        tensors.put("landmarks.expression", Tensor.ofPoints(expression, POINTS));
        Map<String, String> words = new LinkedHashMap<>();
        words.put("format", FORMAT);
        words.put("name", name);
        new SafeTensors(tensors, words).write(file);
    }
}
