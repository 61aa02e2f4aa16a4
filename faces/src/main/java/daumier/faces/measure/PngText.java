package daumier.faces.measure;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;

/** Text chunks of PNG files (PNG specification, third edition, section 11.3.3). */
final class PngText {
    private static final int IHDR_END = 33;
    private static final int MAX_TEXT = 16 << 20;

    private PngText() {}

    /** Puts text chunks behind the header: tEXt where Latin-1 suffices, else iTXt. */
    static byte[] insert(byte[] png, Map<String, String> text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length + 256);
        out.write(png, 0, IHDR_END);
        text.forEach((keyword, value) -> write(out, keyword, value));
        out.write(png, IHDR_END, png.length - IHDR_END);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String keyword, String value) {
        if (!keyword.matches("[!-~]([ -~]{0,77}[!-~])?")) {
            throw new IllegalArgumentException(
                    "'" + keyword + "' is no PNG keyword: 1 to 79 plain characters.");
        }
        boolean latin = StandardCharsets.ISO_8859_1.newEncoder().canEncode(value);
        Charset charset = latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        byte[] key = keyword.getBytes(StandardCharsets.ISO_8859_1);
        byte[] body = value.getBytes(charset);
        // iTXt: a zero byte, no compression (two bytes), no language tag, no translated keyword.
        int zeros = latin ? 1 : 5;
        ByteBuffer chunk = ByteBuffer.allocate(12 + key.length + zeros + body.length);
        chunk.putInt(key.length + zeros + body.length);
        chunk.put((latin ? "tEXt" : "iTXt").getBytes(StandardCharsets.ISO_8859_1));
        chunk.put(key).put(new byte[zeros]).put(body);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, chunk.position() - 4);
        chunk.putInt((int) crc.getValue());
        out.writeBytes(chunk.array());
    }

    /** All text chunks; empty if the bytes are no PNG file. */
    static Map<String, String> read(byte[] file) throws IOException {
        Map<String, String> text = new LinkedHashMap<>();
        ByteBuffer b = ByteBuffer.wrap(file);
        if (file.length < IHDR_END || b.getLong(0) != 0x89504E470D0A1A0AL) {
            return text;
        }
        long at = 8;
        while (at + 12 <= file.length) {
            int p = (int) at;
            long length = b.getInt(p) & 0xffffffffL;
            if (at + 12 + length > file.length) {
                break;
            }
            String type = new String(file, p + 4, 4, StandardCharsets.ISO_8859_1);
            int end = p + 8 + (int) length;
            int zero = zero(file, p + 8, end);
            if (zero < end) {
                String key = new String(file, p + 8, zero - p - 8, StandardCharsets.ISO_8859_1);
                switch (type) {
                    case "tEXt" -> text.put(key, latin(file, zero + 1, end));
                    case "zTXt" ->
                            text.put(
                                    key,
                                    new String(
                                            inflate(file, Math.min(end, zero + 2), end),
                                            StandardCharsets.ISO_8859_1));
                    case "iTXt" -> international(text, key, file, zero, end);
                    default -> {}
                }
            }
            at += 12 + length;
        }
        return text;
    }

    private static void international(
            Map<String, String> text, String key, byte[] file, int zero, int end)
            throws IOException {
        int language = zero(file, Math.min(end, zero + 3), end);
        int translated = zero(file, Math.min(end, language + 1), end);
        int from = Math.min(end, translated + 1);
        boolean compressed = zero + 1 < end && file[zero + 1] == 1;
        byte[] body =
                compressed
                        ? inflate(file, from, end)
                        : java.util.Arrays.copyOfRange(file, from, end);
        text.put(key, new String(body, StandardCharsets.UTF_8));
    }

    private static String latin(byte[] file, int from, int to) {
        return new String(file, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static int zero(byte[] file, int from, int end) {
        int i = from;
        while (i < end && file[i] != 0) {
            i++;
        }
        return i;
    }

    private static byte[] inflate(byte[] file, int from, int to) throws IOException {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(file, from, to - from))) {
            return in.readNBytes(MAX_TEXT);
        }
    }
}
