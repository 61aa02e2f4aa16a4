package daumier.cli.sample;

import daumier.cli.chart.Figure;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import daumier.diffusion.schedule.LoraSchedule;
import daumier.diffusion.schedule.WeightSchedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The weights of LoRAs over the progress of a sampling, as a picture: one panel for each LoRA.
 * Progress, not steps, because image-to-image and some samplers run another number than is asked
 * for.
 */
final class ScheduleChart {
    private static final double WIDTH = 560;
    private static final double HEIGHT = 260;

    /** Fine enough for jumps to look like jumps. */
    private static final int POINTS = 501;

    /** Room above and below the curves, in parts of their range. */
    private static final double ROOM = 0.06;

    private ScheduleChart() {}

    /**
     * Draws the curves.
     *
     * @param file the PNG to write
     * @param loras at least one
     * @throws IOException when it cannot be written
     */
    static void write(Path file, List<LoraArgument> loras) throws IOException {
        Figure figure = new Figure(1, WIDTH, HEIGHT);
        figure.title("LoRA weights", "Progress 0 is the first step, 1 the last.");
        for (LoraArgument lora : loras) {
            figure.add(panel(lora));
        }
        figure.writePng(file);
    }

    private static LinePanel panel(LoraArgument lora) {
        List<Line> lines = lines(lora.schedule());
        double low = 0;
        double high = 1;
        for (Line line : lines) {
            for (double weight : line.y()) {
                low = Math.min(low, weight);
                high = Math.max(high, weight);
            }
        }
        double room = (high - low) * ROOM;
        String region = lora.mask().map(m -> " in " + m.getFileName()).orElse("");
        return new LinePanel(
                lora.name() + region,
                "progress",
                "weight",
                lines,
                true,
                OptionalDouble.of(0),
                low - room,
                high + room);
    }

    /** U-Net, blocks and text encoder; the latter dashed, as it acts on the text alone. */
    static List<Line> lines(LoraSchedule schedule) {
        List<Line> lines = new ArrayList<>();
        String rest = schedule.isUniform() ? "U-Net" : "U-Net elsewhere";
        lines.add(line(rest, 0, schedule.unet().over(POINTS), Line.Style.SOLID));
        for (Map.Entry<String, WeightSchedule> block : schedule.blocks().entrySet()) {
            double[] weights = block.getValue().over(POINTS);
            lines.add(line(block.getKey(), lines.size(), weights, Line.Style.SOLID));
        }
        double[] te = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            te[i] = schedule.teAt(WeightSchedule.progress(i, POINTS));
        }
        lines.add(line("text encoder", lines.size(), te, Line.Style.DASHED));
        return lines;
    }

    private static Line line(String name, int colour, double[] weights, Line.Style style) {
        double[] x = new double[weights.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = WeightSchedule.progress(i, x.length);
        }
        return Line.of(name, colour, x, weights, style);
    }
}
