package daumier.faces.measure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What the first bytes of an image file say, read without decoding it: the format, the size, the
 * EXIF orientation, and whether the data are whole.
 *
 * @param format file format
 * @param width pixels, before the orientation is applied
 * @param height pixels, before the orientation is applied
 * @param orientation EXIF orientation, 1 to 8; 1 where none is given
 * @param complete whether the end mark of the format is there and (PNG) the checksums are right
 */
record ImageHeader(Format format, long width, long height, int orientation, boolean complete) {
    /** The formats that are recognised. */
    enum Format {
        PNG,
        JPEG,
        WEBP,
        BMP,
        GIF,
        TIFF
    }

    /** Reads the header; empty if the bytes are of none of the known formats. */
    static Optional<ImageHeader> parse(byte[] file) {
        ByteBuffer b = ByteBuffer.wrap(file);
        if (file.length >= 33 && b.getLong(0) == 0x89504E470D0A1A0AL) {
            return png(b);
        }
        if (file.length >= 4 && (b.getInt(0) >>> 8) == 0xFFD8FF) {
            return jpeg(b);
        }
        if (file.length >= 30 && tag(b, 0).equals("RIFF") && tag(b, 8).equals("WEBP")) {
            return webp(b.order(ByteOrder.LITTLE_ENDIAN));
        }
        if (file.length >= 26 && file[0] == 'B' && file[1] == 'M') {
            b.order(ByteOrder.LITTLE_ENDIAN);
            return known(Format.BMP, b.getInt(18), Math.abs((long) b.getInt(22)), 1, true);
        }
        if (file.length >= 10 && tag(b, 0).equals("GIF8")) {
            b.order(ByteOrder.LITTLE_ENDIAN);
            return known(Format.GIF, b.getShort(6) & 0xffff, b.getShort(8) & 0xffff, 1, true);
        }
        if (file.length >= 8 && (tag(b, 0).equals("II*\0") || tag(b, 0).equals("MM\0*"))) {
            Tiff tiff = new Tiff(b);
            return known(
                    Format.TIFF, tiff.value(256, 0), tiff.value(257, 0), tiff.orientation(), true);
        }
        return Optional.empty();
    }

    private static Optional<ImageHeader> known(
            Format format, long width, long height, int orientation, boolean complete) {
        return Optional.of(new ImageHeader(format, width, height, orientation, complete));
    }

