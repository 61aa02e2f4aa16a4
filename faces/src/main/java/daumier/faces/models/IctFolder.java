package daumier.faces.models;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * ICT-FaceKit (Li et al., Learning Formation of Physically-Based Face Attributes, 2020) as its
 * folder {@code FaceXModel} holds it: {@code generic_neutral_mesh.obj}, {@code identity000.obj} and
 * so on, a mesh for every expression, and {@code vertex_indices.json} with the vertices of the 68
 * landmarks. A mode is what sets its mesh apart from the neutral one.
 */
final class IctFolder {
    /** The mesh that a folder of this kind must hold. */
    static final String NEUTRAL = "generic_neutral_mesh.obj";

    private static final String INDICES = "vertex_indices.json";

    private IctFolder() {}

    /**
     * Reads the landmarks' part.
     *
     * @param folder FaceXModel
     * @param expressionSd what one standard deviation of a blend shape is taken to be
     * @return the model
     * @throws IOException if a mesh is missing or does not belong to the others
     */
    static LandmarkModel read(Path folder, double expressionSd) throws IOException {
        int[] vertices = vertices(folder.resolve(INDICES));
        List<Path> meshes = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(f -> name(f).endsWith(".obj") && !name(f).equals(NEUTRAL))
                    .sorted()
                    .forEach(meshes::add);
        }
        double[] mean = landmarks(folder.resolve(NEUTRAL), vertices);
        List<double[]> identity = new ArrayList<>();
        List<double[]> expression = new ArrayList<>();
        for (Path mesh : meshes) {
            boolean person = name(mesh).startsWith("identity");
            double[] mode = landmarks(mesh, vertices);
            for (int i = 0; i < mode.length; i++) {
                mode[i] = (mode[i] - mean[i]) * (person ? 1 : expressionSd);
            }
            // Shapes of eyeballs and lashes move no landmark.
            if (Arrays.stream(mode).anyMatch(v -> v != 0)) {
                (person ? identity : expression).add(mode);
            }
        }
        if (identity.isEmpty()) {
            throw new IOException(
                    folder + " holds no identity000.obj; copy the whole folder FaceXModel.");
        }
        return new LandmarkModel(
                "ICT-FaceKit",
                mean,
                identity.toArray(double[][]::new),
                expression.toArray(double[][]::new));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static int[] vertices(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no " + file + "; copy the whole folder FaceXModel.");
        }
        try {
            JsonObject all = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            JsonArray list = all.getAsJsonArray("idx_to_landmark_verts");
            int[] out = new int[list.size()];
            for (int i = 0; i < out.length; i++) {
                JsonElement one = list.get(i);
                out[i] = one.getAsInt();
            }
            if (out.length == LandmarkModel.POINTS) {
                return out;
            }
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | NumberFormatException e) {
            throw new IOException(file + " names no idx_to_landmark_verts; copy it again.", e);
        }
        throw new IOException(file + " does not name 68 landmarks; copy it again.");
    }

    /** The coordinates of some vertices of a Wavefront mesh. */
    private static double[] landmarks(Path obj, int[] vertices) throws IOException {
        int most = Arrays.stream(vertices).max().orElse(0);
        double[] all = new double[3 * (most + 1)];
        int count = 0;
        try (BufferedReader in = Files.newBufferedReader(obj)) {
            for (String line = in.readLine(); line != null && count <= most; line = in.readLine()) {
                if (line.startsWith("v ")) {
                    String[] words = line.strip().split("\\s+");
                    for (int axis = 0; axis < 3; axis++) {
                        all[3 * count + axis] = Double.parseDouble(words[1 + axis]);
                    }
                    count++;
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(obj + " is no readable Wavefront mesh; copy it again.", e);
        }
        if (count <= most) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "%s has %d vertices, but a landmark is vertex %d; copy it again.",
                            obj,
                            count,
                            most));
        }
        return MeshModes.of(vertices, most + 1, 1, (c, k) -> all[c], null)[0];
    }
}
