package daumier.diffusion.train;

import java.io.IOException;
import java.util.List;

/**
 * The principal components of 4 x 4 patches of pictures: a linear code of a narrow world that is
 * fitted in closed form (Pearson 1901). An autoencoder whose encoder is this code needs no training
 * of it: see {@link PatchAutoencoder}.
 *
 * <p>A patch is a vector of 48 values in the order (colour, row, column).
 *
 * @param mean of patches, 48 values
 * @param components rows of unit length, 48 values each, of falling variance
 * @param deviations standard deviation of each component over the pictures
 */
public record PatchCode(double[] mean, double[][] components, double[] deviations) {
    /** Side of a patch in pixels. */
    public static final int SIDE = 4;

    private static final int COLOURS = 3;
    private static final int SIZE = COLOURS * SIDE * SIDE;

    /**
     * Fits a code.
     *
     * @param stores of pictures of the same size, a multiple of 4
     * @param pictures the first so many of each store are looked at
     * @param count how many components are kept, at most 48
     * @throws IOException if a store cannot be read
     */
    public static PatchCode fit(List<ExampleStore> stores, int pictures, int count)
            throws IOException {
        double[] mean = new double[SIZE];
        double[][] moments = new double[SIZE][SIZE];
        long patches = 0;
        for (ExampleStore store : stores) {
            int side = store.size();
            float[] picture = new float[COLOURS * side * side];
            double[] patch = new double[SIZE];
            for (int i = 0; i < Math.min(pictures, store.count()); i++) {
                store.readImage(i, picture, 0);
                for (int y = 0; y + SIDE <= side; y += SIDE) {
                    for (int x = 0; x + SIDE <= side; x += SIDE) {
                        cut(picture, side, x, y, patch);
                        add(patch, mean, moments);
                        patches++;
                    }
                }
            }
        }
        if (patches == 0) {
            throw new IllegalArgumentException("There are no pictures to fit a code to.");
        }
        for (int i = 0; i < SIZE; i++) {
            mean[i] /= patches;
        }
        for (int i = 0; i < SIZE; i++) {
            for (int j = i; j < SIZE; j++) {
                moments[i][j] = moments[i][j] / patches - mean[i] * mean[j];
                moments[j][i] = moments[i][j];
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(moments);
        double[][] components = new double[count][];
        double[] deviations = new double[count];
        for (int k = 0; k < count; k++) {
            components[k] = eigen.vectors()[k];
            deviations[k] = Math.sqrt(Math.max(1e-12, eigen.values()[k]));
        }
        return new PatchCode(mean, components, deviations);
    }

    private static void cut(float[] picture, int side, int x, int y, double[] patch) {
        int k = 0;
        for (int c = 0; c < COLOURS; c++) {
            for (int row = 0; row < SIDE; row++) {
                for (int column = 0; column < SIDE; column++) {
                    patch[k++] = picture[(c * side + y + row) * side + x + column];
                }
            }
        }
    }

    private static void add(double[] patch, double[] mean, double[][] moments) {
        for (int i = 0; i < SIZE; i++) {
            mean[i] += patch[i];
            for (int j = i; j < SIZE; j++) {
                moments[i][j] += patch[i] * patch[j];
            }
        }
    }

    /**
     * What each component is multiplied by to become a latent channel: half-way between equal
     * variances, which would let fine detail weigh as much as colour in a denoiser's loss, and
     * none, which would leave detail in the noise until the last steps. The mean variance of the
     * channels is 1.
     */
    public double[] scales() {
        double[] scales = new double[deviations.length];
        double variance = 0;
        for (int k = 0; k < scales.length; k++) {
            scales[k] = 1 / Math.sqrt(deviations[k]);
            variance += deviations[k] / scales.length;
        }
        for (int k = 0; k < scales.length; k++) {
            scales[k] /= Math.sqrt(variance);
        }
        return scales;
    }

    /** Mean of a component's weights on one colour: what it adds to the patch's colour. */
    double colour(int component, int colour) {
        return mean(components[component], colour);
    }

    /** Mean colour of patches, in [-1, 1]. */
    double colour(int colour) {
        return mean(mean, colour);
    }

    private static double mean(double[] patch, int colour) {
        double sum = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            sum += patch[colour * SIDE * SIDE + i];
        }
        return sum / (SIDE * SIDE);
    }
}
