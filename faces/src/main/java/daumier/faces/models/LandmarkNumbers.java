package daumier.faces.models;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which vertices of a mesh the 68 iBUG landmarks are: 68 numbers in their order, or lines {@code
 * landmark = vertex} with landmarks counted from 1, as mappings between landmarks and meshes are
 * usually written. Vertices count from 0.
 */
final class LandmarkNumbers {
    private static final Pattern PAIR =
            Pattern.compile("^\\s*\"?(\\d+)\"?\\s*[=:]\\s*\"?(\\d+)\"?\\s*,?\\s*(#.*)?$");
    private static final long LARGEST = 1 << 20;

    private LandmarkNumbers() {}

    /**
     * Reads them.
     *
     * @param file text, or a NumPy array (.npy)
     * @return 68 vertices
     * @throws IOException if it does not name all 68
     */
    static int[] read(Path file) throws IOException {
        if (String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".npy")) {
            double[] values = NumpyFile.array(file).values();
            return checked(Arrays.stream(values).mapToInt(v -> (int) v).toArray(), file);
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + " is no list of 68 vertices.");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (MalformedInputException e) {
            throw new IOException(file + " is no text; give 68 vertices as text or .npy.", e);
        }
        int[] named = new int[LandmarkModel.POINTS];
        Arrays.fill(named, -1);
        boolean pairs = false;
        for (String line : lines) {
            Matcher m = PAIR.matcher(line);
            if (m.matches() && m.group(1).length() < 4 && m.group(2).length() < 10) {
                int landmark = Integer.parseInt(m.group(1));
                pairs = true;
                if (landmark >= 1 && landmark <= named.length) {
                    named[landmark - 1] = Integer.parseInt(m.group(2));
                }
            }
        }
        if (pairs) {
            long missing = Arrays.stream(named).filter(v -> v < 0).count();
            if (missing > 0) {
                throw new IOException(
                        "%s leaves %d of the 68 landmarks without a vertex; name all of them."
                                .formatted(file, missing));
            }
            return named;
        }
        String words = String.join(" ", lines).replaceAll("[\\[\\],;]", " ").strip();
        try {
            int[] plain = Arrays.stream(words.split("\\s+")).mapToInt(Integer::parseInt).toArray();
            return checked(plain, file);
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + " is no list of 68 vertices, counted from 0, in the iBUG order.", e);
        }
    }

    private static int[] checked(int[] vertices, Path file) throws IOException {
        if (vertices.length != LandmarkModel.POINTS) {
            throw new IOException(
                    "%s names %d vertices; the iBUG landmarks are 68."
                            .formatted(file, vertices.length));
        }
        return vertices;
    }
}
