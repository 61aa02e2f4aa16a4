package daumier.faces.models;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;

/**
 * The Basel Face Model 2017 or 2019 (Gerig et al., Morphable Face Models - An Open Framework, 2018)
 * as its HDF5 file holds it: for {@code shape} and {@code expression} alike {@code model/mean}
 * (3n), {@code model/pcaBasis} (3n, k) and {@code model/pcaVariance} (k), variances, in
 * millimetres. A basis is read whole, about 130 MB: stored in chunks, it has no rows to pick.
 */
final class BaselHdf5 {
    private BaselHdf5() {}

    /**
     * Reads the landmarks' part; colour is passed over.
     *
     * @param file model2017-1_bfm_nomouth.h5 or one of its kind
     * @param vertices of the 68 landmarks
     * @return the model
     * @throws IOException if it holds something else
     */
    static LandmarkModel read(Path file, int[] vertices) throws IOException {
        try (HdfFile all = new HdfFile(file)) {
            Part shape = part(all, "shape", vertices, file);
            Part expression = part(all, "expression", vertices, file);
            double[] mean = shape.mean;
            for (int i = 0; i < mean.length; i++) {
                mean[i] += expression.mean[i];
            }
            return new LandmarkModel(
                    "Basel Face Model, " + ModelCard.stem(file),
                    mean,
                    shape.modes,
                    expression.modes);
        } catch (HdfException e) {
            throw new IOException(file + " is no readable HDF5 file; copy it again.", e);
        }
    }

    private record Part(double[] mean, double[][] modes) {}

    private static Part part(HdfFile all, String name, int[] vertices, Path file)
            throws IOException {
        Dataset mean = dataset(all, name + "/model/mean", file);
        Dataset basis = dataset(all, name + "/model/pcaBasis", file);
        Dataset variance = dataset(all, name + "/model/pcaVariance", file);
        int[] size = basis.getDimensions();
        if (size.length != 2
                || size[0] % 3 != 0
                || mean.getSize() != size[0]
                || variance.getSize() != size[1]) {
            throw new IOException(
                    "%s: mean, basis and variance of %s do not belong together; take the original file."
                            .formatted(file, name));
        }
        double[] average = flat(mean.getDataFlat(), size[0]);
        double[] sd = flat(variance.getDataFlat(), size[1]);
        for (int k = 0; k < sd.length; k++) {
            sd[k] = Math.sqrt(Math.max(0, sd[k]));
        }
        int n = size[0] / 3;
        double[] picked = MeshModes.of(vertices, n, 1, (c, k) -> average[c], null)[0];
        Object whole = basis.getDataFlat();
        MeshModes.Entry entry =
                whole instanceof float[] f
                        ? (c, k) -> f[c * size[1] + k]
                        : (c, k) -> ((Number) Array.get(whole, c * size[1] + k)).doubleValue();
        return new Part(picked, MeshModes.of(vertices, n, size[1], entry, sd));
    }

    private static Dataset dataset(HdfFile all, String path, Path file) throws IOException {
        Node at = all;
        for (String step : path.split("/")) {
            at = at instanceof io.jhdf.api.Group g ? g.getChildren().get(step) : null;
        }
        if (at instanceof Dataset d) {
            return d;
        }
        throw new IOException(
                "%s holds no %s: that is not the Basel Face Model 2017 or 2019 with expressions."
                        .formatted(file, path));
    }

    /** An array of numbers of any type. */
    private static double[] flat(Object numbers, int size) {
        double[] out = new double[size];
        for (int i = 0; i < size; i++) {
            out[i] = ((Number) Array.get(numbers, i)).doubleValue();
        }
        return out;
    }
}
