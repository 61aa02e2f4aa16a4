package daumier.faces.nets;

import java.util.ArrayList;
import java.util.List;

/**
 * How a landmark network is built: a coarse network over the whole picture and one refining network
 * for each patch of the face.
 *
 * @param coarse layers over (3, 128, 128); outputs 136 values
 * @param patches the refined parts; every landmark lies in at least one
 */
public record LandmarkDesign(List<String> coarse, List<Patch> patches) {
    /**
     * A window of the picture that follows its landmarks.
     *
     * @param name for parameters and figures
     * @param points landmarks it refines; its centre is their mean
     * @param height rows in pixels
     * @param width columns in pixels
     * @param mirrored whether the same network also reads the other side of the face, mirrored
     * @param layers over (3, height, width); outputs two values a point
     */
    public record Patch(
            String name,
            List<Integer> points,
            int height,
            int width,
            boolean mirrored,
            List<String> layers) {
        /** Copies the lists. */
        public Patch {
            points = List.copyOf(points);
            layers = List.copyOf(layers);
        }
    }

    /** Copies the lists. */
    public LandmarkDesign {
        coarse = List.copyOf(coarse);
        patches = List.copyOf(patches);
    }

    private static final List<String> SMALL_COARSE =
            List.of(
                    "halve",
                    "block 24 5 2",
                    "block 48 3 2",
                    "residual",
                    "block 96 3 2",
                    "residual",
                    "block 128 3 2",
                    "residual",
                    "flatten",
                    "linear 192",
                    "relu",
                    "linear 136");

    /** For aligned portraits: half eyes, half jaws and mirrored twins share their networks. */
    public static LandmarkDesign meter() {
        return new LandmarkDesign(
                SMALL_COARSE,
                List.of(
                        patch("eye", range(17, 21, 36, 41), 40, 40, true, 40, 64),
                        patch("nose", range(27, 35), 44, 40, false, 40, 64),
                        patch("mouth", range(48, 67), 40, 48, false, 40, 64),
                        patch("chin", range(6, 10), 36, 48, false, 40, 64),
                        patch("jaw", range(0, 6), 56, 40, true, 32, 56)));
    }

    /** For judging: other windows, other sizes, both eyes at once. */
    public static LandmarkDesign judge() {
        return new LandmarkDesign(
                List.of(
                        "block 16 5 2",
                        "block 32 3 2",
                        "block 64 3 2",
                        "residual",
                        "block 96 3 2",
                        "residual",
                        "block 96 3 2",
                        "flatten",
                        "linear 136"),
                List.of(
                        patch("brows", range(17, 26), 32, 72, false, 32, 56),
                        patch("eyes", range(36, 47), 36, 72, false, 32, 56),
                        patch("nose", range(27, 35), 48, 48, false, 32, 72),
                        patch("mouth", range(48, 67), 36, 56, false, 32, 72),
                        patch("chin", range(5, 11), 36, 56, false, 32, 56),
                        patch("jaw", range(0, 5), 60, 36, true, 32, 56)));
    }

    /** For photographs: a stronger coarse network, wider windows. */
    public static LandmarkDesign photo() {
        return new LandmarkDesign(
                List.of(
                        "block 16 5 2",
                        "block 32 3 2",
                        "block 64 3 2",
                        "residual",
                        "block 128 3 2",
                        "residual",
                        "block 160 3 2",
                        "residual",
                        "flatten",
                        "linear 256",
                        "relu",
                        "linear 136"),
                List.of(
                        patch("eye", range(17, 21, 36, 41), 44, 48, true, 32, 64),
                        patch("nose", range(27, 35), 44, 44, false, 32, 64),
                        patch("mouth", range(48, 67), 44, 52, false, 32, 64),
                        patch("jaw", range(0, 8), 72, 52, true, 24, 56)));
    }

    private static Patch patch(
            String name,
            List<Integer> points,
            int height,
            int width,
            boolean mirrored,
            int middle,
            int wide) {
        return new Patch(
                name,
                points,
                height,
                width,
                mirrored,
                List.of(
                        "block 24 5 2",
                        "block " + middle + " 3 1",
                        "block " + wide + " 3 2",
                        "residual",
                        "block " + wide + " 3 2",
                        "flatten",
                        "linear 96",
                        "relu",
                        "linear " + 2 * points.size()));
    }

    private static List<Integer> range(int... fromTo) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < fromTo.length; i += 2) {
            for (int p = fromTo[i]; p <= fromTo[i + 1]; p++) {
                all.add(p);
            }
        }
        return all;
    }
}
