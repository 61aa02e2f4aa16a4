package daumier.faces.nets;

import ai.djl.ndarray.types.Shape;

/**
 * Cuts the windows of one {@link LandmarkDesign.Patch} out of pictures and turns what its network
 * says back into pixels. Windows lie on whole pixels, so that nothing is resampled; side 1 of a
 * mirrored patch is cut mirrored.
 */
final class PatchWindow {
    private static final int SIDE = Augmentation.SIDE;
    private final LandmarkDesign.Patch patch;

    PatchWindow(LandmarkDesign.Patch patch) {
        this.patch = patch;
    }

    /** 2 for a patch that also reads the other side of the face, else 1. */
    int sides() {
        return patch.mirrored() ? 2 : 1;
    }

    int cropSize() {
        return 3 * patch.height() * patch.width();
    }

    Shape shape(int rows) {
        return new Shape(rows, 3, patch.height(), patch.width());
    }

    int outputs() {
        return 2 * patch.points().size();
    }

    private int landmark(int k, int side) {
        int p = patch.points().get(k);
        return side == 0 ? p : Mirror.of(p);
    }

    /** Left and top pixel of the window that is centred on the landmarks. */
    int[] corner(float[] points, int side) {
        double x = 0;
        double y = 0;
        int n = patch.points().size();
        for (int k = 0; k < n; k++) {
            x += points[2 * landmark(k, side)];
            y += points[2 * landmark(k, side) + 1];
        }
        return new int[] {
            (int) Math.round(clamp(x / n) - (patch.width() - 1) / 2.0),
            (int) Math.round(clamp(y / n) - (patch.height() - 1) / 2.0)
        };
    }

    private static double clamp(double v) {
        return Math.max(0, Math.min(SIDE - 1, v));
    }

    /** Copies a window, edges repeated, into row {@code row} of {@code crops}. */
    void cut(float[] planes, int offset, int[] corner, int side, float[] crops, int row) {
        int h = patch.height();
        int w = patch.width();
        int to = row * cropSize();
        for (int ch = 0; ch < 3; ch++) {
            for (int y = 0; y < h; y++) {
                int from = offset + ch * Augmentation.PIXELS + clip(corner[1] + y) * SIDE;
                for (int x = 0; x < w; x++) {
                    int column = side == 0 ? x : w - 1 - x;
                    crops[to++] = planes[from + clip(corner[0] + column)];
                }
            }
        }
    }

    private static int clip(int v) {
        return Math.max(0, Math.min(SIDE - 1, v));
    }

    /** What the network should say: offsets of the landmarks from the window's centre. */
    void targets(float[] points, int offset, int[] corner, int side, float[] out, int row) {
        for (int k = 0; k < patch.points().size(); k++) {
            int p = landmark(k, side);
            float x = points[offset + 2 * p] - corner[0] - (patch.width() - 1) / 2f;
            float y = points[offset + 2 * p + 1] - corner[1] - (patch.height() - 1) / 2f;
            out[row * outputs() + 2 * k] = (side == 0 ? x : -x) / LandmarkNet.UNIT;
            out[row * outputs() + 2 * k + 1] = y / LandmarkNet.UNIT;
        }
    }

    /** Adds the landmarks that the network's row says, in pixels of the picture. */
    void add(float[] out, int row, int[] corner, int side, float[] sum) {
        for (int k = 0; k < patch.points().size(); k++) {
            int p = landmark(k, side);
            float x = out[row * outputs() + 2 * k] * LandmarkNet.UNIT;
            float y = out[row * outputs() + 2 * k + 1] * LandmarkNet.UNIT;
            sum[2 * p] += (side == 0 ? x : -x) + corner[0] + (patch.width() - 1) / 2f;
            sum[2 * p + 1] += y + corner[1] + (patch.height() - 1) / 2f;
        }
    }

    /** Counts how many windows speak for each landmark. */
    void vote(int[] votes) {
        for (int side = 0; side < sides(); side++) {
            for (int k = 0; k < patch.points().size(); k++) {
                votes[landmark(k, side)]++;
            }
        }
    }
}