    private static String tag(ByteBuffer b, int at) {
        byte[] four = new byte[4];
        b.get(at, four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static Optional<ImageHeader> png(ByteBuffer b) {
        int orientation = 1;
        boolean end = false;
        long at = 8;
        while (at + 12 <= b.limit()) {
            int p = (int) at;
            long length = b.getInt(p) & 0xffffffffL;
            String type = tag(b, p + 4);
            if (at + 12 + length > b.limit() || !sound(b, p, (int) length)) {
                break;
            }
            if (type.equals("IEND")) {
                end = true;
                break;
            }
            if (type.equals("eXIf") && length >= 8) {
                orientation = new Tiff(b.slice(p + 8, (int) length)).orientation();
            }
            at += 12 + length;
        }
        return known(
                Format.PNG,
                b.getInt(16) & 0xffffffffL,
                b.getInt(20) & 0xffffffffL,
                orientation,
                end);
    }

    /** Whether a chunk's checksum is right: libpng would only complain on the console. */
    private static boolean sound(ByteBuffer b, int chunk, int length) {
        CRC32 crc = new CRC32();
        crc.update(b.slice(chunk + 4, length + 4));
        return (int) crc.getValue() == b.getInt(chunk + 8 + length);
    }

    /** Walks the markers up to the start of scan (ITU T.81, annex B). */
    private static Optional<ImageHeader> jpeg(ByteBuffer b) {
        int orientation = 1;
        long width = 0;
        long height = 0;
        int at = 2;
        while (at + 4 <= b.limit()) {
            if ((b.get(at) & 0xff) != 0xff) {
                break;
            }
            int marker = b.get(at + 1) & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
                at += 2;
                continue;
            }
            int length = b.getShort(at + 2) & 0xffff;
            boolean frame =
                    marker >= 0xc0
                            && marker <= 0xcf
                            && marker != 0xc4
                            && marker != 0xc8
                            && marker != 0xcc;
            if (frame && at + 9 <= b.limit()) {
                height = b.getShort(at + 5) & 0xffff;
                width = b.getShort(at + 7) & 0xffff;
            }
            if (marker == 0xe1
                    && length >= 16
                    && at + 2 + length <= b.limit()
                    && tag(b, at + 4).equals("Exif")) {
                orientation = new Tiff(b.slice(at + 10, length - 8)).orientation();
            }
            if (marker == 0xda) {
                return known(Format.JPEG, width, height, orientation, endOfImage(b, at + 2));
            }
            at += 2 + length;
        }
        return known(Format.JPEG, width, height, orientation, false);
    }

    private static boolean endOfImage(ByteBuffer b, int from) {
        for (int i = b.limit() - 2; i >= from; i--) {
            if (b.get(i) == (byte) 0xff && b.get(i + 1) == (byte) 0xd9) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ImageHeader> webp(ByteBuffer b) {
        long riff = (b.getInt(4) & 0xffffffffL) + 8;
        boolean end = b.limit() >= riff;
        switch (tag(b, 12)) {
            case "VP8X" -> {
                long width = 1L + (b.getInt(24) & 0xffffff);
                long height = 1L + ((b.getInt(26) >>> 8) & 0xffffff);
                return known(Format.WEBP, width, height, webpOrientation(b), end);
            }
            case "VP8L" -> {
                long bits = b.getInt(21) & 0xffffffffL;
                return known(Format.WEBP, 1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff), 1, end);
            }
            case "VP8 " -> {
                return known(Format.WEBP, b.getShort(26) & 0x3fff, b.getShort(28) & 0x3fff, 1, end);
            }
            default -> {
                return known(Format.WEBP, 0, 0, 1, false);
            }
        }
    }

    private static int webpOrientation(ByteBuffer b) {
        long at = 12;
        while (at + 8 <= b.limit()) {
            int p = (int) at;
            long length = b.getInt(p + 4) & 0xffffffffL;
            if (tag(b, p).equals("EXIF") && length >= 8 && at + 8 + length <= b.limit()) {
                int skip = length >= 14 && tag(b, p + 8).equals("Exif") ? 6 : 0;
                return new Tiff(b.slice(p + 8 + skip, (int) length - skip)).orientation();
            }
            at += 8 + length + (length & 1);
        }
        return 1;
    }

    /** The first directory of a TIFF structure, which is also what EXIF is made of. */
    private static final class Tiff {
        private final ByteBuffer b;

        Tiff(ByteBuffer block) {
            b = block.duplicate();
            b.order(block.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        }

        int orientation() {
            long o = value(0x112, 1);
            return o >= 1 && o <= 8 ? (int) o : 1;
        }

        long value(int tag, long otherwise) {
            long start = b.limit() < 8 ? Long.MAX_VALUE : b.getInt(4) & 0xffffffffL;
            if (start > b.limit() - 2L) {
                return otherwise;
            }
            int entries = b.getShort((int) start) & 0xffff;
            for (int i = 0; i < entries; i++) {
                long at = start + 2 + 12L * i;
                if (at + 12 > b.limit()) {
                    return otherwise;
                }
                int p = (int) at;
                if ((b.getShort(p) & 0xffff) == tag) {
                    boolean isShort = b.getShort(p + 2) == 3;
                    return isShort ? b.getShort(p + 8) & 0xffff : b.getInt(p + 8) & 0xffffffffL;
                }
            }
            return otherwise;
        }
    }
}
