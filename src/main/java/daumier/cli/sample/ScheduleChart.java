package daumier.cli.sample;

import daumier.cli.chart.Figure;
import daumier.cli.chart.Line;
import daumier.cli.chart.LinePanel;
import daumier.diffusion.sample.LoraMoment;
import daumier.diffusion.schedule.Composition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The weights with which LoRAs act in each call of the network, as a picture: one panel for each
 * LoRA. What the composition makes of the schedules is drawn, not the schedules.
 */
final class ScheduleChart {
    private static final double WIDTH = 560;
    private static final double HEIGHT = 260;

    /** Room above and below the curves, in parts of their range. */
    private static final double ROOM = 0.06;

    private ScheduleChart() {}

    /**
     * Draws the curves.
     *
     * @param file the PNG to write
     * @param loras at least one
     * @param timeline what acts of each of them, by call of the network
     * @throws IOException when it cannot be written
     */
    static void write(
            Path file,
            List<LoraArgument> loras,
            Composition composition,
            List<List<LoraMoment>> timeline)
            throws IOException {
        Figure figure = new Figure(1, WIDTH, HEIGHT);
        figure.title("LoRA weights", subtitle(composition, loras.size()));
        for (int i = 0; i < loras.size(); i++) {
            figure.add(panel(loras.get(i), lines(timeline.get(i), composition)));
        }
        figure.writePng(file);
    }

    /** What the weights of a composition mean. */
    static String subtitle(Composition composition, int loras) {
        if (composition instanceof Composition.Switch rule) {
            return "One at a time, %d steps of the sampler each.".formatted(rule.every());
        }
        if (composition instanceof Composition.Composite) {
            return "Each acts alone in one of %d estimates, whose mean is taken.".formatted(loras);
        }
        if (composition instanceof Composition.KLora) {
            return "In each layer of the U-Net one of the two acts.";
        }
        return loras == 1 ? "As it acts." : "They add up.";
    }

    private static LinePanel panel(LoraArgument lora, List<Line> lines) {
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
                "call of the network",
                "weight",
                lines,
                true,
                OptionalDouble.of(0),
                low - room,
                high + room);
    }

    /**
     * U-Net, blocks and text encoder, the latter dashed, as it acts on the text alone; and where a
     * LoRA acts in some layers only, in what part of those it changes.
     */
    static List<Line> lines(List<LoraMoment> moments, Composition composition) {
        List<Line> lines = new ArrayList<>();
        List<String> blocks = List.copyOf(moments.get(0).blocks().keySet());
        String rest = blocks.isEmpty() ? "U-Net" : "U-Net elsewhere";
        lines.add(stairs(rest, lines.size(), moments, LoraMoment::unet));
        for (String block : blocks) {
            lines.add(stairs(block, lines.size(), moments, m -> m.blocks().get(block)));
        }
        lines.add(dashed("text encoder", lines.size(), moments));
        if (composition instanceof Composition.KLora) {
            lines.add(stairs("part of its layers", lines.size(), moments, LoraMoment::share));
        }
        return lines;
    }

    /** Call i holds from i to i + 1. */
    private static Line stairs(
            String name, int colour, List<LoraMoment> moments, ToDoubleFunction<LoraMoment> of) {
        int steps = moments.size();
        double[] x = new double[steps + 1];
        double[] y = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            x[i] = i;
            y[i] = of.applyAsDouble(moments.get(Math.min(i, steps - 1)));
        }
        return Line.of(name, colour, x, y, Line.Style.STEPS);
    }

    private static Line dashed(String name, int colour, List<LoraMoment> moments) {
        double[] x = new double[2 * moments.size()];
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i + 1) / 2;
            y[i] = moments.get(i / 2).te();
        }
        return Line.of(name, colour, x, y, Line.Style.DASHED);
    }
}
