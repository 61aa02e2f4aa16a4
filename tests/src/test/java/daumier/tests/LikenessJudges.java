package daumier.tests;

import ai.djl.ndarray.NDManager;
import daumier.faces.Landmarks;
import daumier.faces.MorphableModel;
import daumier.faces.Picture;
import daumier.faces.measure.Alignment;
import daumier.faces.measure.Camera;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.LandmarkNoise;
import daumier.faces.measure.ModelFit;
import daumier.faces.measure.Population;
import daumier.faces.measure.PosePrior;
import daumier.faces.models.ArcFaceNetwork;
import daumier.faces.models.ModelFolder;
import daumier.faces.nets.FaceNetTraining;
import daumier.faces.nets.IdentityNet;
import daumier.faces.nets.LandmarkNet;
import daumier.faces.world.ProceduralModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who looks like whom, said by measures that no drawing was made with. Photographs are measured by
 * the public network's landmarks, drawings by the judge's.
 */
final class LikenessJudges implements AutoCloseable {
    private static final LandmarkNoise NOISE = LandmarkNoise.photograph();
    private static final int CELL = 8;

    /** Half axes of the head with its hair, pixels of the portrait frame. */
    private static final double HEAD_X = 46;

    private static final double HEAD_Y = 58;

    private final LandmarkNet landmarks;
    private final IdentityNet embedded;
    private final Optional<ArcFaceNetwork> arcFace;
    private final ModelFit drawn;
    private final List<Alignment> frames = new ArrayList<>();
    private final RealPortraits portraits;
    private final double[][] geometry;

    LikenessJudges(RealPortraits portraits, Path faces, NDManager manager) throws IOException {
        this.portraits = portraits;
        landmarks = LandmarkNet.open(net(faces, FaceNetTraining.METER_JUDGE), manager);
        embedded = IdentityNet.open(net(faces, FaceNetTraining.IDENTITY_JUDGE), manager);
        ModelFolder models = ModelFolder.open(portraits.folder().resolve("models"));
        arcFace =
                models.identity().isPresent()
                        ? Optional.of(ArcFaceNetwork.open(models.identity().get()))
                        : Optional.empty();
        ProceduralModel world = new ProceduralModel();
        drawn = new ModelFit(world, Camera.PORTRAIT);
        MorphableModel people = Population.photographs(world).in(world);
        ModelFit photographed = new ModelFit(people, Camera.PORTRAIT);
        geometry = new double[portraits.all().size()][];
        for (int i = 0; i < geometry.length; i++) {
            Landmarks points = portraits.all().get(i).pfld();
            Alignment frame = Alignment.of(points, photographed.reference());
            for (int round = 0; round < 2; round++) {
                frame =
                        frame.refined(
                                photographed
                                        .fit(frame.toPortrait(points), NOISE, PosePrior.PHOTO)
                                        .pose(),
                                Camera.PORTRAIT);
            }
            frames.add(frame);
            geometry[i] =
                    photographed.fit(frame.toPortrait(points), NOISE, PosePrior.PHOTO).identity();
        }
    }

    private static Path net(Path faces, String name) {
        return faces.resolve(name + ".safetensors");
    }

    /** A photograph in the portrait frame. */
    Picture crop(int i, int size) {
        return frames.get(i).crop(portraits.all().get(i).picture(), size);
    }

    /**
     * Distances from each drawing to each photograph, by judge.
     *
     * @param drawings in the portrait frame, in the order of the portraits
     */
    Map<String, double[][]> distances(List<Picture> drawings) {
        Map<String, double[][]> all = new LinkedHashMap<>();
        List<Landmarks> points = landmarks.locate(drawings);
        double[][] shapes = new double[drawings.size()][];
        for (int i = 0; i < shapes.length; i++) {
            shapes[i] = drawn.fit(points.get(i), NOISE, PosePrior.PORTRAIT).identity();
        }
        all.put("geometry, all regions", Retrieval.cosines(shapes, geometry));
        all.put(
                "identity, embedded judge",
                Retrieval.cosines(rows(drawings, embedded::embed), rows(crops(), embedded::embed)));
        arcFace.ifPresent(
                net -> {
                    double[][] a = new double[drawings.size()][];
                    double[][] b = new double[a.length][];
                    for (int i = 0; i < a.length; i++) {
                        a[i] = wide(net.embed(drawings.get(i), FivePoints.of(points.get(i))));
                        RealPortraits.Portrait p = portraits.all().get(i);
                        b[i] = wide(net.embed(p.picture(), FivePoints.of(p.pfld())));
                    }
                    all.put("identity, " + net.name(), Retrieval.cosines(a, b));
                });
        all.put(
                "colours of the head, 16 x 16",
                Retrieval.cosines(
                        rows(drawings, LikenessJudges::colours),
                        rows(crops(), LikenessJudges::colours)));
        return all;
    }

    /** Distances between photographs by geometry: what one person's other photograph reaches. */
    double[][] geometryOfPhotographs() {
        return Retrieval.cosines(geometry, geometry);
    }

    private List<Picture> crops() {
        List<Picture> all = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            all.add(crop(i, Alignment.SIZE));
        }
        return all;
    }

    private interface Measure {
        float[] of(Picture picture);
    }

    private static double[][] rows(List<Picture> pictures, Measure measure) {
        return pictures.stream().map(p -> wide(measure.of(p))).toArray(double[][]::new);
    }

    private static double[] wide(float[] v) {
        double[] out = new double[v.length];
        for (int k = 0; k < v.length; k++) {
            out[k] = v[k];
        }
        return out;
    }

    /** Mean red, green and blue of cells of the head, without background and shirt. */
    private static float[] colours(Picture p) {
        int n = Alignment.SIZE / CELL;
        float[] out = new float[3 * n * n];
        for (int y = 0; y < Alignment.SIZE; y++) {
            for (int x = 0; x < Alignment.SIZE; x++) {
                double dx = (x - Camera.PORTRAIT.centreX()) / HEAD_X;
                double dy = (y - Camera.PORTRAIT.centreY()) / HEAD_Y;
                for (int c = 0; c < 3 && dx * dx + dy * dy < 1; c++) {
                    int value = p.rgb()[3 * (y * Alignment.SIZE + x) + c] & 0xff;
                    out[3 * (y / CELL * n + x / CELL) + c] += value / (255f * CELL * CELL);
                }
            }
        }
        return out;
    }

    @Override
    public void close() {
        landmarks.close();
        embedded.close();
    }
}
