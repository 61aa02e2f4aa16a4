package daumier.faces.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FaceGeometry;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Pose;
import daumier.faces.measure.PosePrior;
import daumier.faces.measure.Shared;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Morphable models of the user's: files, place and axes, and the fit with its error bars. */
final class LandmarkModelTest {
    private static final ProceduralModel WORLD = new ProceduralModel();

    @TempDir private Path folder;

    /** The face world's heads in centimetres, y up, every mode a mixture that moves all regions. */
    private static LandmarkModel mixed() {
        Random r = new Random(2);
        double[][] own = WORLD.identityBasis();
        double[][] identity = new double[20][LandmarkModel.SIZE];
        for (double[] row : identity) {
            for (double[] mode : own) {
                double c = r.nextGaussian() / Math.sqrt(own.length);
                for (int i = 0; i < row.length; i++) {
                    row[i] += c * mode[i];
                }
            }
        }
        return new LandmarkModel(
                "mixed", up(WORLD.mean()), up(identity), up(WORLD.expressionBasis()));
    }

    private static double[][] up(double[][] rows) {
        double[][] out = new double[rows.length][];
        for (int k = 0; k < rows.length; k++) {
            out[k] = up(rows[k]);
        }
        return out;
    }

    private static double[] up(double[] p) {
        double[] out = new double[LandmarkModel.SIZE];
        for (int i = 0; i < out.length; i++) {
            out[i] = (i % 3 == 1 ? -7 : 7) * p[i];
        }
        return out;
    }

