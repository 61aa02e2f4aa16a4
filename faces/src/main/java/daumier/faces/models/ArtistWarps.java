package daumier.faces.models;

import daumier.faces.measure.DisplacementField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of photographs with the warp an artist made of each, as AutoToon's data set has them
 * (Gong, Hold-Geoffroy and Lu, AutoToon, WACV 2020): {@code NAME_photo.jpg} beside {@code
 * NAME_flow.npy}.
 *
 * @param pairs in the order of their names
 */
public record ArtistWarps(List<Pair> pairs) {
    private static final String PHOTO = "_photo.jpg";

    /**
     * One photograph and its warp.
     *
     * @param photo the picture
     * @param flow (2, n, n): horizontal before vertical displacements of the backward map, in half
     *     sides of the picture; cells lie as pixels do, their centres half a cell from the edge
     */
    public record Pair(Path photo, Path flow) {
        /**
         * The warp for a picture that shows the same.
         *
         * @param width in pixels
         * @param height in pixels
         * @return a node for each pixel of the longer side
         * @throws IOException if the file is no such array
         */
        public DisplacementField field(int width, int height) throws IOException {
            Tensor t = NumpyFile.array(flow);
            int[] shape = t.shape();
            if (shape.length != 3 || shape[0] != 2 || shape[1] != shape[2] || shape[1] < 2) {
                throw new IOException(flow + " is no warp; it needs the shape (2, n, n).");
            }
            int n = shape[1];
            int nodes = Math.max(width, height);
            float[] dx = new float[nodes * nodes];
            float[] dy = new float[nodes * nodes];
            for (int j = 0; j < nodes; j++) {
                double y = place(j, nodes, height, n);
                for (int i = 0; i < nodes; i++) {
                    double x = place(i, nodes, width, n);
                    dx[j * nodes + i] = (float) (bilinear(t.values(), 0, n, x, y) * width / 2);
                    dy[j * nodes + i] = (float) (bilinear(t.values(), 1, n, x, y) * height / 2);
                }
            }
            return new DisplacementField(width, height, nodes, dx, dy);
        }

        private static double place(int node, int nodes, int pixels, int cells) {
            double pixel = node * (pixels - 1.0) / (nodes - 1);
            return Math.max(0, Math.min(cells - 1.0, (pixel + 0.5) / pixels * cells - 0.5));
        }

        private static double bilinear(double[] v, int channel, int n, double x, double y) {
            int i = Math.min(n - 2, (int) x);
            int j = Math.min(n - 2, (int) y);
            double fx = x - i;
            double fy = y - j;
            int k = (channel * n + j) * n + i;
            return (v[k] * (1 - fx) + v[k + 1] * fx) * (1 - fy)
                    + (v[k + n] * (1 - fx) + v[k + n + 1] * fx) * fy;
        }
    }

    /**
     * Lists a folder.
     *
     * @param folder of pairs; photographs without a warp are passed over
     * @return the pairs
     * @throws IOException if it is no folder or holds no pair
     */
    public static ArtistWarps open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder; name one of photographs and warps.");
        }
        List<Pair> pairs = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path photo : all.sorted().toList()) {
                String name = String.valueOf(photo.getFileName());
                if (name.endsWith(PHOTO)) {
                    String stem = name.substring(0, name.length() - PHOTO.length());
                    Path flow = photo.resolveSibling(stem + "_flow.npy");
                    if (Files.isRegularFile(flow)) {
                        pairs.add(new Pair(photo, flow));
                    }
                }
            }
        }
        if (pairs.isEmpty()) {
            throw new IOException(
                    folder + " holds no NAME_photo.jpg beside a NAME_flow.npy; name another.");
        }
        return new ArtistWarps(List.copyOf(pairs));
    }
}
