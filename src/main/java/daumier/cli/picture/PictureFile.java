package daumier.cli.picture;

import daumier.cli.run.AtomicFiles;
import daumier.faces.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/**
 * Reads the pictures people bring (PNG, JPEG, BMP, GIF, TIFF; turned upright as the camera noted)
 * and writes PNG files that carry their provenance.
 */
public final class PictureFile {
    /** The most pixels a picture may have: beyond any camera, within any memory. */
    public static final long MOST_PIXELS = 150_000_000;

    private PictureFile() {}

    /**
     * Reads a picture. Transparent parts become white.
     *
     * @param file a picture file
     * @return its pixels, upright
     * @throws IOException when the file is missing, no picture, damaged, or too large; the size is
     *     taken from the header, before memory is claimed
     */
    public static Picture read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, not a picture.");
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            if (in == null) {
                throw new IOException("No permission to read " + file + ".");
            }
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(
                        file + " is no picture that can be read: give a PNG or JPEG file.");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return decode(reader, file);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Picture decode(ImageReader reader, Path file) throws IOException {
        BufferedImage image;
        try {
            long width = reader.getWidth(0);
            long height = reader.getHeight(0);
            if (width * height > MOST_PIXELS) {
                throw new TooLargeException(
                        "%s has %d x %d pixels; the most is %d million: scale it down first."
                                .formatted(file, width, height, MOST_PIXELS / 1_000_000));
            }
            image = reader.read(0);
        } catch (TooLargeException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + " is damaged or of a rare kind: " + reason(e), e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
            // The decoders of the JDK meet some damaged files with these.
            throw new IOException(file + " is damaged: its pixels cannot be decoded.", e);
        }
        return of(upright(image, Exif.orientation(file)));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "it ends too early." : e.getMessage();
    }

    private static BufferedImage upright(BufferedImage image, int orientation) {
        if (orientation == 1) {
            return image;
        }
        int w = image.getWidth();
        int h = image.getHeight();
        // Rows of the matrix (m00 m10 m01 m11 m02 m12) for the eight values of EXIF 0x0112.
        double[] m =
                switch (orientation) {
                    case 2 -> new double[] {-1, 0, 0, 1, w, 0};
                    case 3 -> new double[] {-1, 0, 0, -1, w, h};
                    case 4 -> new double[] {1, 0, 0, -1, 0, h};
                    case 5 -> new double[] {0, 1, 1, 0, 0, 0};
                    case 6 -> new double[] {0, 1, -1, 0, h, 0};
                    case 7 -> new double[] {0, -1, -1, 0, h, w};
                    case 8 -> new double[] {0, -1, 1, 0, 0, w};
                    default -> new double[] {1, 0, 0, 1, 0, 0};
                };
        boolean turned = orientation >= 5;
        BufferedImage result =
                new BufferedImage(turned ? h : w, turned ? w : h, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = paper(result);
        graphics.drawImage(image, new AffineTransform(m), null);
        graphics.dispose();
        return result;
    }

    private static Graphics2D paper(BufferedImage image) {
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        return graphics;
    }

    /**
     * The pixels of an image of the JDK, its transparent parts on white.
     *
     * @param image any kind
     * @return a picture
     */
    public static Picture of(BufferedImage image) {
        BufferedImage plain = image;
        if (image.getType() != BufferedImage.TYPE_3BYTE_BGR) {
            plain =
                    new BufferedImage(
                            image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D graphics = paper(plain);
            graphics.drawImage(image, 0, 0, null);
            graphics.dispose();
        }
        byte[] bgr = ((DataBufferByte) plain.getRaster().getDataBuffer()).getData();
        return new Picture(plain.getWidth(), plain.getHeight(), swapped(bgr));
    }

    /**
     * A picture as an image of the JDK.
     *
     * @param picture any picture
     * @return a copy
     */
    public static BufferedImage toImage(Picture picture) {
        BufferedImage image =
                new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = swapped(picture.rgb());
        System.arraycopy(
                bgr,
                0,
                ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                0,
                bgr.length);
        return image;
    }

    private static byte[] swapped(byte[] pixels) {
        byte[] other = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i += 3) {
            other[i] = pixels[i + 2];
            other[i + 1] = pixels[i + 1];
            other[i + 2] = pixels[i];
        }
        return other;
    }

    /**
     * Writes a PNG file with text in it.
     *
     * @param file where to
     * @param picture what it shows
     * @param texts by keyword, for instance {@code parameters}; see {@link Provenance}
     * @throws IOException when it cannot be written
     */
    public static void write(Path file, Picture picture, Map<String, String> texts)
            throws IOException {
        byte[] png = PngText.insert(png(picture), texts);
        AtomicFiles.write(file, out -> out.write(png));
    }

    /**
     * Encodes a picture.
     *
     * @param picture any picture
     * @return the bytes of a PNG file
     */
    public static byte[] png(Picture picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(toImage(picture), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a JPEG file: a quarter of a PNG's size where a drawing need only be looked at.
     *
     * @param file where to
     * @param picture what it shows
     * @param quality 0 to 1
     * @throws IOException when it cannot be written
     */
    public static void writeJpeg(Path file, Picture picture, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(toImage(picture), null, null), how);
        } finally {
            writer.dispose();
        }
        AtomicFiles.write(file, bytes::writeTo);
    }

    /** A picture whose header promises more than can be held. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }
}
