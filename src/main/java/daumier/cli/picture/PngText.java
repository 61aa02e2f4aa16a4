package daumier.cli.picture;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Text chunks of PNG files: {@code tEXt} where Latin-1 is enough, {@code iTXt} otherwise. */
public final class PngText {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    private static final int HEADER_END = 8 + 25;
    private static final int LONGEST = 1 << 24;

    private PngText() {}

    /**
     * Puts texts behind the header of a PNG file.
     *
     * @param png the bytes of a PNG file
     * @param texts by keyword, of 1 to 79 Latin-1 characters
     * @return the bytes of the new file
     */
    public static byte[] insert(byte[] png, Map<String, String> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length + 1024);
        out.write(png, 0, HEADER_END);
        texts.forEach((keyword, text) -> out.writeBytes(chunk(keyword, text)));
        out.write(png, HEADER_END, png.length - HEADER_END);
        return out.toByteArray();
    }

    private static byte[] chunk(String keyword, String text) {
        boolean latin = StandardCharsets.ISO_8859_1.newEncoder().canEncode(text);
        Charset charset = latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes((latin ? "tEXt" : "iTXt").getBytes(StandardCharsets.US_ASCII));
        data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
        if (!latin) {
            data.writeBytes(new byte[4]); // not compressed; no language, no translated keyword
        }
        data.writeBytes(text.getBytes(charset));
        CRC32 crc = new CRC32();
        crc.update(data.toByteArray());
        return ByteBuffer.allocate(data.size() + 8)
                .putInt(data.size() - 4)
                .put(data.toByteArray())
                .putInt((int) crc.getValue())
                .array();
    }

    /**
     * The texts of a PNG file.
     *
     * @param file any file
     * @return by keyword, in the order of the file; empty when the file is no PNG
     * @throws IOException when it cannot be read
     */
    public static Map<String, String> read(Path file) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(raw)) {
            if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
                return texts;
            }
            while (true) {
                byte[] head = in.readNBytes(8);
                if (head.length < 8) {
                    return texts;
                }
                long length = ByteBuffer.wrap(head).getInt() & 0xffffffffL;
                String type = new String(head, 4, 4, StandardCharsets.US_ASCII);
                if (type.equals("IEND")) {
                    return texts;
                }
                if ((type.equals("tEXt") || type.equals("iTXt")) && length < LONGEST) {
                    parse(type, in.readNBytes((int) length), texts);
                    in.skipNBytes(4);
                } else {
                    in.skipNBytes(length + 4);
                }
            }
        }
    }

    private static void parse(String type, byte[] data, Map<String, String> texts) {
        int end = zero(data, 0);
        if (end < 0) {
            return;
        }
        String keyword = new String(data, 0, end, StandardCharsets.ISO_8859_1);
        if (type.equals("tEXt")) {
            texts.put(
                    keyword,
                    new String(data, end + 1, data.length - end - 1, StandardCharsets.ISO_8859_1));
            return;
        }
        boolean compressed = end + 1 < data.length && data[end + 1] != 0;
        int language = zero(data, end + 3);
        int translated = language < 0 ? -1 : zero(data, language + 1);
        if (!compressed && translated >= 0) {
            texts.put(
                    keyword,
                    new String(
                            data,
                            translated + 1,
                            data.length - translated - 1,
                            StandardCharsets.UTF_8));
        }
    }

    private static int zero(byte[] data, int from) {
        for (int i = Math.max(0, from); i < data.length; i++) {
            if (data[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
