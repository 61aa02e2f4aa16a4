package daumier.diffusion.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of the Python package are read as it reads them, and written as it writes them. */
class SafetensorsParityTest {

    @TempDir Path folder;

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(SafetensorsParityTest.class.getResource("/weights/" + name).toURI());
    }

    @Test
    void readsEveryType() throws IOException, URISyntaxException {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(golden("all-types.safetensors"))) {
            assertEquals(Map.of("made by", "safetensors é\n\"quoted\""), file.metadata());
            assertEquals(new Shape(3, 5), file.load(manager, "f32").getShape());
            for (String name : List.of("f64", "f16", "bf16", "f16_special", "bf16_special")) {
                NDArray array = file.load(manager, name);
                assertEquals(DataType.FLOAT32, array.getDataType());
                assertArrayEquals(
                        file.load(manager, name + ".expected").toFloatArray(),
                        array.toFloatArray(),
                        name);
            }
            assertArrayEquals(
                    new long[] {1, -2, 1L << 40, -(1L << 62)},
                    file.load(manager, "i64").toLongArray());
            assertArrayEquals(new int[] {7, -8}, file.load(manager, "i32").toIntArray());
            assertArrayEquals(new int[] {300, -301, 5}, file.load(manager, "i16").toIntArray());
            assertArrayEquals(new byte[] {-128, 127}, file.load(manager, "i8").toByteArray());
            assertArrayEquals(new int[] {0, 200, 255}, file.load(manager, "u8").toUint8Array());
            assertArrayEquals(
                    new boolean[] {true, false, true}, file.load(manager, "bool").toBooleanArray());
            NDArray scalar = file.load(manager, "scalar");
            assertEquals(new Shape(), scalar.getShape());
            assertEquals(2.5f, scalar.getFloat());
            assertEquals(new Shape(0, 4), file.load(manager, "empty").getShape());
            assertThrows(NoSuchElementException.class, () -> file.info("absent"));
        }
    }

    @Test
    void readsUnalignedTensors() throws IOException, URISyntaxException {
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(golden("unaligned.safetensors"))) {
            assertEquals(List.of("a", "f", "h", "b", "l"), file.names());
            assertArrayEquals(new float[] {1.5f, -2.25f}, file.load(manager, "f").toFloatArray());
            assertArrayEquals(new float[] {0.5f, -4}, file.load(manager, "h").toFloatArray());
            assertArrayEquals(new float[] {1, -2}, file.load(manager, "b").toFloatArray());
            assertArrayEquals(new long[] {-5}, file.load(manager, "l").toLongArray());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"F32", "F16", "BF16"})
    void writesTheSameBytes(Dtype type) throws IOException, URISyntaxException {
        String name = "written-" + type.name().toLowerCase(java.util.Locale.ROOT) + ".safetensors";
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray count = manager.arange(6).toType(DataType.FLOAT32, false).reshape(2, 3).div(7);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("block.0.weight", count);
            tensors.put("z", count.get(0).neg());
            tensors.put("ids", manager.create(new long[] {3, 1}));
            Path file = folder.resolve(name);
            SafetensorsWriter.write(file, tensors, Map.of("format", "pt"), type);
            assertArrayEquals(Files.readAllBytes(golden(name)), Files.readAllBytes(file));
            try (Stream<Path> entries = Files.list(folder)) {
                assertEquals(List.of(file), entries.toList());
            }
        }
    }

    @Test
    void roundTripsViewsAndLargeArrays() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray large = manager.randomNormal(new Shape(3000, 1500));
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("large", large);
            tensors.put("transposed", large.transpose());
            tensors.put("flags", manager.create(new boolean[] {true, false}));
            Path path = folder.resolve("x.safetensors");
            SafetensorsWriter.write(path, tensors, Map.of(), Dtype.F32);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                NDArray loaded = file.load(manager, "large");
                assertArrayEquals(large.toFloatArray(), loaded.toFloatArray());
                assertArrayEquals(
                        large.transpose().toFloatArray(),
                        file.load(manager, "transposed").toFloatArray());
                loaded.addi(1); // a loaded array may be written in place
                assertTrue(file.load(manager, "flags").getBoolean(0));
            }
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Path path = folder.resolve("x.safetensors");
            Map<String, NDArray> sound = Map.of("a", manager.ones(new Shape(2)));
            SafetensorsWriter.write(path, sound, Map.of(), Dtype.F32);
            byte[] before = Files.readAllBytes(path);
            NDArray closed = manager.ones(new Shape(3));
            closed.close();
            assertThrows(
                    IllegalStateException.class,
                    () -> SafetensorsWriter.write(path, Map.of("a", closed), Map.of(), Dtype.F32));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> SafetensorsWriter.write(path, sound, Map.of(), Dtype.I64));
            assertArrayEquals(before, Files.readAllBytes(path));
            assertThrows(
                    IOException.class,
                    () ->
                            SafetensorsWriter.write(
                                    folder.resolve("absent/x.safetensors"),
                                    sound,
                                    Map.of(),
                                    Dtype.F32));
        }
    }

    @Test
    void roundsToNearestEvenAndKeepsNaN() {
        assertEquals((short) 0x3f80, SafetensorsWriter.bf16Bits(0x3f808000));
        assertEquals((short) 0x3f82, SafetensorsWriter.bf16Bits(0x3f818000));
        assertEquals((short) 0x7f80, SafetensorsWriter.bf16Bits(Float.floatToIntBits(3.4e38f)));
        assertTrue((SafetensorsWriter.bf16Bits(0x7f800001) & 0x7fff) > 0x7f80);
    }
}
