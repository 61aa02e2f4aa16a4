package daumier.cli.picture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one thing wanted of a photo's EXIF data: how the camera was held. */
final class Exif {
    /** A JPEG's APP1 segment is near its beginning and 64 KiB long at most. */
    private static final int HEAD = 1 << 18;

    private static final int ORIENTATION = 0x0112;
    private static final int UPRIGHT = 1;

    private Exif() {}

    /**
     * The orientation of a JPEG file.
     *
     * @param file any file
     * @return 1 to 8 as EXIF numbers them; 1 (upright) when nothing, or nothing sane, is said
     * @throws IOException when the file cannot be read
     */
    static int orientation(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        ByteBuffer bytes = ByteBuffer.wrap(head);
        if (head.length < 4 || bytes.getShort(0) != (short) 0xffd8) {
            return UPRIGHT;
        }
        int at = 2;
        while (at + 4 <= head.length && (head[at] & 0xff) == 0xff) {
            int marker = head[at + 1] & 0xff;
            int length = bytes.getShort(at + 2) & 0xffff;
            int begin = at + 4;
            int end = at + 2 + length;
            if (marker == 0xda || length < 2 || end > head.length) {
                return UPRIGHT;
            }
            if (marker == 0xe1 && length > 16 && text(head, begin, 4).equals("Exif")) {
                return orientation(bytes.slice(begin + 6, end - begin - 6));
            }
            at = end;
        }
        return UPRIGHT;
    }

    /** Looks through the first directory of a TIFF structure. */
    private static int orientation(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if (entry + 12 > tiff.limit()) {
                return UPRIGHT;
            }
            if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
                int value = tiff.getShort(entry + 8) & 0xffff;
                return value >= 1 && value <= 8 ? value : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.US_ASCII);
    }
}
