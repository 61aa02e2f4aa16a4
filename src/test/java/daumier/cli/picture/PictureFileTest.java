package daumier.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures survive being written and read; bad files are refused with a reason. */
final class PictureFileTest {
    @TempDir private Path folder;

    @Test
    void aPictureAndItsTextsReadBack() throws IOException {
        byte[] rgb = new byte[3 * 5 * 4];
        new Random(1).nextBytes(rgb);
        Picture picture = new Picture(5, 4, rgb);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("parameters", "a portrait\nSteps: 8");
        texts.put("daumier", "{\"prompt\":\"ein Porträt, 顔\"}");
        Path file = folder.resolve("new/a.png");
        PictureFile.write(file, picture, texts);
        Picture read = PictureFile.read(file);
        assertEquals(5, read.width());
        assertArrayEquals(rgb, read.rgb());
        assertEquals(texts, PngText.read(file));
    }

    @Test
    void provenanceIsReadableByTheWebUi() {
        Map<String, String> texts =
                new Provenance("sample", "a <b>", "blurry")
                        .put("Steps", "num_inference_steps", 8)
                        .put("Lora hashes", "loras", "toon: 0.3@0,0.7@1")
                        .texts();
        String parameters = texts.get("parameters");
        assertTrue(
                parameters.startsWith(
                        "a <b>\nNegative prompt: blurry\n"
                                + "Steps: 8, Lora hashes: \"toon: 0.3@0,0.7@1\", Version: Daumier"),
                parameters);
        assertTrue(texts.get("daumier").contains("\"num_inference_steps\":8"));
    }

    @Test
    void transparentPartsBecomeWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0xff102030);
        Path file = folder.resolve("a.png");
        ImageIO.write(image, "png", file.toFile());
        assertArrayEquals(new byte[] {0x10, 0x20, 0x30, -1, -1, -1}, PictureFile.read(file).rgb());
    }

    @Test
    void aFileThatIsNoPictureIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a.png"), "hello");
        IOException e = assertThrows(IOException.class, () -> PictureFile.read(file));
        assertTrue(e.getMessage().contains("give a PNG or JPEG"), e.getMessage());
        assertThrows(IOException.class, () -> PictureFile.read(folder));
        assertThrows(NoSuchFileException.class, () -> PictureFile.read(folder.resolve("none.png")));
    }

    @Test
    void aTruncatedPictureIsRefused() throws IOException {
        byte[] png = PictureFile.png(new Picture(30, 30, new byte[2700]));
        Path file = folder.resolve("a.png");
        Files.write(file, Arrays.copyOf(png, 50));
        IOException e = assertThrows(IOException.class, () -> PictureFile.read(file));
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
    }

    @Test
    void aHugeHeaderIsRefusedBeforeMemoryIsClaimed() throws IOException {
        byte[] png = PictureFile.png(new Picture(1, 1, new byte[3]));
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 20_000).putInt(20, 20_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        Path file = Files.write(folder.resolve("a.png"), png);
        IOException e = assertThrows(IOException.class, () -> PictureFile.read(file));
        assertTrue(e.getMessage().contains("20000 x 20000 pixels"), e.getMessage());
    }

    /**
     * A photo whose left half is dark, as the camera stored it, and where the dark half belongs.
     */
    @ParameterizedTest
    @CsvSource({"1, left", "2, right", "3, right", "4, left", "5, top", "6, top", "8, bottom"})
    void photosAreTurnedUpright(int orientation, String darkSide) throws IOException {
        BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 16; y++) {
            for (int x = 16; x < 32; x++) {
                image.setRGB(x, y, 0xffffff);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        byte[] jpeg = bytes.toByteArray();
        ByteArrayOutputStream tagged = new ByteArrayOutputStream();
        tagged.write(jpeg, 0, 2);
        tagged.writeBytes(exif(orientation));
        tagged.write(jpeg, 2, jpeg.length - 2);
        Path file = Files.write(folder.resolve("a.jpg"), tagged.toByteArray());
        Picture picture = PictureFile.read(file);
        boolean turned = orientation >= 5;
        assertEquals(turned ? 16 : 32, picture.width());
        int w = picture.width();
        int h = picture.height();
        int[] spot =
                switch (darkSide) {
                    case "left" -> new int[] {2, h / 2};
                    case "right" -> new int[] {w - 3, h / 2};
                    case "top" -> new int[] {w / 2, 2};
                    default -> new int[] {w / 2, h - 3};
                };
        int dark = picture.rgb()[3 * (spot[1] * w + spot[0])] & 0xff;
        int light = picture.rgb()[3 * ((h - 1 - spot[1]) * w + (w - 1 - spot[0]))] & 0xff;
        assertTrue(dark < 40 && light > 215, dark + " " + light);
    }

    private static byte[] exif(int orientation) {
        ByteBuffer tiff = ByteBuffer.allocate(26);
        tiff.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8).putShort((short) 1);
        tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
        tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
        return ByteBuffer.allocate(10 + 26)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
                .put(tiff.array())
                .array();
    }

    @Test
    void aSheetShowsAllPictures() throws IOException {
        Sheet sheet = new Sheet(2, 64, List.of("before", "after"));
        for (int i = 0; i < 3; i++) {
            byte[] rgb = new byte[3 * 32 * 16];
            Arrays.fill(rgb, (byte) (40 * i));
            sheet.add(new Picture(32, 16, rgb), "a caption that is much too long for it");
        }
        Picture drawn = sheet.draw();
        assertEquals(158, drawn.width());
        assertEquals(224, drawn.height());
        PictureFile.write(Path.of("target/charts/sheet.png"), drawn, Map.of());
    }
}
