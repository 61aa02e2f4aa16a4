package daumier.faces.measure;

import daumier.faces.Picture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

/**
 * Reads and writes picture files. Read: PNG, JPEG (also CMYK), WebP, BMP, TIFF, GIF (first frame);
 * grey, palettes, 16 bits and alpha become 8-bit RGB (alpha over white); the EXIF orientation is
 * applied. The header is checked before anything is decoded, so that a small file cannot claim
 * gigabytes.
 */
public final class Pictures {
    /** The largest picture that is decoded: 100 million pixels. */
    public static final long MAX_PIXELS = 100_000_000L;

    private static final long MAX_FILE_BYTES = 512L << 20;

    private Pictures() {}

    /**
     * Reads a picture.
     *
     * @param file image file
     * @return the picture, upright
     * @throws ImageFileException if there is no such file, or it is no image, cut short, or too
     *     large, with one sentence that says so
     * @throws IOException if reading fails
     */
    public static Picture read(Path file) throws IOException {
        return decode(bytes(file), file.toString());
    }

    /**
     * Reads a picture and scales it down, by area, until its longer side is at most {@code
     * maxSide}.
     *
     * @param file image file
     * @param maxSide pixels
     * @return the picture, upright
     * @throws IOException as {@link #read(Path)}
     */
    public static Picture read(Path file, int maxSide) throws IOException {
        Picture picture = read(file);
        int longer = Math.max(picture.width(), picture.height());
        if (longer <= maxSide) {
            return picture;
        }
        double scale = (double) maxSide / longer;
        return resize(
                picture,
                (int) Math.max(1, Math.round(picture.width() * scale)),
                (int) Math.max(1, Math.round(picture.height() * scale)));
    }

    /**
     * Decodes the bytes of an image file.
     *
     * @param file all bytes
     * @param name how error messages call it
     * @return the picture, upright
     * @throws ImageFileException if the bytes are no image, cut short, or too large
     */
    public static Picture decode(byte[] file, String name) throws ImageFileException {
        ImageHeader header =
                ImageHeader.parse(file)
                        .orElseThrow(
                                () ->
                                        new ImageFileException(
                                                name
                                                        + " is no picture: not an image that can"
                                                        + " be read; give a PNG, JPEG or WebP"
                                                        + " file."));
        if (header.width() < 1 || header.height() < 1) {
            throw new ImageFileException(
                    name + " is a damaged " + header.format() + " file; save it again.");
        }
        if (header.width() > MAX_PIXELS / header.height()) {
            throw new ImageFileException(
                    "%s is %d x %d pixels, more than the %d million that are read; scale it down."
                            .formatted(
                                    name, header.width(), header.height(), MAX_PIXELS / 1_000_000));
        }
        if (!header.complete()) {
            throw new ImageFileException(
                    name + " is cut short or damaged; copy or download it again.");
        }
        OpenCv.load();
        Mat decoded = decodeRaw(file, header, name);
        if (decoded.empty()) {
            throw new ImageFileException(
                    name + " is a damaged " + header.format() + " file; save it again.");
        }
        Mat bgr = toBgr8(decoded);
        orient(bgr, header.orientation());
        Picture picture = OpenCv.fromBgr(bgr);
        bgr.release();
        return picture;
    }

    private static Mat decodeRaw(byte[] file, ImageHeader header, String name)
            throws ImageFileException {
        if (header.format() == ImageHeader.Format.GIF) {
            return gif(file, name);
        }
        MatOfByte encoded = new MatOfByte(file);
        try {
            return Imgcodecs.imdecode(encoded, Imgcodecs.IMREAD_UNCHANGED);
        } finally {
            encoded.release();
        }
    }