    private static byte[] npy(Tensor t, String type, boolean fortran) {
        StringBuilder shape = new StringBuilder();
        for (int d : t.shape()) {
            shape.append(d).append(", ");
        }
        String header =
                "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
                        .formatted(type, fortran ? "True" : "False", shape);
        int size = type.endsWith("8") ? 8 : 4;
        ByteBuffer out =
                ByteBuffer.allocate(10 + header.length() + size * t.values().length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        out.putShort((short) header.length());
        out.put(header.getBytes(StandardCharsets.ISO_8859_1));
        for (double v : t.values()) {
            switch (type) {
                case "<f4" -> out.putFloat((float) v);
                case "<f8" -> out.putDouble(v);
                case "<i8" -> out.putLong((long) v);
                default -> throw new IllegalArgumentException(type);
            }
        }
        return out.array();
    }

    @Test
    void theNeutralFormComesBack() throws IOException {
        LandmarkModel model = mixed();
        Path file = folder.resolve("heads.safetensors");
        model.write(file);
        assertTrue(LandmarkModel.recognised(file));
        LandmarkModel back = LandmarkModel.open(file);
        assertEquals("mixed", back.name());
        assertArrayEquals(model.mean(), back.mean(), 1e-5);
        assertArrayEquals(model.identity()[7], back.identity()[7], 1e-5);
        assertEquals(5, back.expression().length);
        assertEquals(Optional.of(file), ModelFolder.open(folder).morphable());
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 3000));
        assertThrows(IOException.class, () -> LandmarkModel.open(file));
    }

    @Test
    void numpyArraysAreRead() throws IOException {
        Tensor t = new Tensor(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Path file = folder.resolve("a.npy");
        Files.write(file, npy(t, "<f4", false));
        assertEquals(t, NumpyFile.array(file));
        Files.write(file, npy(t, "<f8", true));
        // Columns first: 1 2 | 3 4 | 5 6.
        assertEquals(new Tensor(new double[] {1, 3, 5, 2, 4, 6}, 2, 3), NumpyFile.array(file));
        Files.write(file, java.util.Arrays.copyOf(npy(t, "<f8", false), 100));
        assertThrows(IOException.class, () -> NumpyFile.array(file));
        Files.writeString(file, "no array, but long enough to be one");
        assertThrows(IOException.class, () -> NumpyFile.array(file));
    }

    @Test
    void meshesOfIctFaceKitAreImported() throws IOException {
        // A mesh of 70 points whose landmarks are its points 2 to 69.
        double[] mean = new double[210];
        double[] mode = new double[210];
        double[] keys = new double[68];
        for (int i = 0; i < 210; i++) {
            mean[i] = i;
            mode[i] = 1000 + i;
        }
        for (int p = 0; p < 68; p++) {
            keys[p] = p + 2;
        }
        Path file = folder.resolve("ict.npz");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            Map<String, byte[]> entries =
                    new TreeMap<>(
                            Map.of(
                                    "mean.npy",
                                    npy(new Tensor(mean, 70, 3), "<f4", false),
                                    "identity.npy",
                                    npy(new Tensor(mode, 1, 70, 3), "<f4", false),
                                    "expression.npy",
                                    npy(new Tensor(mode, 1, 70, 3), "<f4", false),
                                    "landmarks68.npy",
                                    npy(new Tensor(keys, 68), "<i8", false)));
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
            }
        }
        LandmarkModel model = LandmarkModel.ictFaceKit(file);
        assertEquals(6, model.mean()[0]);
        assertEquals(1007, model.identity()[0][1]);
        assertEquals(0.25 * 1007, model.expression()[0][1]);
    }

    @Test
    void basesOf3ddfaAreImported() throws IOException {
        int n = 210;
        double[] u = new double[n];
        double[] w = new double[2 * n];
        double[] keys = new double[204];
        for (int i = 0; i < n; i++) {
            u[i] = i;
            w[2 * i] = 10 + i;
            w[2 * i + 1] = -i;
        }
        for (int i = 0; i < 204; i++) {
            keys[i] = i + 3;
        }
        double[] std = new double[16];
        java.util.Arrays.fill(std, 12, 16, 2);
        std[13] = 3;
        Files.write(folder.resolve("u_shp.npy"), npy(new Tensor(u, n, 1), "<f4", false));
        Files.write(folder.resolve("u_exp.npy"), npy(new Tensor(u, n, 1), "<f4", false));
        Files.write(folder.resolve("w_shp_sim.npy"), npy(new Tensor(w, n, 2), "<f4", false));
        Files.write(folder.resolve("w_exp_sim.npy"), npy(new Tensor(w, n, 2), "<f4", false));
        Files.write(folder.resolve("keypoints_sim.npy"), npy(new Tensor(keys, 204), "<i8", false));
        String missing =
                assertThrows(IOException.class, () -> LandmarkModel.threeDdfa(folder)).getMessage();
        assertTrue(missing.contains("param_std.npy"), missing);
        Files.write(folder.resolve("param_std.npy"), npy(new Tensor(std, 16), "<f8", false));
        LandmarkModel model = LandmarkModel.threeDdfa(folder);
        assertEquals(6, model.mean()[0]);
        assertEquals(2 * 13, model.identity()[0][0]);
        assertEquals(-3 * 3, model.identity()[1][0]);
        assertEquals(-2 * 4, model.expression()[1][1]);
    }

    @Test
    void axesAndSizeAreTheFaceWorlds() {
        LinearHeads heads = new LinearHeads(mixed(), WORLD);
        for (int i = 0; i < LandmarkModel.SIZE; i++) {
            assertEquals(WORLD.mean()[i], heads.mean()[i], 1e-9);
        }
        double[] wrong = mixed().mean().clone();
        for (int i = 0; i < wrong.length; i += 3) {
            wrong[i] = wrong[(i + 51) % wrong.length];
        }
        LandmarkModel shuffled = new LandmarkModel("s", wrong, mixed().identity(), new double[0][]);
        assertThrows(IllegalArgumentException.class, () -> new LinearHeads(shuffled, WORLD));
    }

    private static double[] normal(Random r, int n, double sd) {
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = sd * r.nextGaussian();
        }
        return v;
    }

    private static double rms(double[][] axes, double[] identity) {
        double square = 0;
        for (double[] axis : axes) {
            double along = 0;
            for (int k = 0; k < axis.length; k++) {
                along += axis[k] * identity[k];
            }
            square += along * along;
        }
        return Math.sqrt(square / axes.length);
    }

    /** The least share of regions whose truth lies within two standard errors. */
    private static double coverage(LinearHeads heads, int people) {
        ModelFit fit = new ModelFit(heads, Camera.PORTRAIT);
        Random r = new Random(7);
        double least = 1;
        Map<FaceRegion, Integer> within = new EnumMap<>(FaceRegion.class);
        for (int i = 0; i < people; i++) {
            double[] id = normal(r, heads.identityBasis().length, 1);
            double[] ex = normal(r, heads.expressionBasis().length, 1);
            Pose pose = new Pose(8 * r.nextGaussian(), 4 * r.nextGaussian(), 3, 1, 1, -2);
            float[] xy = fit.project(pose, id, ex).xy().clone();
            for (int k = 0; k < xy.length; k++) {
                xy[k] += (float) (0.7 * r.nextGaussian());
            }
            FaceGeometry g =
                    fit.fit(new Landmarks(xy), LandmarkNoise.isotropic(0.7), PosePrior.PHOTO);
            for (FaceRegion region : FaceRegion.values()) {
                double[][] axes = heads.regionAxes(region);
                double error =
                        axes.length == 0 ? 0 : Math.abs(g.deviation().get(region) - rms(axes, id));
                within.merge(region, error <= 2 * g.sigma().get(region) ? 1 : 0, Integer::sum);
            }
        }
        for (int w : within.values()) {
            least = Math.min(least, (double) w / people);
        }
        return least;
    }

    @Test
    void errorBarsCoverWithAModelOfWholeFaces() {
        assertTrue(coverage(new LinearHeads(mixed(), WORLD), 100) >= 0.88);
    }

    @Test
    void ictFaceKitFitsPortraits() throws IOException {
        Path file = Shared.path("real/models/ict_landmarks68_f32.npz");
        assertTrue(LandmarkModel.recognised(file));
        LinearHeads heads = new LinearHeads(LandmarkModel.open(file), WORLD);
        double covered = coverage(heads, 40);
        ModelFit fit = new ModelFit(heads, Camera.PORTRAIT);
        double sum = 0;
        double time = 0;
        var portraits = Shared.portraits();
        for (Shared.Portrait p : portraits) {
            Alignment a = Alignment.of(p.pfld(), fit.reference());
            long start = System.nanoTime();
            FaceGeometry g =
                    fit.fit(a.toPortrait(p.pfld()), LandmarkNoise.isotropic(1.2), PosePrior.PHOTO);
            time += (System.nanoTime() - start) / 1e6 / portraits.size();
            sum += g.residualRms() / portraits.size();
        }
        System.out.printf(
                "ICT-FaceKit: %d and %d modes, coverage %.2f, residual %.2f of 128 pixels, %.0f ms%n",
                heads.identityBasis().length, heads.expressionBasis().length, covered, sum, time);
        assertTrue(covered >= 0.85, "coverage " + covered);
        assertTrue(sum < 1.3, "residual " + sum);
    }
}
