package daumier.faces.nets;

/** Which of the 68 iBUG landmarks changes places with which when a picture is mirrored. */
final class Mirror {
    private static final int[] PARTNER = partners();

    private Mirror() {}

    /** The landmark on the other side of the face; midline points are their own partners. */
    static int of(int landmark) {
        return PARTNER[landmark];
    }

    /**
     * The landmarks of the mirrored picture.
     *
     * @param xy 136 values in pixels
     * @param width of the picture in pixels
     * @return 136 values
     */
    static float[] mirrored(float[] xy, int width) {
        float[] out = new float[xy.length];
        for (int i = 0; i < PARTNER.length; i++) {
            out[2 * PARTNER[i]] = width - 1 - xy[2 * i];
            out[2 * PARTNER[i] + 1] = xy[2 * i + 1];
        }
        return out;
    }

    private static int[] partners() {
        int[] p = new int[68];
        for (int i = 0; i < 17; i++) {
            p[i] = 16 - i;
        }
        for (int i = 17; i < 27; i++) {
            p[i] = 43 - i;
        }
        for (int i = 27; i < 31; i++) {
            p[i] = i;
        }
        for (int i = 31; i < 36; i++) {
            p[i] = 66 - i;
        }
        int[][] pairs = {
            {36, 45}, {37, 44}, {38, 43}, {39, 42}, {40, 47}, {41, 46}, {48, 54}, {49, 53},
            {50, 52}, {51, 51}, {55, 59}, {56, 58}, {57, 57}, {60, 64}, {61, 63}, {62, 62},
            {65, 67}, {66, 66}
        };
        for (int[] pair : pairs) {
            p[pair[0]] = pair[1];
            p[pair[1]] = pair[0];
        }
        return p;
    }
}
