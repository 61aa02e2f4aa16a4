package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Picture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

class PicturesTest {
    @TempDir Path folder;

    private static Picture noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(1).nextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    /** A picture whose left part is red and upper part bright, so that turns show. */
    private static Picture smooth(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (255 - 255 * (i % width) / width);
            rgb[3 * i + 1] = (byte) (255 - 255 * (i / width) / height);
            rgb[3 * i + 2] = 60;
        }
        return new Picture(width, height, rgb);
    }

    private static int at(Picture p, int x, int y, int channel) {
        return p.rgb()[3 * (y * p.width() + x) + channel] & 0xff;
    }

    @Test
    void pngKeepsEveryPixelAndItsText() throws IOException {
        Picture p = noise(31, 17);
        Map<String, String> text = new LinkedHashMap<>();
        text.put("Software", "Daumier");
        text.put("prompt", "Bär, 漫画, smile");
        text.put("seed", "42");
        Path file = folder.resolve("new/a.png");
        Pictures.write(file, p, text);
        assertArrayEquals(p.rgb(), Pictures.read(file).rgb());
        assertEquals(text, Pictures.text(file));
        assertEquals(1, file.getParent().toFile().list().length);
        assertEquals(31, ImageIO.read(file.toFile()).getWidth());
    }

    @Test
    void lossyFormatsStayClose() throws IOException {
        Picture p = smooth(64, 48);
        for (String name : new String[] {"a.jpg", "b.webp"}) {
            Path file = folder.resolve(name);
            Pictures.write(file, p, Map.of());
            Picture q = Pictures.read(file);
            assertEquals(64, q.width());
            for (int i = 0; i < p.rgb().length; i++) {
                assertEquals(p.rgb()[i] & 0xff, q.rgb()[i] & 0xff, 24);
            }
        }
    }

    @Test
    void everyOrientationComesOutUpright() throws IOException {
        Picture upright = smooth(40, 24);
        byte[] plain = jpeg(upright);
        for (int o = 1; o <= 8; o++) {
            byte[] tiff = {
                'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) o, 0, 0
            };
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(plain, 0, 2);
            out.writeBytes(
                    ByteBuffer.allocate(4)
                            .putShort((short) 0xffe1)
                            .putShort((short) (8 + tiff.length))
                            .array());
            out.writeBytes("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(tiff);
            out.write(plain, 2, plain.length - 2);
            byte[] file = out.toByteArray();
            // OpenCV's own reading of the tag is the reference.
            OpenCv.load();
            Mat expected = Imgcodecs.imdecode(new MatOfByte(file), Imgcodecs.IMREAD_COLOR);
            Picture p = Pictures.decode(file, "test");
            assertEquals(o >= 5 ? 24 : 40, p.width());
            assertArrayEquals(OpenCv.fromBgr(expected).rgb(), p.rgb(), "orientation " + o);
        }
    }

    private static byte[] jpeg(Picture p) {
        MatOfByte out = new MatOfByte();
        Imgcodecs.imencode(".jpg", OpenCv.toBgr(p), out);
        return out.toArray();
    }

    @Test
    void greyAlphaAndSixteenBitsBecomeRgb() throws IOException {
        BufferedImage grey = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(2, 1, 0, 200);
        Picture g = decode(grey);
        assertEquals(200, at(g, 2, 1, 0));
        assertEquals(200, at(g, 2, 1, 2));

        BufferedImage alpha = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        alpha.setRGB(0, 0, new Color(255, 0, 0, 128).getRGB());
        Picture a = decode(alpha);
        assertEquals(255, at(a, 0, 0, 0));
        assertEquals(127, at(a, 0, 0, 1), 1);
        assertEquals(255, at(a, 1, 0, 1));

        BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(1, 0, 0, 0x8080);
        assertEquals(0x80, at(decode(deep), 1, 0, 1));

        BufferedImage palette = new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_INDEXED);
        palette.setRGB(1, 1, 0xff0000ff);
        assertEquals(255, at(decode(palette), 1, 1, 2));
    }

    private static Picture decode(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, "png", out));
        return Pictures.decode(out.toByteArray(), "test");
    }

    @Test
    void otherFormatsAreRead() throws IOException {
        BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 2, 0xffffff);
        for (String format : new String[] {"gif", "bmp", "tiff"}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertTrue(ImageIO.write(image, format, out), format);
            Picture p = Pictures.decode(out.toByteArray(), format);
            assertEquals(6, p.width(), format);
            assertEquals(255, at(p, 3, 2, 1), format);
            assertEquals(0, at(p, 0, 0, 1), format);
        }
    }

    @Test
    void hugeHeadersAreRefusedBeforeDecoding() {
        byte[] png = Pictures.png(noise(3, 3), Map.of());
        ByteBuffer.wrap(png).putInt(16, 20_000).putInt(20, 20_000);
        String message = refused(png);
        assertTrue(message.contains("20000 x 20000"), message);
        ByteBuffer.wrap(png).putInt(16, -1).putInt(20, -1);
        assertTrue(refused(png).contains("4294967295"));
    }

    @Test
    void whatIsNoImageIsRefusedInOneSentence() throws IOException {
        assertTrue(
                refused("hello, world".getBytes(StandardCharsets.UTF_8)).contains("not an image"));
        assertTrue(refused(new byte[0]).contains("not an image"));
        byte[] png = Pictures.png(noise(30, 30), Map.of());
        assertTrue(refused(Arrays.copyOf(png, png.length / 2)).contains("cut short"));
        byte[] jpeg = jpeg(noise(30, 30));
        assertTrue(refused(Arrays.copyOf(jpeg, jpeg.length / 2)).contains("cut short"));
        Path missing = folder.resolve("none.png");
        assertTrue(
                assertThrows(ImageFileException.class, () -> Pictures.read(missing))
                        .getMessage()
                        .contains("no file"));
        assertThrows(ImageFileException.class, () -> Pictures.read(folder));
        assertThrows(
                ImageFileException.class,
                () -> Pictures.write(folder.resolve("a.xyz"), noise(2, 2), Map.of()));
    }

    @Test
    void damagedBytesNeverEscapeAsOtherErrors() {
        byte[][] seeds = {Pictures.png(smooth(20, 20), Map.of("a", "b")), jpeg(smooth(20, 20))};
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            byte[] file = seeds[i % 2].clone();
            for (int k = 0; k < 3; k++) {
                file[random.nextInt(Math.min(file.length, 120))] = (byte) random.nextInt();
            }
            try {
                Picture p = Pictures.decode(file, "damaged");
                assertFalse(p.width() > 65535);
            } catch (ImageFileException e) {
                assertTrue(e.getMessage().endsWith("."));
            }
        }
    }

    private static String refused(byte[] file) {
        return assertThrows(ImageFileException.class, () -> Pictures.decode(file, "x.png"))
                .getMessage();
    }

    @Test
    void cropsRepeatTheEdgeAndScalesAverage() {
        Picture p = smooth(10, 10);
        Picture c = Pictures.crop(p, -2, 3, 5, 4);
        assertEquals(at(p, 0, 3, 0), at(c, 0, 0, 0));
        assertEquals(at(p, 2, 6, 1), at(c, 4, 3, 1));
        Picture half = Pictures.resize(p, 5, 5);
        assertEquals((at(p, 0, 0, 0) + at(p, 1, 0, 0)) / 2.0, at(half, 0, 0, 0), 1);
    }

    @Test
    void cmykJpegIsRead() throws IOException {
        try (InputStream in = PicturesTest.class.getResourceAsStream("cmyk.jpg")) {
            Picture p = Pictures.decode(in.readAllBytes(), "cmyk.jpg");
            assertEquals(0, at(p, 2, 8, 0), 12);
            assertEquals(255, at(p, 2, 8, 2), 12);
            assertEquals(255, at(p, 13, 8, 0), 12);
            assertEquals(0, at(p, 13, 8, 2), 12);
        }
    }

    @Test
    void readingScalesDownOnRequest() throws IOException {
        Path file = Shared.path("real/photos/astronaut.png");
        assertEquals(512, Pictures.read(file).width());
        assertEquals(256, Pictures.read(file, 256).width());
    }
}
