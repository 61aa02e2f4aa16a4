package daumier.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules from other programs' files. */
final class ScheduleFileTest {
    @TempDir private Path folder;

    private LoraSchedule read(String text) throws IOException {
        Path file = folder.resolve("schedule");
        Files.writeString(file, text);
        return ScheduleFile.read(file);
    }

    @Test
    void loractlText() throws IOException {
        assertEquals(LoraSchedule.parse("0.2@0,1@0.5,te=0.4"), read("te=0.4:unet=0.2@0;1@0.5\n"));
    }

    @Test
    void aListOfScalesGivesEveryStepItsOwn() throws IOException {
        double[] scales = {0.1, 0.9, 0.4, 0.4};
        assertArrayEquals(scales, read("[0.1, 0.9, 0.4, 0.4]").unet().over(4), 1e-12);
        assertEquals(0.5, read("[0.1, 0.9]").unet().at(0.5), 1e-12);
        assertEquals(WeightSchedule.constant(0.7), read("[0.7]").unet());
    }

    @Test
    void keyframesHoldUntilTheNextOne() throws IOException {
        WeightSchedule stairs =
                read("""
                        {"9": {"class_type": "KSampler", "inputs": {}},
                         "2": {"class_type": "CreateHookKeyframe",
                               "inputs": {"strength_mult": 0.75, "start_percent": 0.5,
                                          "prev_hook_kf": ["1", 0]}},
                         "1": {"class_type": "CreateHookKeyframe",
                               "inputs": {"strength_mult": 0.25, "start_percent": 0.0}}}
                        """)
                        .unet();
        assertEquals(0.25, stairs.at(0));
        assertEquals(0.25, stairs.at(0.4999), 1e-12);
        assertEquals(0.75, stairs.at(0.5));
        assertEquals(0.75, stairs.at(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "[\"a\"]",
                "[1, null]",
                "[[1]]",
                "[1",
                "{}",
                "{\"1\": 3}",
                "{\"1\": {\"class_type\": \"CreateHookKeyframe\", \"inputs\": {\"strength_mult\": 1,"
                        + " \"start_percent\": 2}}}",
                "0.8@-2",
                "loud"
            })
    void whatIsNoScheduleIsRefusedInOneSentence(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> read(text));
        assertTrue(e.getMessage().contains("schedule"), e.getMessage());
        assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        assertThrows(NoSuchFileException.class, () -> ScheduleFile.read(folder.resolve("nothing")));
    }
}
