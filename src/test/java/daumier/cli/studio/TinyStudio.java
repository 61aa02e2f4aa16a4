package daumier.cli.studio;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import daumier.diffusion.nn.Precision;
import daumier.diffusion.sample.Pack;
import daumier.env.caricature.FaceNets;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Studio;
import daumier.env.caricature.Technique;
import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A studio that is ready in a moment: the tiny pack of the pipeline's parity tests, and measures
 * that are arithmetic on pixels.
 */
final class TinyStudio {
    private static final Path PACK =
            Path.of("../diffusion/src/test/resources/daumier/diffusion/sample/pipeline/pack")
                    .toAbsolutePath()
                    .normalize();

    private static final Landmarks PLACES =
            new FaceRenderer().landmarks(Subject.mean(), View.neutral());

    private TinyStudio() {}

    /** How its episodes go: few calls, by warping, for its adapter is of another kind. */
    static Settings settings() {
        Settings standard = Settings.standard();
        return new Settings(
                3,
                new Technique(1, 1, "", 1),
                Settings.Means.WARP,
                standard.foresight(),
                standard.reward(),
                false);
    }

    /** Opens one whose pack lies in {@code folder}. */
    static Studio open(Path folder) throws IOException {
        assumeTrue(Files.isDirectory(PACK), "The tiny pack is among the tests of diffusion.");
        try (Stream<Path> files = Files.walk(PACK)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = PACK.relativize(file);
                if (!relative.startsWith("adapter")) {
                    Path copy = folder.resolve(relative.toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return Studio.of(Pack.open(folder, Device.cpu(), Precision.FP32), nets(0), nets(1));
    }

    private static FaceNets nets(double shift) {
        return new FaceNets(
                portraits -> portraits.stream().map(p -> locate(p, shift)).toList(),
                new Exact(),
                new Colours(),
                new Redness());
    }

    private static Landmarks locate(Picture picture, double shift) {
        float[] xy = PLACES.xy().clone();
        for (int i = 0; i < xy.length; i++) {
            int x = Math.round(PLACES.x(i / 2));
            int y = Math.round(PLACES.y(i / 2));
            int value = picture.rgb()[3 * (y * picture.width() + x) + i % 2] & 0xff;
            xy[i] += (float) ((value - 128) / 64.0 + 0.1 * shift);
        }
        return new Landmarks(xy);
    }

    private static final class Exact implements FaceNets.Meter {
        private final double[] length = {12, 5, 5, 4, 6, 5};
        private final ExaggerationMeter meter =
                new ExaggerationMeter(
                        unit(2 * Landmarks.COUNT), unit(length.length), length, new double[6]);

        private static double[][] unit(int n) {
            double[][] unit = new double[n][n];
            for (int i = 0; i < n; i++) {
                unit[i][i] = 1;
            }
            return unit;
        }

        @Override
        public double[] medianLength() {
            return length.clone();
        }

        @Override
        public ExaggerationMeter.Reading read(
                MeterTarget target, Landmarks measured, float[] offset) {
            return meter.read(target, measured, offset);
        }
    }

    private static final class Colours implements FaceNets.Identity {
        @Override
        public float[][] embed(List<Picture> portraits) {
            return portraits.stream().map(Colours::mean).toArray(float[][]::new);
        }

        private static float[] mean(Picture picture) {
            float[] sums = new float[3];
            for (int i = 0; i < picture.rgb().length; i++) {
                sums[i % 3] += picture.rgb()[i] & 0xff;
            }
            double length = Math.sqrt(sums[0] * sums[0] + sums[1] * sums[1] + sums[2] * sums[2]);
            for (int i = 0; i < sums.length; i++) {
                sums[i] /= (float) Math.max(1, length);
            }
            return sums;
        }

        @Override
        public double score(double cosine) {
            return Math.max(0, Math.min(1, cosine));
        }
    }

    private static final class Redness implements FaceNets.Style {
        @Override
        public List<String> artists() {
            return List.of("style");
        }

        @Override
        public float[][] level(List<Picture> portraits) {
            float[][] levels = new float[portraits.size()][1];
            for (int i = 0; i < levels.length; i++) {
                levels[i][0] = Colours.mean(portraits.get(i))[0];
            }
            return levels;
        }
    }
}
