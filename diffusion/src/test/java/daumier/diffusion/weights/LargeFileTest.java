package daumier.diffusion.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and tensors beyond 2 GiB, as sparse files: they take no room on the disk. */
@Tag("slow")
class LargeFileTest {

    @TempDir Path folder;

    @Test
    void readsPastTwoGigabytes() throws IOException {
        long large = 5L << 29; // 2.5 GiB, as bytes of one tensor
        String header =
                ("{\"large\":{\"dtype\":\"U8\",\"shape\":[5,%d],\"data_offsets\":[0,%d]},"
                                + "\"far\":{\"dtype\":\"F16\",\"shape\":[100000],\"data_offsets\":[%d,%d]}}")
                        .formatted(large / 5, large, large, large + 200_000);
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("large.safetensors");
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer prefix = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(prefix.putLong(text.length).put(text).flip());
            long start = 8L + text.length;
            channel.write(ByteBuffer.wrap(new byte[] {42}), start + large - 1);
            byte[] one = {0, 0x3c};
            channel.write(ByteBuffer.wrap(one), start + large + 199_998);
        }
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(path)) {
            NDArray far = file.load(manager, "far");
            assertEquals(1f, far.getFloat(99_999));
            assertEquals(0f, far.getFloat(0));
            far.close();
            try (NDArray bytes = file.load(manager, "large");
                    NDArray end = bytes.get("4,-2:")) {
                assertArrayEquals(new int[] {0, 42}, end.toUint8Array());
            }
        }
    }
}
