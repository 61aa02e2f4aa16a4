package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.measure.Camera;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Shared;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One choice of detector for everything that looks at photographs. */
final class ChosenDetectorTest {
    private static final Landmarks REFERENCE =
            new ModelFit(new ProceduralModel(), Camera.PORTRAIT).reference();

    @Test
    void withoutFilesTheCascadesLook() throws IOException {
        ChosenDetector found = ChosenDetector.of(ModelFolder.NONE, REFERENCE);
        assertEquals("Haar cascades of OpenCV", found.name());
        assertFalse(found.marksPoints());
    }

    @Test
    void yunetLooksWhereItsFileIs() throws IOException {
        ModelFolder user = ModelFolder.open(Shared.path("real/models"));
        ChosenDetector found = ChosenDetector.of(user, REFERENCE);
        assertTrue(found.name().startsWith("YuNet, face_detection_yunet"), found.name());
        assertTrue(found.marksPoints());
        Shared.Portrait portrait = Shared.portraits().get(0);
        assertEquals(1, found.detect(daumier.faces.measure.Pictures.read(portrait.file())).size());
    }
}
