package daumier.faces.nets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.LandmarkLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the 68 landmarks of portraits in the frame of the procedural world (128 x 128, face
 * centred, about 66 pixels wide): a coarse regression over the whole picture, then for each part of
 * the face a network that reads a window around the coarse place and says where in it the points
 * are, twice.
 */
public final class LandmarkNet implements LandmarkLocator, AutoCloseable {
    static final int SIDE = Augmentation.SIDE;
    private static final int PICTURE = 3 * Augmentation.PIXELS;
    private static final int PASSES = 2;
    private static final int CHUNK = 32;

    /** Pixels for one unit of a network's output. */
    static final float UNIT = 8;

    private final LandmarkDesign design;
    private final NDManager manager;
    private final float[] mean;
    private final Network coarse;
    private final List<Network> patches = new ArrayList<>();
    private JsonObject card = new JsonObject();

    /**
     * An untrained network.
     *
     * @param design its parts
     * @param mean 136 values: where the landmarks lie on average, in pixels
     * @param parent what its arrays live under
     * @param seed of the initial values
     */
    LandmarkNet(LandmarkDesign design, float[] mean, NDManager parent, long seed) {
        this.design = design;
        this.mean = mean.clone();
        manager = parent.newSubManager();
        coarse = new Network(new Architecture(3, SIDE, SIDE, design.coarse()), manager, seed);
        for (LandmarkDesign.Patch p : design.patches()) {
            Architecture a = new Architecture(3, p.height(), p.width(), p.layers());
            patches.add(new Network(a, manager, seed * 31 + patches.size() + 1));
        }
    }

    /**
     * Reads a trained network.
     *
     * @param file the .safetensors file; its .json lies beside it
     * @param parent what its arrays live under
     * @throws IOException if a file is missing or does not hold a landmark network
     */
    public static LandmarkNet open(Path file, NDManager parent) throws IOException {
        JsonObject card = NetFiles.card(file, "landmarks");
        LandmarkDesign design = NetFiles.gson().fromJson(card.get("design"), LandmarkDesign.class);
        float[] mean = NetFiles.gson().fromJson(card.get("mean"), float[].class);
        LandmarkNet net = new LandmarkNet(design, mean, parent, 0);
        net.card = card;
        NetFiles.load(file, net.networks(), net.manager);
        return net;
    }

    /** Writes the network and its card (design, figures) beside each other. */
    void save(Path file, JsonObject figures) throws IOException {
        card = figures.deepCopy();
        card.add("design", NetFiles.gson().toJsonTree(design));
        card.add("mean", NetFiles.gson().toJsonTree(mean));
        NetFiles.save(file, "landmarks", networks(), card);
    }

    /** What was said about the network when it was made. */
    public JsonObject card() {
        return card.deepCopy();
    }

    LandmarkDesign design() {
        return design;
    }

    float[] mean() {
        return mean.clone();
    }

    Map<String, Network> networks() {
        Map<String, Network> all = new LinkedHashMap<>();
        all.put("coarse", coarse);
        for (int i = 0; i < patches.size(); i++) {
            all.put(design.patches().get(i).name(), patches.get(i));
        }
        return all;
    }

    Network coarse() {
        return coarse;
    }

    Network patch(int i) {
        return patches.get(i);
    }

    /** How many numbers were learned. */
    public long size() {
        return networks().values().stream().mapToLong(Network::size).sum();
    }

    /**
     * Landmarks of pictures in the portrait frame.
     *
     * @param pictures 128 x 128 each
     * @return one set for each picture, in pixels of the picture
     */
    @Override
    public List<Landmarks> locate(List<Picture> pictures) {
        return landmarks(locate(planes(pictures), pictures.size()));
    }

    private static float[] planes(List<Picture> pictures) {
        float[] planes = new float[pictures.size() * PICTURE];
        for (int i = 0; i < pictures.size(); i++) {
            Picture p = pictures.get(i);
            if (p.width() != SIDE || p.height() != SIDE) {
                throw new IllegalArgumentException(
                        "Landmarks are located in pictures of 128 x 128, not %d x %d."
                                .formatted(p.width(), p.height()));
            }
            System.arraycopy(p.toChw(), 0, planes, i * PICTURE, PICTURE);
        }
        return planes;
    }

