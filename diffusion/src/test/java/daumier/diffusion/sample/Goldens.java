package daumier.diffusion.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.weights.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What make_goldens.py wrote, and how closely to agree with it. */
final class Goldens {
    private Goldens() {}

    static Path path(String name) {
        try {
            return Path.of(Goldens.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static SafetensorsFile open(String name) throws IOException {
        return SafetensorsFile.open(path(name));
    }

    static String text(String name) throws IOException {
        try (InputStream in = Goldens.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static float[] floats(SafetensorsFile file, String name) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            return file.load(manager, name).toFloatArray();
        }
    }

    /** The largest difference over the largest expected magnitude. */
    static double relative(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        double difference = 0;
        double size = 1e-12;
        for (int i = 0; i < expected.length; i++) {
            assertTrue(Float.isFinite(actual[i]), "not finite at " + i);
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
            size = Math.max(size, Math.abs(expected[i]));
        }
        return difference / size;
    }

    static void assertClose(float[] expected, NDArray actual, double tolerance, String what) {
        double relative = relative(expected, actual.toFloatArray());
        assertTrue(relative <= tolerance, what + " is off by " + relative);
    }
}
