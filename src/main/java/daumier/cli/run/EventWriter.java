package daumier.cli.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: protocol-buffer events in TFRecord frames (length, masked CRC32C of the
 * length, bytes, masked CRC32C of the bytes), written by hand because the format is that small.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">
 *     event.proto</a>
 */
public final class EventWriter implements AutoCloseable {
    private static final int CRC_MASK_DELTA = 0xa282ead8;

    private final OutputStream out;

    private EventWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * A new event file in a folder, named as TensorBoard expects it.
     *
     * @param folder an existing folder
     * @param step the first step that will be written; steps from there on in older files of the
     *     folder count as repeated and are hidden
     * @return the writer
     * @throws IOException when it cannot be written
     */
    public static EventWriter create(Path folder, long step) throws IOException {
        long seconds = System.currentTimeMillis() / 1000;
        String base = "events.out.tfevents.%010d.%s".formatted(seconds, host());
        Path file = folder.resolve(base);
        for (int i = 1; Files.exists(file); i++) {
            file = folder.resolve(base + "." + i);
        }
        EventWriter writer = new EventWriter(Files.newOutputStream(file));
        writer.event(0, message -> message.text(3, "brain.Event:2"));
        if (step > 0) {
            writer.event(step, message -> message.message(7, log -> log.integer(1, 1)));
        }
        return writer;
    }

    /**
     * Writes figures of one step.
     *
     * @param step the step, for instance environment steps so far
     * @param values by tag, for instance {@code train/loss}; NaN is left out
     * @throws IOException when it cannot be written
     */
    public void scalars(long step, Map<String, Double> values) throws IOException {
        event(
                step,
                event ->
                        event.message(
                                5,
                                summary ->
                                        values.forEach(
                                                (tag, value) -> {
                                                    if (!value.isNaN()) {
                                                        summary.message(
                                                                1, v -> v.scalar(tag, value));
                                                    }
                                                })));
    }

    /**
     * Writes a picture of one step.
     *
     * @param step the step
     * @param tag for instance {@code samples/held-out}
     * @param width pixels
     * @param height pixels
     * @param png an encoded PNG file
     * @throws IOException when it cannot be written
     */
    public void image(long step, String tag, int width, int height, byte[] png) throws IOException {
        event(
                step,
                event ->
                        event.message(
                                5,
                                summary ->
                                        summary.message(
                                                1,
                                                value -> {
                                                    value.text(1, tag);
                                                    value.message(
                                                            4,
                                                            image -> {
                                                                image.integer(1, height);
                                                                image.integer(2, width);
                                                                image.integer(3, 3);
                                                                image.bytes(4, png);
                                                            });
                                                })));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void event(long step, Consumer<Message> body) throws IOException {
        Message event = new Message();
        event.real(1, System.currentTimeMillis() / 1000.0);
        event.integer(2, step);
        body.accept(event);
        byte[] bytes = event.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(bytes.length);
        frame.putInt(maskedCrc(frame.array(), 0, 8));
        frame.put(bytes);
        frame.putInt(maskedCrc(bytes, 0, bytes.length));
        out.write(frame.array());
    }

    /** The checksum of a TFRecord: CRC32C, rotated and shifted so that it can be nested. */
    static int maskedCrc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK_DELTA;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** A protocol-buffer message being written. */
    private static final class Message extends ByteArrayOutputStream {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int BYTES = 2;
        private static final int FIXED32 = 5;

        void scalar(String tag, double value) {
            text(1, tag);
            key(2, FIXED32);
            littleEndian(Float.floatToIntBits((float) value), Float.BYTES);
        }

        void integer(int field, long value) {
            key(field, VARINT);
            varint(value);
        }

        void real(int field, double value) {
            key(field, FIXED64);
            littleEndian(Double.doubleToLongBits(value), Double.BYTES);
        }

        void text(int field, String value) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(int field, byte[] value) {
            key(field, BYTES);
            varint(value.length);
            writeBytes(value);
        }

        void message(int field, Consumer<Message> body) {
            Message inner = new Message();
            body.accept(inner);
            bytes(field, inner.toByteArray());
        }

        private void key(int field, int type) {
            varint(((long) field << 3) | type);
        }

        private void littleEndian(long bits, int bytes) {
            for (int i = 0; i < bytes; i++) {
                write((int) (bits >>> (8 * i)));
            }
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
        }
    }
}
