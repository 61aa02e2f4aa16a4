package daumier.faces.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;

/**
 * The Basel Face Model 2009 (Paysan et al., A 3D Face Model for Pose and Illumination Invariant
 * Face Recognition, 2009) as its MATLAB file holds it: {@code shapeMU} (3n, 1), {@code shapePC}
 * (3n, k) and {@code shapeEV} (k, 1), which are standard deviations: a face is {@code shapeMU +
 * shapePC (a * shapeEV)}, in micrometres. It has no expressions and names no landmarks.
 */
final class BaselMat {
    private static final Set<String> NEEDED = Set.of("shapeMU", "shapePC", "shapeEV");
    private static final int HEADER = 128;

    private BaselMat() {}

    /**
     * Reads the landmarks' part; texture is passed over.
     *
     * @param file 01_MorphableModel.mat
     * @param vertices of the 68 landmarks
     * @return the model
     * @throws IOException if it holds something else
     */
    static LandmarkModel read(Path file, int[] vertices) throws IOException {
        String head = head(file);
        if (head.startsWith("MATLAB 7.3")) {
            throw new IOException(
                    file + " is a MATLAB 7.3 file; save it again with save(..., '-v7').");
        }
        if (!head.startsWith("MATLAB 5.0")) {
            throw new IOException(file + " is no MATLAB file of version 5 (save(..., '-v7')).");
        }
        try (Source source = Sources.openFile(file.toFile());
                MatFile all =
                        Mat5.newReader(source)
                                .setEntryFilter(e -> NEEDED.contains(e.getName()))
                                .readMat()) {
            Matrix mu = matrix(all, "shapeMU", file);
            Matrix pc = matrix(all, "shapePC", file);
            Matrix ev = matrix(all, "shapeEV", file);
            int rows = pc.getNumRows();
            int modes = pc.getNumCols();
            if (rows % 3 != 0 || mu.getNumElements() != rows || ev.getNumElements() != modes) {
                throw new IOException(
                        "%s: shapeMU, shapePC and shapeEV do not belong together; take the original file."
                                .formatted(file));
            }
            double[] sd = new double[modes];
            Arrays.setAll(sd, ev::getDouble);
            double[] mean = MeshModes.of(vertices, rows / 3, 1, (c, k) -> mu.getDouble(c), null)[0];
            double[][] identity = MeshModes.of(vertices, rows / 3, modes, pc::getDouble, sd);
            return new LandmarkModel("Basel Face Model 2009", mean, identity, new double[0][]);
        } catch (RuntimeException e) {
            throw new IOException(file + " is cut short or damaged; copy it again.", e);
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEADER), StandardCharsets.ISO_8859_1);
        }
    }

    private static Matrix matrix(MatFile all, String name, Path file) throws IOException {
        for (MatFile.Entry e : all.getEntries()) {
            Array value = e.getValue();
            if (e.getName().equals(name) && value instanceof Matrix m) {
                return m;
            }
        }
        throw new IOException(
                "%s holds no %s: that is not the Basel Face Model 2009 (01_MorphableModel.mat)."
                        .formatted(file, name));
    }
}
