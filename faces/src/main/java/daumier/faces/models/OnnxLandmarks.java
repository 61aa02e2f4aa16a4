package daumier.faces.models;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.measure.LandmarkLocator;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A 68-point network from an ONNX file: a square crop round the face in, coordinates (136 values)
 * or 68 heat maps out. The crop is a square about the box that YuNet would draw round a face in the
 * portrait frame; a JSON file beside the network says otherwise ({@code "margin"}: side over the
 * longer side of that box, 1.1 by default; {@code "output"}: {@code unit} for [0, 1] of the crop,
 * {@code centred} for [-1, 1], {@code pixels} of the input).
 */
public final class OnnxLandmarks implements LandmarkLocator {
    private static final double MARGIN = 1.1;

    /** In what the network counts. */
    private enum Output {
        UNIT,
        CENTRED,
        PIXELS,
        HEATMAPS
    }

    private final OnnxNetwork network;
    private final ModelCard card;
    private final FaceWindow window;
    private final Output output;

    private OnnxLandmarks(OnnxNetwork network, ModelCard card, FaceWindow window, Output output) {
        this.network = network;
        this.card = card;
        this.window = window;
        this.output = output;
    }

    /**
     * Opens a network.
     *
     * @param onnx (1, 3, s, s) to 136 values or (1, 68, h, h)
     * @param reference landmarks of the mean face in the portrait frame
     * @return the locator
     * @throws IOException if the file is no 68-point network
     */
    public static OnnxLandmarks open(Path onnx, Landmarks reference) throws IOException {
        ModelCard card =
                ModelCard.of(onnx)
                        .filter(c -> c.kind() == ModelCard.Kind.LANDMARKS)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                onnx
                                                        + " is no network of 68 landmarks; give one"
                                                        + " with 136 outputs or 68 heat maps."));
        OnnxNetwork network = OnnxNetwork.open(onnx, card.preprocessing());
        int side = network.pixels().side();
        float[] grey = network.run(grey(side));
        try {
            double margin =
                    card.card().has("margin") ? card.card().get("margin").getAsDouble() : MARGIN;
            if (!(margin > 0.3 && margin < 4)) {
                throw new IllegalArgumentException("margin lies between 0.3 and 4.");
            }
            Output output = output(card, grey);
            return new OnnxLandmarks(network, card, FaceWindow.yunet(reference, margin), output);
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IOException("The card beside " + onnx + " is wrong: " + e.getMessage(), e);
        }
    }

    private static Picture grey(int side) {
        byte[] rgb = new byte[3 * side * side];
        java.util.Arrays.fill(rgb, (byte) 128);
        return new Picture(side, side, rgb);
    }

    /**
     * What the card says; otherwise a regression betrays its units by where it puts a grey face.
     */
    private static Output output(ModelCard card, float[] values) {
        int count = 2 * Landmarks.COUNT;
        if (values.length != count) {
            return Output.HEATMAPS;
        }
        if (card.card().has("output")) {
            String said = card.card().get("output").getAsString();
            for (Output o : Output.values()) {
                if (o != Output.HEATMAPS && o.name().equalsIgnoreCase(said)) {
                    return o;
                }
            }
            throw new IllegalArgumentException("output is unit, centred or pixels.");
        }
        float low = Float.MAX_VALUE;
        float high = -Float.MAX_VALUE;
        for (float v : values) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return high > 3 ? Output.PIXELS : low < -0.25 ? Output.CENTRED : Output.UNIT;
    }

    /** The file's name without its ending. */
    public String name() {
        return card.name();
    }

    @Override
    public Landmarks locate(Picture portrait) {
        int side = network.pixels().side();
        float[] out = network.run(window.crop(portrait, side));
        float[] share = output == Output.HEATMAPS ? peaks(out) : shares(out, side);
        return window.toPortrait(share);
    }

    /** Positions as shares of the crop. */
    private float[] shares(float[] out, int side) {
        float[] share = new float[out.length];
        for (int i = 0; i < share.length; i++) {
            share[i] =
                    switch (output) {
                        case UNIT -> out[i];
                        case CENTRED -> (out[i] + 1) / 2;
                        default -> out[i] / side;
                    };
        }
        return share;
    }

    /** The highest cell of each map, moved a quarter of a cell towards its higher neighbour. */
    static float[] peaks(float[] maps) {
        int cells = maps.length / Landmarks.COUNT;
        int side = (int) Math.round(Math.sqrt(cells));
        float[] share = new float[2 * Landmarks.COUNT];
        for (int p = 0; p < Landmarks.COUNT; p++) {
            int from = p * cells;
            int best = from;
            for (int i = from; i < from + cells; i++) {
                best = maps[i] > maps[best] ? i : best;
            }
            int x = (best - from) % side;
            int y = (best - from) / side;
            double dx = x > 0 && x < side - 1 ? Math.signum(maps[best + 1] - maps[best - 1]) : 0;
            double dy =
                    y > 0 && y < side - 1 ? Math.signum(maps[best + side] - maps[best - side]) : 0;
            share[2 * p] = (float) ((x + 0.5 + 0.25 * dx) / side);
            share[2 * p + 1] = (float) ((y + 0.5 + 0.25 * dy) / side);
        }
        return share;
    }
}
