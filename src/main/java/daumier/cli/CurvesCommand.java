package daumier.cli;

import daumier.cli.chart.Figure;
import daumier.cli.chart.RunCurves;
import daumier.cli.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier curves}: the learning curves of runs as PNG and SVG. */
@Command(
        name = "curves",
        description = {
            "Draws the learning curves of runs, as PNG and SVG: the reward of an episode and each "
                    + "of its terms with a confidence band, KL divergence, entropy, explained "
                    + "variance. A run that is still training can be drawn too."
        },
        footer = {
            "",
            "Examples:",
            "  daumier curves training-runs/reference",
            "  daumier curves training-runs/a training-runs/b --out both.png"
        })
final class CurvesCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of runs.")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to; .png and .svg are both written (default: curves.png in the run, or "
                            + "in the current folder for several runs).")
    private Path out;

    @Option(
            names = "--average",
            description = "One line for all runs, their mean, with the band between runs.")
    private boolean average;

    @Override
    public Integer call() throws IOException {
        List<RunFolder> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(RunFolder.open(folder));
        }
        Figure figure = new RunCurves(runs).figure(average);
        Path target = out;
        if (target == null) {
            target = runs.size() == 1 ? runs.get(0).file("curves.png") : Path.of("curves.png");
        }
        Path png = withEnding(target, ".png");
        Path svg = withEnding(target, ".svg");
        figure.writePng(png);
        figure.writeSvg(svg);
        spec.commandLine().getOut().println(png);
        spec.commandLine().getOut().println(svg);
        return 0;
    }

    private static Path withEnding(Path file, String ending) {
        String name = file.getFileName().toString().replaceFirst("\\.(png|svg)$", "");
        return file.resolveSibling(name + ending);
    }
}
