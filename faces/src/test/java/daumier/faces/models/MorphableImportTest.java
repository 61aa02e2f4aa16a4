package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models that people have, as {@code make_morphables.py} writes them in their own forms. */
final class MorphableImportTest {
    @TempDir private Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(MorphableImportTest.class.getResource("morphable/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void compare(String name, LandmarkModel model) throws IOException {
        JsonObject golden =
                JsonParser.parseString(Files.readString(resource("goldens.json")))
                        .getAsJsonObject()
                        .getAsJsonObject(name);
        Gson gson = new Gson();
        double[] mean = gson.fromJson(golden.get("mean"), double[].class);
        double size = Arrays.stream(mean).map(Math::abs).max().orElseThrow();
        assertArrayEquals(mean, model.mean(), 1e-6 * size);
        rows(gson.fromJson(golden.get("identity"), double[][].class), model.identity(), size);
        rows(gson.fromJson(golden.get("expression"), double[][].class), model.expression(), size);
        LinearHeads heads = new LinearHeads(model, new ProceduralModel());
        assertTrue(heads.identityBasis().length >= 1);
    }

    private static void rows(double[][] expected, double[][] found, double size) {
        assertEquals(expected.length, found.length);
        for (int k = 0; k < expected.length; k++) {
            assertArrayEquals(expected[k], found[k], 1e-6 * size);
        }
    }

    @Test
    void theBaselModelOf2009IsRead() throws IOException {
        for (String list : new String[] {"vertices.txt", "pairs.txt"}) {
            compare(
                    "basel2009",
                    MorphableImport.read(resource("basel2009.mat"), Optional.of(resource(list))));
        }
    }

    @Test
    void theBaselModelOf2017IsRead() throws IOException {
        compare(
                "basel2017",
                MorphableImport.read(
                        resource("basel2017.h5"), Optional.of(resource("vertices.txt"))));
    }

    @Test
    void theFolderOfIctFaceKitIsRead() throws IOException {
        compare("FaceXModel", MorphableImport.read(resource("FaceXModel"), Optional.empty()));
    }

    @Test
    void theBasesOf3ddfaAreRead() throws IOException {
        compare("threeddfa", MorphableImport.read(resource("threeddfa"), Optional.empty()));
    }

    @Test
    void theNeutralFormIsReadAgain() throws IOException {
        LandmarkModel model = MorphableImport.read(resource("FaceXModel"), Optional.empty());
        Path file = folder.resolve("again.safetensors");
        model.write(file);
        compare("FaceXModel", MorphableImport.read(file, Optional.empty()));
    }

    private static void refused(String words, Path source, Path landmarks) {
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> MorphableImport.read(source, Optional.ofNullable(landmarks)));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        Path list = resource("vertices.txt");
        assertThrows(
                NoSuchFileException.class,
                () -> MorphableImport.read(folder.resolve("none.mat"), Optional.empty()));
        refused("--landmarks", resource("basel2009.mat"), null);
        refused("--landmarks", resource("basel2017.h5"), null);
        refused("is no folder of a face model", folder, null);
        refused("known", Files.writeString(folder.resolve("a.txt"), "a"), null);
        refused("version 5", Files.writeString(folder.resolve("a.mat"), "not one"), list);
        refused("-v7", Files.writeString(folder.resolve("b.mat"), "MATLAB 7.3 MAT-file"), list);
        refused("HDF5", Files.writeString(folder.resolve("a.h5"), "not one"), list);
        byte[] mat = Files.readAllBytes(resource("basel2009.mat"));
        byte[] hdf = Files.readAllBytes(resource("basel2017.h5"));
        for (int length : new int[] {100, 200, mat.length / 2, mat.length - 9}) {
            Path cut = Files.write(folder.resolve("cut.mat"), Arrays.copyOf(mat, length));
            assertThrows(IOException.class, () -> MorphableImport.read(cut, Optional.of(list)));
        }
        for (int length : new int[] {100, 900, hdf.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(hdf, length));
            assertThrows(IOException.class, () -> MorphableImport.read(cut, Optional.of(list)));
        }
    }

    @Test
    void listsOfVerticesAreChecked() throws IOException {
        Path mat = resource("basel2009.mat");
        Path list = folder.resolve("list.txt");
        refused("names 3 vertices", mat, Files.writeString(list, "1 2 3"));
        refused("no list of 68", mat, Files.writeString(list, "one two"));
        refused("leaves 66", mat, Files.writeString(list, "1 = 5\n2 = 7\n"));
        StringBuilder far = new StringBuilder();
        for (int i = 0; i < 68; i++) {
            far.append(1000 + i).append('\n');
        }
        refused("the mesh has 90", mat, Files.writeString(list, far));
        refused("the mesh has 90", resource("basel2017.h5"), list);
    }

    @Test
    void halfAFolderIsRefused() throws IOException {
        try (Stream<Path> all = Files.list(resource("FaceXModel"))) {
            for (Path file : all.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path indices = folder.resolve("vertex_indices.json");
        String whole = Files.readString(indices);
        refused("idx_to_landmark_verts", folder, without(indices, "{}"));
        refused("68", folder, without(indices, "{\"idx_to_landmark_verts\": [1, 2]}"));
        Files.delete(indices);
        refused("vertex_indices.json", folder, null);
        Files.writeString(indices, whole);
        Files.writeString(folder.resolve("jawOpen.obj"), "v 1 2\n");
        refused("Wavefront", folder, null);
        Files.writeString(folder.resolve("jawOpen.obj"), "v 1 2 3\n");
        refused("has 1 vertices", folder, null);
        Files.delete(folder.resolve("jawOpen.obj"));
        Files.delete(folder.resolve("identity000.obj"));
        Files.delete(folder.resolve("identity001.obj"));
        refused("identity000.obj", folder, null);
    }

    private static Path without(Path indices, String text) throws IOException {
        Files.writeString(indices, text);
        return null;
    }
}
