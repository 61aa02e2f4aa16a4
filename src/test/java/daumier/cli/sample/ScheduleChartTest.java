package daumier.cli.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import daumier.cli.chart.Line;
import daumier.diffusion.sample.LoraMoment;
import daumier.diffusion.schedule.Composition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The chart of what acts when. */
final class ScheduleChartTest {
    @Test
    void whatActsIsDrawn() {
        List<LoraMoment> moments =
                List.of(
                        new LoraMoment(0.8, Map.of("up", 0.3), 0.5, 0.25),
                        new LoraMoment(0, Map.of("up", 0.0), 0, 0),
                        new LoraMoment(0.6, Map.of("up", 0.9), 0.5, 0.75));
        List<Line> lines = ScheduleChart.lines(moments, Composition.parse("klora"));
        assertEquals(
                List.of("U-Net elsewhere", "up", "text encoder", "part of its layers"),
                lines.stream().map(Line::name).toList());
        assertArrayEquals(new double[] {0, 1, 2, 3}, lines.get(0).x());
        assertArrayEquals(new double[] {0.8, 0, 0.6, 0.6}, lines.get(0).y());
        assertArrayEquals(new double[] {0.3, 0, 0.9, 0.9}, lines.get(1).y());
        assertArrayEquals(new double[] {0, 1, 1, 2, 2, 3}, lines.get(2).x());
        assertArrayEquals(new double[] {0.5, 0.5, 0, 0, 0.5, 0.5}, lines.get(2).y());
        assertArrayEquals(new double[] {0.25, 0, 0.75, 0.75}, lines.get(3).y());
        assertEquals(3, ScheduleChart.lines(moments, Composition.SUM).size());
    }
}
