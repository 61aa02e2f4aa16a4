package daumier.diffusion.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {

    @TempDir Path folder;
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private void write(String name, Map<String, NDArray> tensors) throws IOException {
        SafetensorsWriter.write(folder.resolve(name), tensors, Map.of(), Dtype.F32);
    }

    private NDArray range(int size) {
        return manager.arange(size).toType(ai.djl.ndarray.types.DataType.FLOAT32, false);
    }

    @Test
    void walksByName() throws IOException {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("down_blocks.0.conv.weight", range(6).reshape(2, 3));
        tensors.put("down_blocks.0.conv.bias", range(2));
        write("diffusion_pytorch_model.safetensors", tensors);

        Weights root = Weights.open(folder, manager);
        Weights conv = root.at("down_blocks").at(0).at("conv");
        assertEquals("down_blocks.0.conv", conv.path());
        assertTrue(conv.has("weight"));
        assertFalse(conv.has("gamma"));
        NDArray weight = conv.get("weight", Init.zeros(), 2, 3);
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, weight.toFloatArray());
        assertSame(weight, conv.get("weight", Init.zeros(), 2, 3));
        assertEquals(Set.of("down_blocks.0.conv.bias"), root.unused());
        assertEquals(Set.of("down_blocks.0.conv.weight"), root.parameters().keySet());
        assertTrue(conv.find("gamma", Init.ones(), 2).isEmpty());
    }

    @Test
    void reshapesOnlyTrailingOnes() throws IOException {
        write("model.safetensors", Map.of("proj.weight", range(6).reshape(2, 3, 1, 1)));
        Weights root = Weights.open(folder, manager);
        assertArrayEquals(new long[] {2, 3, 1, 1}, root.at("proj").shape("weight").orElseThrow());
        assertEquals(new Shape(2, 3), root.at("proj").get("weight", Init.zeros(), 2, 3).getShape());
        WeightsException wrong =
                assertThrows(
                        WeightsException.class, () -> root.get("proj.weight", Init.zeros(), 3, 2));
        assertTrue(wrong.getMessage().contains("proj.weight"), wrong.getMessage());
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        write("model.safetensors", Map.of("a.weight", range(3)));
        Weights a = Weights.open(folder.resolve("model.safetensors"), manager).at("a");
        WeightsException missing =
                assertThrows(WeightsException.class, () -> a.get("bias", Init.zeros(), 3));
        assertTrue(missing.getMessage().contains("a.bias"), missing.getMessage());
        assertTrue(missing.getMessage().contains("model.safetensors"), missing.getMessage());
        WeightsException shape =
                assertThrows(WeightsException.class, () -> a.get("weight", Init.zeros(), 4));
        assertTrue(shape.getMessage().contains("[3], expected [4]"), shape.getMessage());
    }

    @Test
    void renamesKeysOfTheFile() throws IOException {
        write("model.safetensors", Map.of("mid.query.weight", range(4).reshape(2, 2)));
        Weights root = Weights.open(folder, manager);
        Weights renamed = root.at("mid").renamed(key -> key.replace("to_q", "query"));
        assertTrue(renamed.at("to_q").has("weight"));
        renamed.at("to_q").get("weight", Init.zeros(), 2, 2);
        assertEquals(Set.of("mid.to_q.weight"), root.parameters().keySet());
        assertEquals(Set.of(), root.unused());
    }

    @Test
    void readsShards() throws IOException {
        write("model-00001-of-00002.safetensors", Map.of("a", range(2)));
        write("model-00002-of-00002.safetensors", Map.of("b", range(3)));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":20},\"weight_map\":{"
                        + "\"a\":\"model-00001-of-00002.safetensors\","
                        + "\"b\":\"model-00002-of-00002.safetensors\"}}");
        Weights root = Weights.open(folder, manager);
        assertEquals(2, root.get("b", Init.zeros(), 3).getFloat(2));
        assertEquals(1, root.get("a", Init.zeros(), 2).getFloat(1));
    }

    @Test
    void refusesShardsOutsideTheFolderOrMissing() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../x.safetensors\"}}");
        assertThrows(SafetensorsException.class, () -> Weights.open(folder, manager));
        Files.writeString(index, "{\"weight_map\":{\"a\":\"gone.safetensors\"}}");
        IOException gone = assertThrows(IOException.class, () -> Weights.open(folder, manager));
        assertTrue(gone.getMessage().contains("gone.safetensors"), gone.getMessage());
        Files.writeString(index, "{\"weight_map\":");
        assertThrows(SafetensorsException.class, () -> Weights.open(folder, manager));
        Files.writeString(index, "[]");
        assertThrows(SafetensorsException.class, () -> Weights.open(folder, manager));
    }

    @Test
    void resolvesFoldersInOrder() throws IOException {
        write("custom.safetensors", Map.of("only", range(1)));
        assertTrue(Weights.open(folder, manager).has("only"));
        write("model.fp16.safetensors", Map.of("half", range(1)));
        assertTrue(Weights.open(folder, manager).has("half"));
        write("model.safetensors", Map.of("full", range(1)));
        assertTrue(Weights.open(folder, manager).has("full"));
        write("diffusion_pytorch_model.fp16.safetensors", Map.of("unet", range(1)));
        assertTrue(Weights.open(folder, manager).has("unet"));
    }

    @Test
    void saysWhyPicklesAreRefused() throws IOException {
        assertThrows(SafetensorsException.class, () -> Weights.open(folder, manager));
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        SafetensorsException inFolder =
                assertThrows(SafetensorsException.class, () -> Weights.open(folder, manager));
        assertTrue(inFolder.getMessage().contains("pickle"), inFolder.getMessage());
        for (String name : new String[] {"m.ckpt", "m.pt", "m.PTH"}) {
            SafetensorsException refused =
                    assertThrows(
                            SafetensorsException.class,
                            () -> Weights.open(folder.resolve(name), manager));
            assertTrue(refused.getMessage().contains("convert it"), refused.getMessage());
        }
    }

    @Test
    void freshValuesDependOnNameAndSeedAlone() {
        Weights one = Weights.initial(manager, 7);
        NDArray a = one.at("x").get("a", Init.normal(0.5), 100, 100);
        NDArray b = one.at("x").get("b", Init.kaimingUniform(25), 1000);
        Weights other = Weights.initial(manager, 7);
        assertArrayEquals(
                b.toFloatArray(), other.get("x.b", Init.kaimingUniform(25), 1000).toFloatArray());
        assertArrayEquals(
                a.toFloatArray(), other.get("x.a", Init.normal(0.5), 100, 100).toFloatArray());
        assertEquals(0.5, a.square().mean().sqrt().getFloat(), 0.02);
        assertEquals(0, a.mean().getFloat(), 0.02);
        assertTrue(b.abs().max().getFloat() <= 0.2f && b.abs().max().getFloat() > 0.19f);
        assertFalse(
                a.contentEquals(
                        Weights.initial(manager, 8).get("x.a", Init.normal(0.5), 100, 100)));
        assertEquals(1, one.find("ones", Init.ones(), 3).orElseThrow().getFloat(2));
        assertEquals(0, one.get("scalar", Init.zeros()).getFloat());
    }

    @Test
    void takesGivenArrays() {
        NDArray array = range(4);
        Weights given = Weights.of(manager, Map.of("w", array));
        assertSame(array, given.get("w", Init.zeros(), 4));
        NDArray whole = manager.create(new int[] {1, 2});
        Weights integers = Weights.of(manager, Map.of("w", whole));
        assertEquals(2f, integers.get("w", Init.zeros(), 2, 1).getFloat(1, 0));
        assertEquals(2, whole.getInt(1));
    }

    @Test
    void halvesAreReadWithoutAnEngine() {
        assertEquals(1f, TensorBytes.half((short) 0x3c00));
        assertEquals(-2.5f, TensorBytes.half((short) 0xc100));
        assertEquals(65504f, TensorBytes.half((short) 0x7bff));
        assertEquals(0x1p-24f, TensorBytes.half((short) 1));
        assertEquals(Float.NEGATIVE_INFINITY, TensorBytes.half((short) 0xfc00));
    }
}
