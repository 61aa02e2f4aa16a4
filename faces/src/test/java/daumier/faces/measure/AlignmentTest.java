package daumier.faces.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    private final ModelFit fit = new ModelFit(new ProceduralModel(), Camera.PORTRAIT);
    private final Landmarks reference = fit.reference();

    @Test
    void landmarksBringTheFrameBack() {
        Similarity turn = new Similarity(2 * Math.cos(0.3), 2 * Math.sin(0.3), 40, -15);
        Alignment a = Alignment.of(turn.apply(reference), reference);
        Landmarks back = a.toPortrait(turn.apply(reference));
        Landmarks there = a.toPicture(reference);
        for (int i = 0; i < 136; i++) {
            assertEquals(reference.xy()[i], back.xy()[i], 1e-3);
            assertEquals(turn.apply(reference).xy()[i], there.xy()[i], 1e-3);
        }
        Similarity none = turn.then(turn.inverse());
        assertEquals(1, none.a(), 1e-12);
        assertEquals(0, none.tx(), 1e-9);
    }

    @Test
    void theCameraIsTheFaceWorlds() {
        Landmarks drawn = new FaceRenderer().landmarks(Subject.mean(), View.neutral());
        for (int i = 0; i < 136; i++) {
            assertEquals(drawn.xy()[i], reference.xy()[i], 0.01);
        }
        View turned = View.neutral().withPose(0.3f, -0.1f, 0.08f);
        Landmarks posed = new FaceRenderer().landmarks(Subject.mean(), turned);
        double deg = 180 / Math.PI;
        Landmarks ours =
                fit.project(
                        new Pose(0.3 * deg, -0.1 * deg, 0.08 * deg, 1, 0, 0),
                        new double[27],
                        new double[5]);
        for (int i = 0; i < 136; i++) {
            assertEquals(posed.xy()[i], ours.xy()[i], 0.01);
        }
    }

    @Test
    void theFittedPoseStraightens() {
        Pose pose = new Pose(5, 0, 12, 1.2, 7, -4);
        Landmarks posed = fit.project(pose, new double[27], new double[5]);
        Alignment a = Alignment.identity().refined(pose, fit.camera());
        Landmarks straight = a.toPortrait(posed);
        Landmarks want = fit.project(new Pose(5, 0, 0, 1, 0, 0), new double[27], new double[5]);
        for (int i = 0; i < 136; i++) {
            assertEquals(want.xy()[i], straight.xy()[i], 1e-3);
        }
    }

    @Test
    void cropsAverageWhenTheyShrink() {
        byte[] rgb = new byte[3 * 400 * 400];
        for (int i = 0; i < 400 * 400; i++) {
            rgb[3 * i] = (byte) ((i % 2) * 200);
        }
        Alignment a = Alignment.of(new Detection(100, 100, 200, 200, 1), reference);
        Picture crop = a.crop(new Picture(400, 400, rgb));
        for (int i = 64 * 128 + 40; i < 64 * 128 + 90; i++) {
            assertTrue(Math.abs((crop.rgb()[3 * i] & 0xff) - 100) < 40);
        }
        assertEquals(256, a.crop(new Picture(400, 400, rgb), 256).width());
    }
}
