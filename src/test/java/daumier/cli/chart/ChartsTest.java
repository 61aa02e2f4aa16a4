package daumier.cli.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.run.MadeUpRun;
import daumier.cli.run.RunFolder;
import daumier.faces.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pictures of numbers are drawn; they stay under target/charts to be looked at. */
final class ChartsTest {
    private static final Path OUT = Path.of("target/charts");

    @TempDir private Path folder;

    @BeforeAll
    static void headless() throws IOException {
        System.setProperty("java.awt.headless", "true");
        Files.createDirectories(OUT);
    }

    @Test
    void theCurvesOfOneRun() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("ppo-seed-1"), 1, 1600);
        check(new RunCurves(List.of(run)).figure(false), "curves-one");
    }

    @Test
    void theCurvesOfThreeRunsOverlaidAndAveraged() throws IOException {
        List<RunFolder> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            runs.add(MadeUpRun.write(folder.resolve("ppo-seed-" + seed), seed, 1200));
        }
        check(new RunCurves(runs).figure(false), "curves-three");
        check(new RunCurves(runs).figure(true), "curves-average");
    }

    @Test
    void aHeatMapIsBlueBelowZeroAndOrangeAbove() throws IOException {
        HeatMapPanel map =
                new HeatMapPanel(
                        "Increments",
                        "timestep",
                        List.of("noise", "500"),
                        List.of("jaw", "nose"),
                        new double[][] {{1.5, 0}, {Double.NaN, -1.5}},
                        1.5);
        Figure figure = new Figure(1, 300, 200).title("Heat map", "").add(map);
        check(figure, "heat-map");
        Set<Integer> colours = colours(figure.image());
        assertTrue(colours.contains(0xffd55e00), "full orange");
        assertTrue(colours.contains(0xff0072b2), "full blue");
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new HeatMapPanel(
                                "", "", List.of("a"), List.of("b"), new double[][] {{1, 2}}, 1));
    }

    @Test
    void picturesStandInARow() throws IOException {
        byte[] red = new byte[3 * 16];
        for (int i = 0; i < red.length; i += 3) {
            red[i] = (byte) 0xff;
        }
        PicturesPanel row =
                new PicturesPanel(
                        "Previews",
                        List.of(
                                new PicturesPanel.Shown(
                                        new Picture(4, 4, red), List.of("first", "LoRA 0.5"))),
                        3);
        Figure figure = new Figure(1, 400, 180).add(row);
        check(figure, "pictures");
        assertTrue(colours(figure.image()).contains(0xffff0000));
        assertThrows(
                IllegalArgumentException.class, () -> new PicturesPanel("", row.pictures(), 0));
    }

    private static Set<Integer> colours(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }

    @Test
    void theScoreOnValidationFacesStandsBesideTheRivals() throws IOException {
        RunFolder run = MadeUpRun.write(folder.resolve("validated"), 4, 1600);
        StringBuilder rows =
                new StringBuilder("time/total_timesteps,composite,composite_low,composite_high\n");
        for (int i = 0; i <= 10; i++) {
            double score = 1.2 + 0.8 * (1 - Math.exp(-i / 3.0));
            rows.append(
                    "%d,%.3f,%.3f,%.3f%n".formatted(1280 * i, score, score - 0.12, score + 0.1));
        }
        Files.writeString(run.file("evaluations.csv"), rows);
        Files.writeString(
                run.file(RunCurves.RIVALS),
                "{\"best static\":{\"composite\":1.45},\"ramp 0.3 to 0.7\":{\"composite\":1.3},"
                        + "\"closed-loop rule\":{\"composite\":1.8}}");
        RunCurves curves = new RunCurves(List.of(run));
        check(curves.figure(false), "curves-validated");
        List<String> table = curves.csv().lines().toList();
        assertEquals("panel,line,pictures_drawn,value,low,high", table.get(0));
        assertTrue(
                table.contains(
                        "\"Score on validation faces (interquartile mean, 95% interval)\","
                                + "\"policy\",160.0,1.427,1.307,1.527"),
                "1,280 steps of episodes of 8 are 160 pictures");
        assertTrue(table.stream().anyMatch(row -> row.contains("\"best static\",0.0,1.45,,")));
    }

    @Test
    void aRunOfOneEpisodeCanBeDrawn() throws IOException {
        check(
                new RunCurves(List.of(MadeUpRun.write(folder.resolve("short"), 1, 1)))
                        .figure(false),
                "curves-short");
    }

    @Test
    void identityAgainstAlignment() throws IOException {
        Random random = new Random(5);
        List<ScatterPanel.Point> points = new ArrayList<>();
        String[] names = {
            "learned policy (PPO)",
            "closed-loop rule",
            "best static",
            "ramp 0.3 to 0.7",
            "difference from mean",
            "CMA-ES open loop",
            "random",
            "static 0.3",
            "static 0.5",
            "static 0.9"
        };
        for (int i = 0; i < names.length; i++) {
            double x = 0.55 + 0.03 * i % 0.3 + 0.05 * random.nextDouble();
            double y = 0.8 - 0.06 * i + 0.05 * random.nextDouble();
            points.add(
                    new ScatterPanel.Point(
                            names[i], i, i < 3, x, x - 0.02, x + 0.02, y, y - 0.03, y + 0.03));
        }
        Figure figure =
                new Figure(1, 640, 460)
                        .title("Identity against alignment", "60 held-out faces, 95% intervals")
                        .add(
                                new ScatterPanel(
                                        "",
                                        "identity kept (cosine, judge)",
                                        "alignment with the intent",
                                        points));
        check(figure, "scatter");
    }

    @Test
    void scoresByPolicy() throws IOException {
        Random random = new Random(6);
        List<IntervalPanel.Row> rows = new ArrayList<>();
        String[] names = {"learned policy (PPO)", "closed-loop rule", "best static", "random"};
        for (int i = 0; i < names.length; i++) {
            double mean = 0.9 - 0.12 * i;
            double[] dots = random.doubles(12).map(d -> mean + 0.3 * (d - 0.5)).toArray();
            rows.add(new IntervalPanel.Row(names[i], i, mean, mean - 0.05, mean + 0.05, dots));
        }
        check(
                new Figure(1, 640, 260)
                        .title("Composite score", "interquartile mean, 95% intervals")
                        .add(
                                new IntervalPanel(
                                        "", "score", rows, OptionalDouble.of(rows.get(2).value()))),
                "scores");
    }

    @Test
    void schedulesOverTheSteps() throws IOException {
        double[] progress = {0, 0.25, 0.5, 0.75, 1};
        List<Line> weights =
                List.of(
                        Line.of(
                                "learned",
                                0,
                                progress,
                                new double[] {0.2, 0.35, 0.62, 0.81, 0.7},
                                Line.Style.STEPS),
                        Line.of(
                                "ramp",
                                7,
                                new double[] {0, 1},
                                new double[] {0.3, 0.7},
                                Line.Style.DASHED));
        List<Line> regions = new ArrayList<>();
        String[] names = {"jaw", "chin", "mouth", "nose", "eyes", "brows"};
        for (int i = 0; i < names.length; i++) {
            double k = 0.2 * i;
            regions.add(
                    Line.of(
                            names[i],
                            i,
                            progress,
                            Arrays.stream(progress).map(p -> p * k).toArray(),
                            Line.Style.SOLID));
        }
        check(
                new Figure(2, 420, 280)
                        .title("The schedule that was chosen", "")
                        .add(
                                new LinePanel(
                                        "LoRA weight",
                                        "denoising progress",
                                        "",
                                        weights,
                                        true,
                                        OptionalDouble.empty(),
                                        0,
                                        1))
                        .add(
                                new LinePanel(
                                        "Exaggeration by region",
                                        "denoising progress",
                                        "gain",
                                        regions,
                                        true,
                                        OptionalDouble.empty())),
                "schedule");
    }

    @Test
    void aMeanOfLinesLiesBetweenThem() {
        double[] x = {0, 1, 2};
        Line low = Line.of("a", 0, x, new double[] {0, 1, 2}, Line.Style.SOLID);
        Line high = Line.of("b", 1, x, new double[] {2, 3, 4}, Line.Style.SOLID);
        Line mean = Smoothing.average("mean", 0, List.of(low, high));
        assertEquals(1.0, mean.y()[0], 1e-12);
        assertEquals(3.0, mean.y()[mean.y().length - 1], 1e-12);
        Optional<double[]> edge = mean.low();
        // Standard error 1, Student's t of one degree of freedom.
        assertEquals(1 - 12.706, edge.orElseThrow()[0], 1e-9);
    }

    @Test
    void aRollingMeanSkipsMissingValues() {
        Line line =
                Smoothing.rolling(
                        "r", 0, new double[] {1, 2, 3}, new double[] {4, Double.NaN, 6}, 1);
        assertEquals(List.of(1.0, 3.0), Arrays.stream(line.x()).boxed().toList());
        assertEquals(List.of(4.0, 6.0), Arrays.stream(line.y()).boxed().toList());
    }

    @Test
    void columnsBecomeWords() {
        assertEquals("Identity loss", RunCurves.label("reward/identity_loss"));
    }

    private static void check(Figure figure, String name) throws IOException {
        figure.writePng(OUT.resolve(name + ".png"));
        figure.writeSvg(OUT.resolve(name + ".svg"));
        BufferedImage image = ImageIO.read(OUT.resolve(name + ".png").toFile());
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 3) {
            for (int x = 0; x < image.getWidth(); x += 3) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 20, "hardly anything is drawn in " + name);
        assertTrue(Files.readString(OUT.resolve(name + ".svg")).contains("</svg>"));
    }
}
