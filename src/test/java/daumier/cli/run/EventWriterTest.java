package daumier.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files hold what TensorBoard's own reader looks for. */
final class EventWriterTest {
    @TempDir private Path folder;

    /** The check value of CRC-32C, "123456789" to e3069283, masked as TFRecord masks it. */
    @Test
    void theChecksumIsMaskedCrc32c() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        int crc = 0xe3069283;
        assertEquals(
                ((crc >>> 15) | (crc << 17)) + 0xa282ead8,
                EventWriter.maskedCrc(digits, 0, digits.length));
    }

    @Test
    void scalarsArriveWithTagStepAndValue() throws IOException {
        try (EventWriter writer = EventWriter.create(folder, 0)) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("train/loss", 0.5);
            values.put("train/none", Double.NaN);
            values.put("rollout/ep_rew_mean", -2.25);
            writer.scalars(300, values);
        }
        List<byte[]> events = records(onlyFile());
        assertEquals(2, events.size());
        Map<Integer, Object> version = fields(events.get(0));
        assertEquals("brain.Event:2", text(version.get(3)));
        Map<Integer, Object> event = fields(events.get(1));
        assertEquals(300L, event.get(2));
        assertTrue(Double.longBitsToDouble((Long) event.get(1)) > 1.6e9);
        // The last value of the summary.
        Map<Integer, Object> value = fields((byte[]) fields((byte[]) event.get(5)).get(1));
        assertEquals("rollout/ep_rew_mean", text(value.get(1)));
        assertEquals(-2.25f, Float.intBitsToFloat(((Long) value.get(2)).intValue()));
        String all = new String(events.get(1), StandardCharsets.ISO_8859_1);
        assertTrue(all.contains("train/loss"));
        assertTrue(!all.contains("train/none"));
    }

    @Test
    void aResumedFileHidesRepeatedSteps() throws IOException {
        EventWriter.create(folder, 0).close();
        try (EventWriter writer = EventWriter.create(folder, 513)) {
            writer.image(513, "samples", 2, 3, new byte[] {1, 2});
        }
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
        Path second;
        try (var files = Files.list(folder)) {
            second = files.max(Comparator.comparingLong(f -> f.toFile().length())).orElseThrow();
        }
        List<byte[]> events = records(second);
        Map<Integer, Object> start = fields(events.get(1));
        assertEquals(513L, start.get(2));
        assertEquals(1L, fields((byte[]) start.get(7)).get(1));
        Map<Integer, Object> summary = fields((byte[]) fields(events.get(2)).get(5));
        Map<Integer, Object> image = fields((byte[]) fields((byte[]) summary.get(1)).get(4));
        assertEquals(3L, image.get(1));
        assertEquals(2L, image.get(2));
        assertArrayEquals(new byte[] {1, 2}, (byte[]) image.get(4));
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            assertTrue(
                    file.getFileName()
                            .toString()
                            .matches("events\\.out\\.tfevents\\.\\d{10}\\..+"));
            return file;
        }
    }

    /** The TFRecord frames of a file, their checksums verified. */
    private static List<byte[]> records(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (in.hasRemaining()) {
            int head = EventWriter.maskedCrc(bytes, in.position(), 8);
            byte[] record = new byte[(int) in.getLong()];
            assertEquals(head, in.getInt());
            in.get(record);
            assertEquals(EventWriter.maskedCrc(record, 0, record.length), in.getInt());
            records.add(record);
        }
        return records;
    }

    /** The fields of a protocol-buffer message; the last one wins where one is repeated. */
    private static Map<Integer, Object> fields(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Object> fields = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            int key = (int) varint(in);
            Object value =
                    switch (key & 7) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 5 -> (long) in.getInt();
                        default -> {
                            byte[] bytes = new byte[(int) varint(in)];
                            in.get(bytes);
                            yield bytes;
                        }
                    };
            fields.put(key >>> 3, value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
