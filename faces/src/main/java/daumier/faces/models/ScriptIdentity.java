package daumier.faces.models;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.JsonObject;
import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.FivePoints;
import daumier.faces.measure.IdentityEmbedder;
import daumier.faces.measure.Similarity;
import daumier.faces.nets.DifferentiableIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An identity network of the ArcFace family (Deng et al., ArcFace, 2019) as a TorchScript file, for
 * where gradients are needed: (n, 3, 112, 112) to (n, d). Pictures come in the portrait frame; the
 * mean face's five points say how they lie in the network's, and the pixels between are
 * interpolated linearly, so gradients pass.
 */
public final class ScriptIdentity
        implements DifferentiableIdentity, IdentityEmbedder, AutoCloseable {
    private static final int SIDE = ArcFaceNetwork.SIDE;
    private static final int PORTRAIT = 128;

    /** Pixels between which one is interpolated. */
    private static final int CORNERS = 4;

    /** From [-1, 1] to 0 to 255. */
    private static final double HALF = 127.5;

    private final String name;
    private final NDManager manager;
    private final PtSymbolBlock network;
    private final boolean rgb;
    private final NDArray mean;
    private final NDArray std;
    private final NDArray neighbours;
    private final NDArray weights;

    private ScriptIdentity(
            String name,
            NDManager manager,
            PtSymbolBlock network,
            Preprocessing pixels,
            Landmarks reference) {
        this.name = name;
        this.manager = manager;
        this.network = network;
        rgb = pixels.rgb();
        mean = channels(pixels.mean());
        std = channels(pixels.std());
        Similarity back = ArcFaceNetwork.alignment(FivePoints.of(reference)).inverse();
        long[] from = new long[CORNERS * SIDE * SIDE];
        float[] share = new float[from.length];
        for (int i = 0; i < SIDE * SIDE; i++) {
            double x = back.x(i % SIDE, i / SIDE);
            double y = back.y(i % SIDE, i / SIDE);
            for (int k = 0; k < CORNERS; k++) {
                int column = (int) Math.floor(x) + k % 2;
                int row = (int) Math.floor(y) + k / 2;
                // Outside the picture it is black: no share of anything.
                if (column >= 0 && column < PORTRAIT && row >= 0 && row < PORTRAIT) {
                    from[k * SIDE * SIDE + i] = (long) row * PORTRAIT + column;
                    share[k * SIDE * SIDE + i] =
                            (float) ((1 - Math.abs(x - column)) * (1 - Math.abs(y - row)));
                }
            }
        }
        neighbours = manager.create(from, new Shape(1, from.length));
        weights = manager.create(share, new Shape(1, CORNERS, SIDE * SIDE));
    }

    private NDArray channels(double[] values) {
        float[] f = {(float) values[0], (float) values[1], (float) values[2]};
        return manager.create(f, new Shape(1, 3, 1, 1));
    }

    /**
     * Whether a file is a TorchScript archive.
     *
     * @param file any file
     * @return true for archives that hold code
     * @throws IOException if it cannot be read
     */
    static boolean recognised(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".pt") && !name.endsWith(".torchscript")) {
            return false;
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().anyMatch(e -> e.getName().contains("/code/"));
        } catch (ZipException e) {
            return false;
        }
    }

    /**
     * Opens a network.
     *
     * @param file a TorchScript archive; a JSON file of the same name says how it wants its pixels
     *     ({@link Preprocessing}), otherwise {@code (value - 127.5) / 127.5}, red first
     * @param parent what its arrays live under, of the PyTorch engine
     * @param reference landmarks of the mean face in the portrait frame
     * @return the network
     * @throws IOException if the file is no identity network
     */
    public static ScriptIdentity open(Path file, NDManager parent, Landmarks reference)
            throws IOException {
        if (!Files.isRegularFile(file) || !recognised(file)) {
            throw new IOException(
                    file + " is no TorchScript archive; save one with torch.jit.script(net).save.");
        }
        Preprocessing pixels;
        try {
            pixels =
                    Preprocessing.of(
                            ModelCard.beside(file).orElseGet(JsonObject::new),
                            Preprocessing.uniform(SIDE, ModelCard.MIDDLE, ModelCard.MIDDLE));
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IOException("The card beside " + file + " is wrong: " + e.getMessage(), e);
        }
        NDManager own = parent.newSubManager();
        try {
            PtSymbolBlock block =
                    JniUtils.loadModule(
                            (PtNDManager) own, file, true, new String[0], new String[0], true);
            // Loaded for inference, the weights would let no gradient pass; they learn nothing
            // here.
            for (NDArray weight : JniUtils.moduleGetParams(block, (PtNDManager) own)) {
                weight.setRequiresGradient(false);
            }
            ScriptIdentity net =
                    new ScriptIdentity(ModelCard.stem(file), own, block, pixels, reference);
            try (NDManager trial = own.newSubManager()) {
                Shape out = net.embedAligned(trial.zeros(new Shape(2, 3, SIDE, SIDE))).getShape();
                if (out.dimension() != 2 || out.get(0) != 2 || out.get(1) < 2) {
                    throw new IOException(
                            "%s turns faces into %s; an identity network gives (n, d)."
                                    .formatted(file, out));
                }
            }
            return net;
        } catch (EngineException | IllegalArgumentException e) {
            own.close();
            throw new IOException(
                    file + " does not take pictures (n, 3, 112, 112); give an ArcFace network.", e);
        } catch (IOException e) {
            own.close();
            throw e;
        }
    }

    /** The file's name without its ending. */
    public String name() {
        return name;
    }

    /**
     * Embeddings of aligned faces.
     *
     * @param faces (b, 3, 112, 112), red first, 0 to 255, aligned by {@link
     *     ArcFaceNetwork#TEMPLATE}
     * @return (b, d), rows of length 1, on the manager of the faces
     */
    public NDArray embedAligned(NDArray faces) {
        NDArray ordered = rgb ? faces : faces.flip(1);
        NDArray input = ordered.sub(mean).div(std);
        input.setName(null);
        NDArray out = IValueUtils.forward(network, new NDList(input), true).get(0);
        return out.div(out.square().sum(new int[] {1}, true).add(1e-12).sqrt());
    }

    @Override
    public NDArray embed(NDArray pictures) {
        NDArray bytes = pictures.add(1).mul(HALF);
        long n = pictures.getShape().get(0);
        long size = (long) SIDE * SIDE;
        NDArray index = neighbours.broadcast(n * 3, CORNERS * size);
        NDArray four = bytes.reshape(n * 3, (long) PORTRAIT * PORTRAIT).gather(index, 1);
        NDArray aligned = four.reshape(n * 3, CORNERS, size).mul(weights).sum(new int[] {1});
        return embedAligned(aligned.reshape(n, 3, SIDE, SIDE));
    }

    @Override
    public float[] embed(Picture portrait) {
        try (NDManager m = manager.newSubManager()) {
            NDArray x =
                    m.create(
                            portrait.toChw(), new Shape(1, 3, portrait.height(), portrait.width()));
            return embed(x).toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
