package daumier.cli.pack.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardFiguresTest {
    @TempDir Path folder;

    private static Picture grey(int level) {
        byte[] rgb = new byte[3 * 16 * 16];
        Arrays.fill(rgb, (byte) level);
        return new Picture(16, 16, rgb);
    }

    @Test
    void statisticTakesOneFromTheCount() {
        Statistic s = Statistic.of(1, 2, 3, 4);
        assertEquals(2.5, s.mean(), 1e-12);
        assertEquals(Math.sqrt(5.0 / 3), s.deviation(), 1e-12);
        assertEquals("2.50 ± 1.29", s.text(2));
        assertEquals(0, Statistic.of(7).deviation());
    }

    @Test
    void signalIsTwentyDecibelsAtATenthOfTheRange() {
        assertEquals(20, Signal.psnr(grey(0), grey(255 / 10)), 0.2);
        byte[] spot = grey(100).rgb().clone();
        spot[0] = 0; // far from the eyes
        float[] xy = new float[2 * Landmarks.COUNT];
        Arrays.fill(xy, 12);
        Picture other = new Picture(16, 16, spot);
        assertTrue(Signal.eyes(grey(100), other, new Landmarks(xy)) > 100);
        assertTrue(Signal.psnr(grey(100), other) < 40);
    }

    @Test
    void meanColoursAreThoseInsideAPart() {
        float[] map = new float[2 * 256];
        Arrays.fill(map, 256, 256 + 64, 1);
        assertEquals(80, Colours.mean(grey(80), map, 1)[2], 1e-9);
        assertNull(Colours.mean(grey(80), map, 0));
        assertEquals(0, Colours.known(new double[] {Colours.distance(null, null)}).length);
    }

    @Test
    void timesComeFromTheLastLineOfEachStage() throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(
                log,
                """
                LoRA toon
                  LoRA toon 20/40 loss 0.5000, gradient 1.20, 0.700 s each, 0.2 min left
                  LoRA toon 40/40 loss 0.2500, gradient 1.20, 0.600 s each, 0.0 min left
                  face networks, style 12%, step 3, loss 0.4
                  face networks, style done after 3.5 min
                """);
        Section section = new Section(folder);
        new TrainingTimes().read(log).read(folder.resolve("none")).write(section);
        assertTrue(section.text().contains("| LoRA toon | 40 | 0.4 | 0.2500 |"), section.text());
        assertTrue(section.text().contains("| face networks, style | – | 3.5 | – |"));
        JsonObject stages = section.figures().getAsJsonObject("stages");
        assertEquals(0.6, stages.getAsJsonObject("LoRA toon").get("seconds_each").getAsDouble());
    }

    @Test
    void sizesAreCountedByPart() throws IOException {
        Files.createDirectories(folder.resolve("unet"));
        Files.createDirectories(folder.resolve("card"));
        Files.write(folder.resolve("unet").resolve("a"), new byte[30]);
        Files.write(folder.resolve("unet").resolve("b"), new byte[12]);
        Files.write(folder.resolve("card").resolve(PackCard.TEXT), new byte[5]);
        assertEquals("{unet=42}", new SizesChapter(folder).sizes().toString());
    }
}