    private static Mat gif(byte[] file, String name) throws ImageFileException {
        try {
            var image = ImageIO.read(new ByteArrayInputStream(file));
            if (image == null) {
                return new Mat();
            }
            byte[] bgra = new byte[4 * image.getWidth() * image.getHeight()];
            int[] argb =
                    image.getRGB(
                            0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            for (int i = 0; i < argb.length; i++) {
                for (int c = 0; c < 4; c++) {
                    bgra[4 * i + c] = (byte) (argb[i] >>> (8 * c));
                }
            }
            Mat mat = new Mat(image.getHeight(), image.getWidth(), CvType.CV_8UC4);
            mat.put(0, 0, bgra);
            return mat;
        } catch (IOException | IndexOutOfBoundsException e) {
            ImageFileException refused =
                    new ImageFileException(name + " is a damaged GIF file; save it again.");
            refused.initCause(e);
            throw refused;
        }
    }

    /** Brings any depth and number of channels to 8-bit BGR; releases the argument. */
    private static Mat toBgr8(Mat mat) {
        Mat eight = new Mat();
        switch (CvType.depth(mat.type())) {
            case CvType.CV_8U -> mat.copyTo(eight);
            case CvType.CV_16U -> mat.convertTo(eight, CvType.CV_8U, 1.0 / 257);
            // Floating-point files (TIFF) hold [0, 1].
            default -> mat.convertTo(eight, CvType.CV_8U, 255);
        }
        mat.release();
        Mat bgr = new Mat();
        switch (eight.channels()) {
            case 1 -> Imgproc.cvtColor(eight, bgr, Imgproc.COLOR_GRAY2BGR);
            case 2 -> {
                Core.extractChannel(eight, bgr, 0);
                Imgproc.cvtColor(bgr, bgr, Imgproc.COLOR_GRAY2BGR);
            }
            case 4 -> overWhite(eight, bgr);
            default -> eight.copyTo(bgr);
        }
        eight.release();
        return bgr;
    }

    private static void overWhite(Mat bgra, Mat bgr) {
        byte[] in = new byte[4 * bgra.rows() * bgra.cols()];
        bgra.get(0, 0, in);
        byte[] out = new byte[in.length / 4 * 3];
        for (int i = 0; i < in.length / 4; i++) {
            int alpha = in[4 * i + 3] & 0xff;
            for (int c = 0; c < 3; c++) {
                int over = (in[4 * i + c] & 0xff) * alpha + 255 * (255 - alpha);
                out[3 * i + c] = (byte) ((over + 127) / 255);
            }
        }
        bgr.create(bgra.rows(), bgra.cols(), CvType.CV_8UC3);
        bgr.put(0, 0, out);
    }

    /** EXIF tag 0x0112: which rotation and mirroring make the stored picture upright. */
    private static void orient(Mat m, int orientation) {
        if (orientation == 2 || orientation == 5 || orientation == 7) {
            Core.flip(m, m, 1);
        }
        switch (orientation) {
            case 3 -> Core.rotate(m, m, Core.ROTATE_180);
            case 4 -> Core.flip(m, m, 0);
            case 5, 8 -> Core.rotate(m, m, Core.ROTATE_90_COUNTERCLOCKWISE);
            case 6, 7 -> Core.rotate(m, m, Core.ROTATE_90_CLOCKWISE);
            default -> {}
        }
    }

    /**
     * The text chunks of a PNG file (tEXt, zTXt, iTXt).
     *
     * @param file image file
     * @return keyword to text, in the file's order; empty for other formats
     * @throws IOException if reading fails
     */
    public static Map<String, String> text(Path file) throws IOException {
        return PngText.read(bytes(file));
    }

    /**
     * Writes a picture as PNG, JPEG or WebP, as the name ends, moved into place when complete.
     *
     * @param file ends in .png, .jpg, .jpeg or .webp
     * @param picture what to write
     * @param text provenance: written as text chunks of a PNG, left out of other formats
     * @throws IOException if writing fails
     */
    public static void write(Path file, Picture picture, Map<String, String> text)
            throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        byte[] bytes;
        if (name.endsWith(".png")) {
            bytes = png(picture, text);
        } else if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            bytes = encode(picture, ".jpg", Imgcodecs.IMWRITE_JPEG_QUALITY, 95);
        } else if (name.endsWith(".webp")) {
            bytes = encode(picture, ".webp", Imgcodecs.IMWRITE_WEBP_QUALITY, 95);
        } else {
            throw new ImageFileException(
                    file + " does not end in .png, .jpg or .webp; choose one of these.");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path beside = Files.createTempFile(folder, ".picture", ".part");
        try {
            Files.write(beside, bytes);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * The bytes of a PNG file.
     *
     * @param picture what to encode
     * @param text text chunks
     * @return a complete PNG file
     */
    public static byte[] png(Picture picture, Map<String, String> text) {
        byte[] plain = encode(picture, ".png", Imgcodecs.IMWRITE_PNG_COMPRESSION, 6);
        return PngText.insert(plain, text);
    }

    private static byte[] encode(Picture picture, String extension, int option, int value) {
        Mat bgr = OpenCv.toBgr(picture);
        MatOfByte out = new MatOfByte();
        MatOfInt options = new MatOfInt(option, value);
        try {
            if (!Imgcodecs.imencode(extension, bgr, out, options)) {
                throw new IllegalStateException("OpenCV cannot write " + extension + " files.");
            }
            return out.toArray();
        } finally {
            bgr.release();
            out.release();
            options.release();
        }
    }

    /**
     * Scales a picture: by area when it shrinks, bicubic when it grows.
     *
     * @param picture any size
     * @param width pixels, at least 1
     * @param height pixels, at least 1
     * @return the scaled picture
     */
    public static Picture resize(Picture picture, int width, int height) {
        if (picture.width() == width && picture.height() == height) {
            return picture;
        }
        Mat bgr = OpenCv.toBgr(picture);
        Mat out = new Mat();
        boolean shrinks = (long) width * height < (long) picture.width() * picture.height();
        Imgproc.resize(
                bgr,
                out,
                new Size(width, height),
                0,
                0,
                shrinks ? Imgproc.INTER_AREA : Imgproc.INTER_CUBIC);
        Picture scaled = OpenCv.fromBgr(out);
        bgr.release();
        out.release();
        return scaled;
    }

    /**
     * Cuts a rectangle out; what lies outside the picture repeats its edge.
     *
     * @param picture any size
     * @param x left edge, may be negative
     * @param y upper edge, may be negative
     * @param width pixels, at least 1
     * @param height pixels, at least 1
     * @return the crop
     */
    public static Picture crop(Picture picture, int x, int y, int width, int height) {
        byte[] out = new byte[3 * width * height];
        for (int j = 0; j < height; j++) {
            int sy = Math.max(0, Math.min(picture.height() - 1, y + j));
            for (int i = 0; i < width; i++) {
                int sx = Math.max(0, Math.min(picture.width() - 1, x + i));
                System.arraycopy(
                        picture.rgb(),
                        3 * (sy * picture.width() + sx),
                        out,
                        3 * (j * width + i),
                        3);
            }
        }
        return new Picture(width, height, out);
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ImageFileException(file + " is a folder; give an image file.");
        }
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new ImageFileException(
                        file + " is larger than 512 MB; give a smaller image file.");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            ImageFileException missing =
                    new ImageFileException("There is no file " + file + "; check the path.");
            missing.initCause(e);
            throw missing;
        }
    }
}
