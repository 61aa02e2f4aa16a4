package daumier.env.caricature;

import daumier.faces.ExaggerationMeter;
import daumier.faces.Landmarks;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.List;

/** Measures that are arithmetic on pixels: smooth, deterministic, and no networks. */
final class AnalyticNets {
    private static final int CELLS = 4;
    private static final Landmarks PLACES =
            new FaceRenderer().landmarks(Subject.mean(), View.neutral());

    private AnalyticNets() {}

    /** Measures; the seed shifts what they see, so that judges differ from rewards. */
    static FaceNets of(double seed, String... artists) {
        return new FaceNets(
                portraits -> portraits.stream().map(p -> locate(p, seed)).toList(),
                meter(),
                new FaceNets.Identity() {
                    @Override
                    public float[][] embed(List<Picture> portraits) {
                        return portraits.stream().map(AnalyticNets::embed).toArray(float[][]::new);
                    }

                    @Override
                    public double score(double cosine) {
                        return Math.max(0, Math.min(1, cosine));
                    }
                },
                new FaceNets.Style() {
                    @Override
                    public List<String> artists() {
                        return List.of(artists);
                    }

                    @Override
                    public float[][] level(List<Picture> portraits) {
                        float[][] levels = new float[portraits.size()][artists.length];
                        for (int i = 0; i < levels.length; i++) {
                            for (int k = 0; k < artists.length; k++) {
                                levels[i][k] = mean(portraits.get(i), k % 3) / 255 + 0.1f * k;
                            }
                        }
                        return levels;
                    }
                });
    }

    /** The same networks with a meter that trusts some regions only. */
    static FaceNets trusting(boolean[] regions, FaceNets nets) {
        FaceNets.Meter all = nets.meter();
        FaceNets.Meter some =
                new FaceNets.Meter() {
                    @Override
                    public double[] medianLength() {
                        return all.medianLength();
                    }

                    @Override
                    public boolean[] trusted() {
                        return regions.clone();
                    }

                    @Override
                    public ExaggerationMeter.Reading read(
                            MeterTarget target, Landmarks measured, float[] offset) {
                        return all.read(target, measured, offset);
                    }
                };
        return new FaceNets(nets.locator(), some, nets.identity(), nets.style());
    }

    private static FaceNets.Meter meter() {
        int n = 2 * Landmarks.COUNT;
        int regions = MeterTarget.REGIONS.size();
        double[] unit = {12, 5, 5, 4, 6, 5};
        double[] noise = new double[regions];
        ExaggerationMeter exact = new ExaggerationMeter(unit(n), unit(regions), unit, noise);
        return new FaceNets.Meter() {
            @Override
            public double[] medianLength() {
                return unit;
            }

            @Override
            public ExaggerationMeter.Reading read(
                    MeterTarget target, Landmarks measured, float[] offset) {
                return exact.read(target, measured, offset);
            }
        };
    }

    private static double[][] unit(int n) {
        double[][] unit = new double[n][n];
        for (int i = 0; i < n; i++) {
            unit[i][i] = 1;
        }
        return unit;
    }

    private static Landmarks locate(Picture picture, double seed) {
        float[] xy = PLACES.xy().clone();
        for (int i = 0; i < xy.length; i++) {
            int x = Math.round(PLACES.x(i / 2));
            int y = Math.round(PLACES.y(i / 2));
            int value = picture.rgb()[3 * (y * picture.width() + x) + i % 2] & 0xff;
            xy[i] += (float) ((value - 128) / 64.0 + 0.1 * seed);
        }
        return new Landmarks(xy);
    }

    private static float[] embed(Picture picture) {
        float[] embedding = new float[CELLS * CELLS];
        int cell = picture.width() / CELLS;
        for (int i = 0; i < picture.width() * picture.height(); i++) {
            int column = i % picture.width() / cell;
            int row = i / picture.width() / cell;
            embedding[row * CELLS + column] += (picture.rgb()[3 * i] & 0xff) / 255f;
        }
        double squares = 1e-6;
        for (float v : embedding) {
            squares += (double) v * v;
        }
        for (int k = 0; k < embedding.length; k++) {
            embedding[k] /= (float) Math.sqrt(squares);
        }
        return embedding;
    }

    private static float mean(Picture picture, int channel) {
        long sum = 0;
        for (int i = channel; i < picture.rgb().length; i += 3) {
            sum += picture.rgb()[i] & 0xff;
        }
        return (float) sum / (picture.width() * picture.height());
    }
}
