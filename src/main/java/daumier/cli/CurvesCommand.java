package daumier.cli;

import daumier.cli.chart.Figure;
import daumier.cli.chart.RunCurves;
import daumier.cli.run.AtomicFiles;
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

/** {@code daumier curves}: the learning curves of runs as PNG, SVG and CSV. */
@Command(
        name = "curves",
        description = {
            "Draws the learning curves of runs, as PNG, SVG and CSV, against the pictures drawn: "
                    + "the reward of an episode and each of its terms with a confidence band, the "
                    + "score on validation faces with its interval beside the rivals', KL "
                    + "divergence, clipped fraction, entropy, explained variance. A run that is "
                    + "still training can be drawn too."
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
                    "Where to; .png, .svg and .csv are written (default: curves.png in the run, or "
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
        RunCurves curves = new RunCurves(runs);
        Figure figure = curves.figure(average);
        Path target = out;
        if (target == null) {
            target = runs.size() == 1 ? runs.get(0).file("curves.png") : Path.of("curves.png");
        }
        Path png = withEnding(target, ".png");
        Path svg = withEnding(target, ".svg");
        Path csv = withEnding(target, ".csv");
        figure.writePng(png);
        figure.writeSvg(svg);
        AtomicFiles.write(csv, curves.csv());
        spec.commandLine().getOut().println(png);
        spec.commandLine().getOut().println(svg);
        spec.commandLine().getOut().println(csv);
        return 0;
    }

    private static Path withEnding(Path file, String ending) {
        String name = file.getFileName().toString().replaceFirst("\\.(png|svg|csv)$", "");
        return file.resolveSibling(name + ending);
    }
}
