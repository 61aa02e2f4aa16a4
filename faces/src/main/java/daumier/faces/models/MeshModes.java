package daumier.faces.models;

import java.io.IOException;

/**
 * Picks the 68 landmarks out of the modes of a whole mesh, each scaled to one standard deviation.
 */
final class MeshModes {
    private MeshModes() {}

    /** A number of a mesh's matrix: coordinate 3 v + axis of a vertex v, in one mode. */
    @FunctionalInterface
    interface Entry {
        double at(int coordinate, int mode);
    }

    /**
     * The landmarks' rows.
     *
     * @param vertices of the 68 landmarks
     * @param size vertices of the mesh
     * @param modes how many
     * @param entry of the mesh's matrix
     * @param sd standard deviation of each mode, or null where the modes are scaled already
     * @return one row of 204 values for each mode
     * @throws IOException if a landmark lies beyond the mesh
     */
    static double[][] of(int[] vertices, int size, int modes, Entry entry, double[] sd)
            throws IOException {
        double[][] rows = new double[modes][LandmarkModel.SIZE];
        for (int p = 0; p < LandmarkModel.POINTS; p++) {
            int v = vertices[p];
            if (v < 0 || v >= size) {
                throw new IOException(
                        "Landmark %d is said to be vertex %d, but the mesh has %d; take the list that belongs to this model."
                                .formatted(p + 1, v, size));
            }
            for (int axis = 0; axis < 3; axis++) {
                for (int k = 0; k < modes; k++) {
                    double value = entry.at(3 * v + axis, k);
                    rows[k][3 * p + axis] = sd == null ? value : sd[k] * value;
                }
            }
        }
        return rows;
    }
}
