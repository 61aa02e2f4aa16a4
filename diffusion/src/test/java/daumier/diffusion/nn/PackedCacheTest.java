package daumier.diffusion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.diffusion.weights.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packed weights that are kept from one program to the next. */
class PackedCacheTest {
    private static final long ROOMY = 1 << 30;
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
    @RegisterExtension static final TestKernels KERNELS = new TestKernels();

    @TempDir Path folder;
    private Golden golden;
    private Path checkpoint;
    private Path kept;

    @BeforeEach
    void open() throws Exception {
        golden = new Golden("unet_sd");
        checkpoint = folder.resolve("unet.safetensors");
        SafetensorsWriter.write(checkpoint, golden.group("w/"), Map.of(), Dtype.F32);
        kept = folder.resolve("kept");
    }

    @AfterEach
    void close() {
        golden.close();
    }

    /** What the U-Net makes of the golden's input, by a cache of so many bytes, or none. */
    private float[] drawn(Precision precision, long mostBytes) throws Exception {
        try (NDManager manager = NDManager.newBaseManager();
                PackedCache cache = new PackedCache(kept, mostBytes)) {
            Weights weights = Weights.open(checkpoint, manager);
            UNet2DConditionModel unet =
                    UNet2DConditionModel.forDrawing(
                            UNetConfig.parse(golden.config()),
                            weights,
                            KERNELS.get(),
                            precision,
                            mostBytes == 0 ? null : cache);
            assertEquals(List.of(), List.copyOf(weights.unused()));
            return unet.forward(
                            golden.get("in/sample"),
                            golden.get("in/t"),
                            golden.get("in/text"),
                            Forward.in(precision))
                    .toFloatArray();
        }
    }

    private List<Path> files() throws Exception {
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(kept)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void drawsTheSameFromWhatWasKept(Precision precision) throws Exception {
        float[] expected = drawn(precision, 0);
        assertArrayEquals(expected, drawn(precision, ROOMY), "being kept");
        Path file = files().get(0);
        Files.setLastModifiedTime(file, LONG_AGO);
        assertArrayEquals(expected, drawn(precision, ROOMY), "from what was kept");
        assertEquals(List.of(file), files());
        assertTrue(Files.getLastModifiedTime(file).compareTo(LONG_AGO) > 0, "it was not used");
    }

    @Test
    void encodesTheSameFromWhatWasKept() throws Exception {
        try (Golden text = new Golden("clip_quick_gelu")) {
            SafetensorsWriter.write(checkpoint, text.group("w/"), Map.of(), Dtype.F16);
            float[][] states = new float[2][];
            for (int i = 0; i < 2; i++) {
                try (NDManager manager = NDManager.newBaseManager();
                        PackedCache cache = new PackedCache(kept, ROOMY)) {
                    Weights weights = Weights.open(checkpoint, manager);
                    NDArray last =
                            ClipTextModel.forDrawing(
                                            ClipTextConfig.parse(text.config()),
                                            weights,
                                            KERNELS.get(),
                                            cache)
                                    .forward(text.get("in/ids"));
                    Golden.assertClose("last", text.get("out/last"), last, 1e-3);
                    states[i] = last.toFloatArray();
                    assertEquals(List.of(), List.copyOf(weights.unused()));
                }
            }
            assertArrayEquals(states[0], states[1]);
            assertEquals(1, files().size());
        }
    }

    @Test
    void aDamagedFileIsMadeAgain() throws Exception {
        float[] expected = drawn(Precision.BF16, ROOMY);
        Path file = files().get(0);
        byte[] sound = Files.readAllBytes(file);
        int header =
                Math.toIntExact(ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong());
        for (int place : new int[] {0, 9, header - 100, header + 8, sound.length - 1}) {
            byte[] damaged = sound.clone();
            damaged[place] ^= 0x41;
            Files.write(file, damaged);
            assertArrayEquals(expected, drawn(Precision.BF16, ROOMY), "byte " + place);
            assertEquals(sound.length, Files.size(file), "byte " + place);
            assertNotEquals(-1, Arrays.mismatch(damaged, Files.readAllBytes(file)));
        }
        for (int length : new int[] {0, 7, 100, sound.length / 2, sound.length - 1}) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertArrayEquals(expected, drawn(Precision.BF16, ROOMY), length + " bytes");
            assertEquals(sound.length, Files.size(file), length + " bytes");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFailure() throws Exception {
        Files.writeString(kept, "a file where the folder would be");
        assertArrayEquals(drawn(Precision.BF16, 0), drawn(Precision.BF16, ROOMY));
    }

    @Test
    void anotherCheckpointInTheSamePlaceIsNotMistaken() throws Exception {
        float[] before = drawn(Precision.FP32, ROOMY);
        FileTime time = Files.getLastModifiedTime(checkpoint);
        try (FileChannel channel = FileChannel.open(checkpoint, StandardOpenOption.WRITE)) {
            ByteBuffer ones = ByteBuffer.allocate(1 << 12);
            for (long at = channel.size() / 2;
                    at + ones.capacity() < channel.size();
                    at += 1 << 14) {
                channel.write(ones.clear(), at);
            }
        }
        Files.setLastModifiedTime(checkpoint, time);
        float[] after = drawn(Precision.FP32, ROOMY);
        assertNotEquals(before[0], after[0]);
        assertArrayEquals(drawn(Precision.FP32, 0), after);
        assertEquals(2, files().size());
    }

    @Test
    void whatWasUsedLeastRecentlyMakesRoom() throws Exception {
        drawn(Precision.BF16, ROOMY);
        Path first = files().get(0);
        Path part = Files.writeString(kept.resolve("x.safetensors.1.part"), "of a stopped program");
        Files.setLastModifiedTime(part, LONG_AGO);
        drawn(Precision.FP32, ROOMY);
        assertTrue(Files.notExists(part));
        Path second = files().stream().filter(f -> !f.equals(first)).findFirst().orElseThrow();
        long bytes = Files.size(second);
        Files.delete(second);
        Files.setLastModifiedTime(first, LONG_AGO);
        drawn(Precision.FP32, bytes);
        assertEquals(1, files().size(), "one was to go: " + files());
        assertTrue(Files.notExists(first));
        drawn(Precision.BF16, bytes / 2);
        assertEquals(1, files().size(), "what is too large is not kept: " + files());
    }
}
