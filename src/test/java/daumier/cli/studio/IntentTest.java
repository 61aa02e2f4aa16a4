package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.diffusion.schedule.WeightSchedule;
import daumier.env.caricature.Decision;
import daumier.env.caricature.Terms;
import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.measure.ArtistIntent;
import daumier.faces.nets.MeterTargets;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users may ask of a face, and the schedule that they are shown. */
final class IntentTest {
    private static final double[] LENGTH = {12, 5, 5, 4, 6, 5};
    private static final boolean[] ALL = {true, true, true, true, true, true};
    private static final boolean[] WITHOUT_NOSE = {true, true, true, true, false, true};

    private static MeterTarget face() {
        Subject mean = Subject.mean();
        float[] shape = new float[ProceduralModel.COMPONENTS];
        ProceduralModel model = new ProceduralModel();
        for (int k = 0; k < shape.length; k++) {
            shape[k] = model.regionOf(k) == FaceRegion.NOSE ? 1.2f : 0;
        }
        return MeterTargets.of(model, mean.withShape(shape), View.neutral(), LENGTH);
    }

    @Test
    void whatIsNotNamedIsTheFacesOwn() {
        assertEquals("nose=1", Intent.text(Intent.NONE.of(face(), ALL, 1)));
        assertEquals("jaw=0.5,nose=1", Intent.text(Intent.parse("jaw=0.5").of(face(), ALL, 1)));
        assertEquals("jaw=0.5", Intent.text(Intent.parse("NOSE=0, jaw=.5").of(face(), ALL, 1)));
        assertEquals(
                "mouth=-0.7", Intent.text(Intent.parse("all=0,mouth=-0.7").of(face(), ALL, 1)));
        assertArrayEquals(
                new double[] {0, 0, 0, 0, 2.5, 0}, Intent.parse("nose=1.5").of(face(), ALL, 2));
    }

    @Test
    void whatCannotBeMeasuredIsExaggeratedOnlyWhereTheUserSaysSo() {
        assertEquals(0, Intent.NONE.of(face(), WITHOUT_NOSE, 1)[4]);
        assertEquals(1.5, Intent.parse("nose=1.5").of(face(), WITHOUT_NOSE, 1)[4]);
    }

    @Test
    void artistsDecideWhereTheUserDoesNot() {
        Intent intent = Intent.parse("artist,jaw=0.5");
        assertEquals(Intent.Base.ARTIST, intent.base());
        assertArrayEquals(
                new double[] {0.5, 0, -0.4, 0, 0.2, 0},
                intent.of(new double[] {0.3, 0, -0.4, 0, 0.2, 0}, 1));
        assertEquals(Intent.Base.DISTINCTIVE, Intent.parse("distinctive").base());
    }

    @Test
    void anArtistsMoveIsAGainAlongTheOwnDeviation() {
        MeterTarget face = face();
        Landmarks seen = new FaceRenderer().landmarks(Subject.mean(), View.neutral());
        // An artist who draws every nose longer and wider, as this one is already.
        double[] common = new double[2 * Landmarks.COUNT];
        for (int i = 31; i <= 35; i++) {
            common[2 * i] = 0.02 * (i - 33);
            common[2 * i + 1] = 0.05;
        }
        double[] mean = new double[2 * Landmarks.COUNT];
        for (int k = 0; k < mean.length; k++) {
            mean[k] = (seen.xy()[k] - 64) / seen.interOcular();
        }
        double[] gains =
                new ArtistGains(
                                new ArtistIntent(
                                        mean, common, new double[mean.length][mean.length], 10))
                        .of(face, seen);
        assertTrue(gains[4] > 0.2, "nose " + gains[4]);
        for (int r = 0; r < gains.length; r++) {
            assertTrue(r == 4 || gains[r] == 0, "region " + r + " has " + gains[r]);
        }
    }

    @Test
    void mistakesNameWhatIsValid() {
        assertTrue(refused("ears=1").contains("jaw, chin, eyes, brows, nose, mouth"));
        assertTrue(refused("nose").contains("nose=1.5"));
        assertTrue(refused("nose=big").contains("not a number"));
        assertTrue(refused("nose=3").contains("2.5"));
        assertTrue(refused("").contains("region=gain"));
        assertTrue(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Intent.parse("nose=0").of(face(), ALL, 1))
                        .getMessage()
                        .contains("--intent"));
    }

    private static String refused(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Intent.parse(text)).getMessage();
    }

    @Test
    void aScheduleIsReadBackAsItWasHeld() {
        WeightSchedule read =
                WeightSchedule.parse(
                        Schedules.loractl(
                                List.of(
                                        decision(1, 0.25, 0.5),
                                        decision(2, 0.6, 0.625),
                                        decision(3, 1, 0.4))));
        assertEquals(0.5, read.at(0));
        assertEquals(0.5, read.at(0.25));
        assertEquals(0.625, read.at(0.26), 1e-9);
        assertEquals(0.625, read.at(0.6), 1e-9);
        assertEquals(0.4, read.at(0.7), 1e-9);
        assertEquals(0.4, read.at(1));
    }

    private static Decision decision(int number, double progress, double weight) {
        Terms terms = new Terms(0.5, 0.3, 0.9, 0.8, 1, 0.8, 0.5, 2.2);
        return new Decision(
                number, progress, 0, weight, new double[6], new double[6], 2 * number, terms);
    }
}
