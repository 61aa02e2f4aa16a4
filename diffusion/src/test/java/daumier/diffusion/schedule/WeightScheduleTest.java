package daumier.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightScheduleTest {
    @Test
    void valuesOfEachForm() {
        assertArrayEquals(new double[] {0.8, 0.8}, WeightSchedule.parse("0.8").over(2));
        assertArrayEquals(
                new double[] {0.3, 0.5, 0.7}, WeightSchedule.parse("0.3@0,0.7@1").over(3), 1e-12);
        assertArrayEquals(
                new double[] {0.2, 0.2, 0.6, 1, 1},
                WeightSchedule.parse("0.2@0.25, 1@0.75").over(5),
                1e-12);
        assertArrayEquals(
                new double[] {0.3, 0.5, 0.7},
                WeightSchedule.parse("cosine(0.3,0.7)").over(3),
                1e-12);
        assertEquals(
                0.3 + 0.4 * (1 - Math.sqrt(0.5)) / 2,
                WeightSchedule.parse("cosine(0.3, 0.7)").at(0.25),
                1e-12);
        assertArrayEquals(
                new double[] {-1, 0, 1}, WeightSchedule.parse("RAMP(-1, 1)").over(3), 1e-12);
    }

    /** As loractl's sorted_positions and calculate_weight, which counts from its first step. */
    @Test
    void pointsAreReadAsLoractlReadsThem() {
        assertEquals(WeightSchedule.parse("0@0,1@1"), WeightSchedule.parse("1@1,0@0"));
        assertEquals(WeightSchedule.parse("0.3@0,0.7@1"), WeightSchedule.parse("0.3@0;0.7"));
        assertEquals(WeightSchedule.parse("0.2@0.5,0.7@1"), WeightSchedule.parse("0.7@1,0.2@.5"));
        assertEquals(WeightSchedule.constant(0.8), WeightSchedule.parse("0.8,0.9"));
        assertEquals(WeightSchedule.constant(0.8), WeightSchedule.parse("0.8,0.2@1"));
    }

    @Test
    void placesAboveOneAreSteps() {
        WeightSchedule schedule = WeightSchedule.parse("0.5@3,1@6,0.75@0");
        assertEquals("0.75@0,0.5@3,1@6", schedule.toString());
        assertEquals(schedule, WeightSchedule.parse(schedule.toString()));
        assertArrayEquals(
                new double[] {0.75, 2 / 3.0, 7 / 12.0, 0.5, 2 / 3.0, 5 / 6.0, 1, 1, 1},
                schedule.over(9),
                1e-12);
        // cut off by the last step
        assertArrayEquals(
                new double[] {0.75, 2 / 3.0, 7 / 12.0, 0.5, 2 / 3.0}, schedule.over(5), 1e-12);
        assertArrayEquals(new double[] {0.75}, schedule.over(1));
        WeightSchedule late = WeightSchedule.parse("0.5@5,1.0@10");
        assertArrayEquals(new double[] {0.5, 0.5, 0.5}, late.over(3));
        assertEquals(0.8, late.over(30)[8], 1e-12);
        assertThrows(IllegalStateException.class, () -> schedule.at(0.5));
    }

    @Test
    void aSingleStepStandsAtTheStart() {
        assertEquals(0.3, WeightSchedule.parse("ramp(0.3,0.7)").over(1)[0]);
    }

    @Test
    void twoPointsAtOnePlaceAreAJump() {
        WeightSchedule jump = WeightSchedule.parse("0@0,0@0.5,1@0.5,1@1");
        assertEquals(0, jump.at(0.499));
        assertEquals(1, jump.at(0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.8", "-1", "0.3@0,0.7@1", "1@0.2", "cosine(0.3,0.7)", "ramp(0,1.25)"})
    void textRoundTrips(String text) {
        WeightSchedule schedule = WeightSchedule.parse(text);
        assertEquals(text, schedule.toString());
        assertEquals(schedule, WeightSchedule.parse(schedule.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "0.8,x",
                "0.2~0.8",
                "0.2@0~0.8@1",
                "0.5@-1",
                "0.5@0@1",
                "0.5@inf",
                "ramp(1)",
                "NaN",
                "1@",
                "@1",
                "cosine(0.3,0.7",
                "sine(0,1)",
                "1@0,"
            })
    void unreadableTextIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> WeightSchedule.parse(text));
    }
}