    /** Landmarks of one picture in the portrait frame, 128 x 128. */
    @Override
    public Landmarks locate(Picture picture) {
        return locate(List.of(picture)).get(0);
    }

    /**
     * Landmarks of pictures in the portrait frame. Not differentiable: windows follow the points.
     *
     * @param pictures (b, 3, 128, 128) in [-1, 1]
     * @return one set for each picture
     */
    public List<Landmarks> locate(NDArray pictures) {
        return landmarks(locate(pictures.toFloatArray(), (int) pictures.getShape().get(0)));
    }

    private static List<Landmarks> landmarks(float[][] rows) {
        List<Landmarks> all = new ArrayList<>();
        for (float[] row : rows) {
            all.add(new Landmarks(row));
        }
        return all;
    }

    /** One look through the windows where the landmarks are expected. */
    @Override
    public Optional<List<Landmarks>> again(List<Picture> pictures, List<Landmarks> expected) {
        float[][] start = expected.stream().map(Landmarks::xy).toArray(float[][]::new);
        return Optional.of(landmarks(twice(planes(pictures), start.length, start)));
    }

    /** The mean of what is seen in each picture and in its mirror image. */
    float[][] locate(float[] planes, int count) {
        return twice(planes, count, null);
    }

    private float[][] twice(float[] planes, int count, float[][] expected) {
        float[][] out = new float[count][];
        for (int from = 0; from < count; from += CHUNK) {
            int n = Math.min(CHUNK, count - from);
            float[] both = new float[2 * n * PICTURE];
            System.arraycopy(planes, from * PICTURE, both, 0, n * PICTURE);
            for (int row = 0; row < 3 * SIDE * n; row++) {
                int a = row * SIDE;
                int b = n * PICTURE + a;
                for (int x = 0; x < SIDE; x++) {
                    both[b + x] = both[a + SIDE - 1 - x];
                }
            }
            float[][] points = expected == null ? coarse(both, 2 * n) : new float[2 * n][];
            for (int i = 0; expected != null && i < n; i++) {
                points[i] = expected[from + i].clone();
                points[n + i] = Mirror.mirrored(points[i], SIDE);
            }
            for (int pass = 0; pass < (expected == null ? PASSES : 1); pass++) {
                refine(both, points);
            }
            for (int i = 0; i < n; i++) {
                float[] other = Mirror.mirrored(points[n + i], SIDE);
                out[from + i] = points[i];
                for (int k = 0; k < other.length; k++) {
                    out[from + i][k] = (points[i][k] + other[k]) / 2;
                }
            }
        }
        return out;
    }

    private float[][] coarse(float[] planes, int n) {
        float[][] points = new float[n][136];
        try (NDManager m = manager.newSubManager()) {
            NDArray x = m.create(planes, new Shape(n, 3, SIDE, SIDE));
            float[] offsets = coarse.forward(x).toFloatArray();
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < 136; k++) {
                    points[i][k] = mean[k] + UNIT * offsets[i * 136 + k];
                }
            }
        }
        return points;
    }

    private void refine(float[] planes, float[][] points) {
        int n = points.length;
        float[][] sum = new float[n][136];
        int[] votes = new int[68];
        for (int k = 0; k < patches.size(); k++) {
            PatchWindow window = new PatchWindow(design.patches().get(k));
            int sides = window.sides();
            float[] crops = new float[n * sides * window.cropSize()];
            int[][] corners = new int[n * sides][];
            for (int i = 0; i < n * sides; i++) {
                int face = i / sides;
                corners[i] = window.corner(points[face], i % sides);
                window.cut(planes, face * PICTURE, corners[i], i % sides, crops, i);
            }
            float[] out;
            try (NDManager m = manager.newSubManager()) {
                NDArray x = m.create(crops, window.shape(n * sides));
                out = patches.get(k).forward(x).toFloatArray();
            }
            for (int i = 0; i < n * sides; i++) {
                window.add(out, i, corners[i], i % sides, sum[i / sides]);
            }
            window.vote(votes);
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 136; k++) {
                points[i][k] = sum[i][k] / votes[k / 2];
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
