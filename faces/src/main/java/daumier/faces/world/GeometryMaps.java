package daumier.faces.world;

import daumier.faces.Landmarks;

/**
 * The condition of the geometry adapter: 13 channels of 128 x 128 in [0, 1]. Channels 0 to 7 are
 * regions: face, eyes (whites at half strength, irises full), brows, nose lines, lips (lower lip at
 * 0.6), hair (behind the head at 0.6), ears, neck at 0.5 with shirt. Channels 8 to 12 are the
 * landmark polylines of brows, nose, mouth, eyes and jaw.
 */
final class GeometryMaps {
    static final int CHANNELS = 13;
    static final int SIDE = 128;
    private static final float HALF = 0.5f;

    private final Raster raster = new Raster(SIDE);

    float[] of(Figure f) {
        float[] map = new float[CHANNELS * SIDE * SIDE];
        Mask face = raster.addOriented(f.face, HALF).take();
        put(map, 0, face, 1);
        Mask eyes = raster.addOriented(f.eyes[0], HALF).addOriented(f.eyes[1], HALF).take();
        for (float[] c : f.irises) {
            raster.add(Curves.ellipse(c[0], c[1], f.irisRadius, f.irisRadius), HALF);
        }
        put(map, 1, eyes, 0.5f);
        put(map, 1, eyes.times(raster.take()), 1);
        raster.addOriented(f.brows[0], HALF).addOriented(f.brows[1], HALF);
        put(map, 2, raster.take(), 1);
        raster.stroke(Curves.open(Curves.range(f.q, 27, 30)), 3, 3, false, HALF)
                .stroke(Curves.open(Curves.range(f.q, 31, 35)), 4, 4, false, HALF);
        put(map, 3, raster.take(), 1);
        put(map, 4, raster.addOriented(f.lips, HALF).take(), 0.6f);
        put(map, 4, raster.addOriented(f.upperLip, HALF).take(), 1);
        for (float[] h : f.hair.back) {
            raster.addOriented(h, HALF);
        }
        put(map, 5, raster.take().minus(face), 0.6f);
        for (float[] h : f.hair.front) {
            raster.addOriented(h, HALF);
        }
        put(map, 5, raster.take(), 1);
        raster.addOriented(f.ears[0], HALF).addOriented(f.ears[1], HALF);
        put(map, 6, raster.take().minus(face), 1);
        put(map, 7, raster.addOriented(f.neck, HALF).take().minus(face), 0.5f);
        put(map, 7, raster.addOriented(f.shirt, HALF).take(), 1);
        lines(f.landmarks(), map);
        return map;
    }

    /** Draws channels 8 to 12 from landmarks in pixels of the 128-pixel picture. */
    void lines(Landmarks landmarks, float[] map) {
        float[] q = Curves.shifted(landmarks.xy(), 0.5f, 0.5f);
        line(q, 17, 21, 2, false);
        line(q, 22, 26, 2, false);
        put(map, 8, raster.take(), 1);
        line(q, 27, 30, 2, false);
        line(q, 31, 35, 2, false);
        put(map, 9, raster.take(), 1);
        line(q, 48, 59, 1.4f, true);
        line(q, 60, 67, 1.4f, true);
        put(map, 10, raster.take(), 1);
        line(q, 36, 41, 1.4f, true);
        line(q, 42, 47, 1.4f, true);
        put(map, 11, raster.take(), 1);
        line(q, 0, 16, 2, false);
        put(map, 12, raster.take(), 1);
    }

    private void line(float[] q, int from, int to, float width, boolean closed) {
        raster.stroke(Curves.range(q, from, to), width, width, closed, 1);
    }

    private static void put(float[] map, int channel, Mask m, float strength) {
        for (int y = 0; y < m.h(); y++) {
            int at = (channel * SIDE + y + m.y0()) * SIDE + m.x0();
            for (int x = 0; x < m.w(); x++, at++) {
                map[at] = Math.max(map[at], strength * m.v()[y * m.w() + x]);
            }
        }
    }
}
