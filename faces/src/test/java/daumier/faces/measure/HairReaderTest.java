package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.HairStyle;
import daumier.faces.world.Look;
import daumier.faces.world.Palette;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class HairReaderTest {
    private final FaceRenderer renderer = new FaceRenderer();
    private final HairReader reader = new HairReader();

    private HairReader.Reading read(HairStyle style, double feminine) {
        Subject drawn = Subject.mean().withHair(style, 0);
        Picture picture = renderer.render(drawn, View.neutral(), Look.PHOTO).picture();
        return reader.read(
                picture, Subject.mean().withHair(HairStyle.BALD, 0), View.neutral(), feminine);
    }

    @Test
    void drawnCutsAreReadBack() {
        List<HairStyle> cuts =
                List.of(
                        HairStyle.BALD,
                        HairStyle.SIDE_PART,
                        HairStyle.BOB,
                        HairStyle.LONG,
                        HairStyle.AFRO,
                        HairStyle.RECEDING);
        for (HairStyle cut : cuts) {
            assertEquals(cut, read(cut, 0.5).style());
        }
    }

    @Test
    void theColourIsThatOfTheHair() {
        Lab drawn =
                Lab.of(Palette.HAIR.get(1).r(), Palette.HAIR.get(1).g(), Palette.HAIR.get(1).b());
        HairReader.Reading reading = read(HairStyle.LONG, 0.5);
        assertTrue(reading.colour().distance(drawn, 0.5) < 15, reading.toString());
        assertTrue(reading.pixels() > 1000, reading.toString());
    }
}
