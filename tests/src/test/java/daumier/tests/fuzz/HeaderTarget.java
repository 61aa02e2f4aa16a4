package daumier.tests.fuzz;

import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.TensorInfo;
import daumier.tests.fuzz.TensorFile.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The header of a safetensors file: whatever it claims, no tensor lies outside the file. */
public final class HeaderTarget implements FuzzTarget {
    private static final List<Entry> SOUND =
            List.of(
                    new Entry("a.weight", "F32", new long[] {2, 3}),
                    new Entry("b", "BF16", new long[] {4}),
                    new Entry("none", "F16", new long[] {0, 7}),
                    new Entry("c.alpha", "F64", new long[0]));

    private final Path file;

    /** Files are written into a folder, one over the other. */
    public HeaderTarget(Path folder) {
        this.file = folder.resolve("header.safetensors");
    }

    @Override
    public String name() {
        return "safetensors headers";
    }

    @Override
    public void attempt(SplittableRandom random) throws Exception {
        Files.write(file, input(random));
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            long size = Files.size(file);
            for (String name : open.names()) {
                TensorInfo info = open.info(name);
                if (info.begin() < 0 || info.end() > size || info.begin() > info.end()) {
                    throw new AssertionError("a tensor outside the file: " + info);
                }
            }
        } catch (IOException e) {
            throw Refusal.of(e.getMessage());
        }
    }

    private static byte[] input(SplittableRandom random) {
        byte[] sound = TensorFile.of(SOUND, "\"format\":\"pt\",\"k\":\"v\"", random);
        if (random.nextInt(4) == 0) {
            return Mutation.of(sound, random); // also the length, and the end of the file
        }
        int length = (int) ByteBuffer.wrap(sound).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = Mutation.of(Arrays.copyOfRange(sound, 8, 8 + length), random);
        return TensorFile.of(header, Arrays.copyOfRange(sound, 8 + length, sound.length));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
