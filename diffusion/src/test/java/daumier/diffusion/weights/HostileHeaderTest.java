package daumier.diffusion.weights;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a file claims, it is read soundly or refused with a reason. */
class HostileHeaderTest {

    private static final String SOUND =
            "{\"__metadata__\":{\"k\":\"v\"},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                    + "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[16,24]}}";

    @TempDir Path folder;

    private Path file(byte[] header, long claimed, int dataBytes) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(claimed).put(header);
        return Files.write(folder.resolve("hostile.safetensors"), bytes.array());
    }

    private String reason(String header, int dataBytes) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return reason(file(bytes, bytes.length, dataBytes));
    }

    private static String reason(Path file) {
        SafetensorsException refused =
                assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(file).close());
        String message = refused.getMessage();
        assertTrue(message.startsWith(file.toString()) && message.endsWith("."), message);
        assertFalse(message.contains("\n"), message);
        return message.substring(file.toString().length() + 1);
    }

    @Test
    void acceptsASoundFile() throws IOException {
        byte[] header = SOUND.getBytes(StandardCharsets.UTF_8);
        Path path = file(header, header.length, 24);
        assertDoesNotThrow(() -> SafetensorsFile.open(path).close());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":                              | not valid JSON",
                "{} {}                                | not valid JSON",
                "{'a':1}                              | not valid JSON",
                "{\"a\":1}                            | not valid JSON",
                "{\"a\":{}}                           | lacks a dtype",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | two offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}} | more than 2",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | bytes 4 to 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[7],\"data_offsets\":[0,28]}} | cut short",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,24]}} | takes 8 bytes",
                "{\"a\":{\"dtype\":\"F99\",\"shape\":[6],\"data_offsets\":[0,24]}} | element type",
                "{\"a\":{\"dtype\":4,\"shape\":[6],\"data_offsets\":[0,24]}} | not a string",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-6],\"data_offsets\":[0,24]}} | not a size",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[6.5],\"data_offsets\":[0,24]}} | not a size",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[6e0],\"data_offsets\":[0,24]}} | not a size",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"6\"],\"data_offsets\":[0,24]}} | list of",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,24]}}"
                        + " | not a size",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],"
                        + "\"data_offsets\":[0,24]}} | beyond all memory",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967296,4294967296],"
                        + "\"data_offsets\":[0,0]}} | beyond all memory",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}"
                        + " | names tensor 'a' twice",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}"
                        + " | field dtype twice",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24],\"x\":1}}"
                        + " | unknown field",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}"
                        + " | overlaps",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}"
                        + " | overlaps",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}"
                        + " | belong to no tensor",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 16 bytes after",
                "{\"__metadata__\":{\"k\":1}}         | not a string",
                "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}} | metadata 'k' twice",
                "{\"__metadata__\":{},\"__metadata__\":{}} | __metadata__ twice",
            })
    void refusesWithTheReason(String header, String expected) throws IOException {
        String reason = reason(header.strip(), 24);
        assertTrue(reason.contains(expected), reason);
    }

    @Test
    void refusesTooManyDimensions() throws IOException {
        String header =
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[%s1],\"data_offsets\":[0,1]}}"
                        .formatted("1,".repeat(100_000));
        assertTrue(reason(header, 1).contains("more than 32"));
    }

    @Test
    void refusesDeepNesting() throws IOException {
        assertTrue(reason("{\"a\":" + "[".repeat(1_000_000), 0).contains("not valid JSON"));
    }

    @Test
    void refusesABrokenEncoding() throws IOException {
        byte[] header = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '{', '}', '}'};
        assertTrue(reason(file(header, header.length, 0)).contains("not valid JSON"));
    }

    @Test
    void refusesLengthsThatCannotBe() throws IOException {
        byte[] header = SOUND.getBytes(StandardCharsets.UTF_8);
        assertTrue(reason(file(header, -1, 24)).contains("18446744073709551615 bytes"));
        assertTrue(reason(file(header, Long.MAX_VALUE, 24)).contains("at most 100000000"));
        assertTrue(reason(file(header, 100_000_001, 24)).contains("at most 100000000"));
        assertTrue(reason(file(header, 100_000, 24)).contains("cut short"));
        assertTrue(reason(file(header, 1, 24)).contains("damaged"));
        assertTrue(reason(file(header, header.length + 3, 24)).contains("damaged"));
        assertTrue(reason(file(header, header.length - 3, 24)).contains("not valid JSON"));
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] header = SOUND.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Files.readAllBytes(file(header, header.length, 24));
        for (int length = 0; length < whole.length; length++) {
            reason(
                    Files.write(
                            folder.resolve("cut.safetensors"),
                            java.util.Arrays.copyOf(whole, length)));
        }
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        assertThrows(
                NoSuchFileException.class,
                () -> SafetensorsFile.open(folder.resolve("absent.safetensors")).close());
        reason(folder);
        reason(
                Files.writeString(
                        folder.resolve("text.safetensors"), "hello, these are no weights"));
    }

    /** A header of 100 MB is within the bound; a file of holes must cost no memory. */
    @Test
    void refusesALongEmptyHeaderQuickly() throws IOException {
        Path path = folder.resolve("sparse.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(200_000_000);
            ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            file.write(start.putLong(99_999_999).put((byte) '{').array());
        }
        assertTrue(reason(path).contains("not valid JSON"));
    }

    /** Seeded mutations of a header: read or refused, never anything else. */
    @Test
    void survivesMutations() throws IOException {
        byte[] sound = SOUND.getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(3);
        String alphabet = "{}[]\",:0123456789-+.eE \\/ntfu'#F32BI16_\u0000\u007f";
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] header = sound.clone();
            for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
                int at = random.nextInt(header.length);
                switch (random.nextInt(4)) {
                    case 0 ->
                            header[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                    case 1 -> header[at] = (byte) random.nextInt(256);
                    case 2 -> header = cut(header, at, random.nextInt(1, 20));
                    default -> header = repeated(header, at, random.nextInt(1, 40));
                }
            }
            int dataBytes = random.nextInt(5) == 0 ? 25 : 24;
            try {
                SafetensorsHeader.read("x", new ByteArrayInputStream(header), dataBytes)
                        .tensors()
                        .values()
                        .forEach(info -> assertTrue(info.end() <= 24));
                read++;
            } catch (SafetensorsException expected) {
                refused++;
            }
        }
        assertEquals(4000, read + refused);
        assertTrue(read > 5 && refused > 3000, read + " read, " + refused + " refused");
    }

    private static byte[] cut(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] result = new byte[Math.max(2, bytes.length - (end - at))];
        System.arraycopy(bytes, 0, result, 0, Math.min(at, result.length));
        int tail = Math.min(bytes.length - end, Math.max(0, result.length - at));
        System.arraycopy(bytes, end, result, Math.min(at, result.length - tail), tail);
        return result;
    }

    private static byte[] repeated(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] result = new byte[bytes.length + end - at];
        System.arraycopy(bytes, 0, result, 0, end);
        System.arraycopy(bytes, at, result, end, bytes.length - at);
        return result;
    }
}
