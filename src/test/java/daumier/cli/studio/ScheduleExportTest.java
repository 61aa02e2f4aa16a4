package daumier.cli.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import daumier.cli.studio.ScheduleExport.Form;
import daumier.cli.studio.ScheduleExport.Point;
import daumier.diffusion.schedule.ScheduleFile;
import daumier.diffusion.schedule.WeightSchedule;
import daumier.env.caricature.Decision;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules as other programs read them, and how long a training is said to take. */
final class ScheduleExportTest {
    private static Decision decision(double progress, double weight) {
        return new Decision(
                1,
                progress,
                1000 * (1 - progress),
                weight,
                new double[6],
                new double[6],
                1,
                new Terms(0, 0, 0, 0, 0, 0, 0, 0));
    }

    private static final ScheduleExport STAIRS =
            ScheduleExport.of(List.of(decision(0.5, 0.25), decision(1, 0.75)));

    @Test
    void aDecisionHoldsUntilTheNextOne() {
        assertEquals(0.25, STAIRS.at(0));
        assertEquals(0.25, STAIRS.at(0.49));
        assertEquals(0.75, STAIRS.at(0.5), "at a jump the weight after it");
        assertEquals(0.75, STAIRS.at(1));
        assertEquals("0.25@0,0.25@0.5,0.75@0.501,0.75@1", STAIRS.text(Form.LORACTL, 1));
    }

    @Test
    void whatIsExportedIsReadBack(@TempDir Path folder) throws IOException {
        for (Form form : Form.values()) {
            Path file = folder.resolve(form + ".txt");
            Files.writeString(file, STAIRS.text(form, 21));
            WeightSchedule back = ScheduleFile.read(file).unet();
            for (int i = 0; i <= 20; i++) {
                if (i != 10) { // at the jump loractl's text is a thousandth late
                    assertEquals(STAIRS.at(i / 20.0), back.at(i / 20.0), 1e-9, form + " at " + i);
                }
            }
        }
    }

    @Test
    void comfyuiNodesHangOnOneAnother() {
        JsonObject nodes = JsonParser.parseString(STAIRS.text(Form.COMFYUI, 1)).getAsJsonObject();
        assertEquals(2, nodes.size());
        JsonObject second = nodes.getAsJsonObject("2");
        assertEquals("CreateHookKeyframe", second.get("class_type").getAsString());
        assertEquals(
                "{\"strength_mult\":0.75,\"start_percent\":0.5,\"prev_hook_kf\":[\"1\",0]}",
                second.get("inputs").toString());
        assertEquals(
                "{\"strength_mult\":0.25,\"start_percent\":0.0}",
                nodes.getAsJsonObject("1").get("inputs").toString());
    }

    @Test
    void diffusersHasOneScaleForEachStep() {
        assertEquals(
                "[0.25,0.25,0.75,0.75,0.75]",
                JsonParser.parseString(STAIRS.text(Form.DIFFUSERS, 5)).toString());
        assertEquals("[0.25]", JsonParser.parseString(STAIRS.text(Form.DIFFUSERS, 1)).toString());
    }

    @Test
    void theMeanIsTakenAtEvenlySpacedPoints() {
        ScheduleExport mean =
                ScheduleExport.mean(
                        List.of(
                                List.of(decision(1, 0.4)),
                                List.of(decision(0.5, 0.2), decision(1, 0.8))));
        assertEquals(21, mean.points().size());
        assertEquals(0.3, mean.at(0.25), 1e-12);
        assertEquals(0.6, mean.at(0.75), 1e-12);
        assertEquals(
                "0.3@0,0.3@0.45,0.6@0.5,0.6@1",
                mean.text(Form.LORACTL, 1),
                "points that say nothing are left out");
    }

    @Test
    void schedulesOutOfOrderAreRefused() {
        for (List<Point> points :
                List.of(
                        List.of(new Point(0, 1)),
                        List.of(new Point(0.1, 1), new Point(1, 1)),
                        List.of(new Point(0, 1), new Point(0.9, 1)),
                        List.of(
                                new Point(0, 1),
                                new Point(0.7, 1),
                                new Point(0.6, 1),
                                new Point(1, 1)))) {
            assertThrows(IllegalArgumentException.class, () -> new ScheduleExport(points));
        }
    }

    @Test
    void theEstimateCountsEveryPortraitAndKeepsToTheBound() {
        TrainPlan plan = TrainingTest.plan(TrainPlan.LearnerName.PPO, 1200, 0, 0);
        Settings settings = TinyStudio.settings();
        // 3 decisions a portrait at 6 a second: half a second a portrait.
        TimeEstimate free = TimeEstimate.of(plan, settings, 40, 12, 6);
        assertEquals(20, free.preparation(), 1e-9);
        assertEquals(200, free.learning(), 1e-9);
        // An evaluation of 2 portraits every 2 lanes x 3 steps, and one at each end.
        assertEquals(1200 / 6 + 2, free.evaluation(), 1e-9);
        TimeEstimate bound = TimeEstimate.of(plan.until(1200, 1, 0), settings, 40, 12, 6);
        assertEquals(20 + 60 + 2, bound.seconds(), 1e-9);
        assertEquals(8 * 12 + 24 * 3, TimeEstimate.tuning(12, 8, 24));
        assertEquals(48, TimeEstimate.tuning(1, 48, 48));
    }
}
