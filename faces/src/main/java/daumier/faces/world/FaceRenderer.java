package daumier.faces.world;

import daumier.faces.Landmarks;

/**
 * Draws the face world. Pictures are 128 x 128, averaged from a drawing of twice the size.
 * Everything is a function of the arguments alone. A renderer keeps buffers: one for each thread.
 */
public final class FaceRenderer {
    /** Side of pictures and maps in pixels. */
    public static final int SIDE = GeometryMaps.SIDE;

    /** Channels of the geometry map. */
    public static final int MAP_CHANNELS = GeometryMaps.CHANNELS;

    private final ProceduralModel model = new ProceduralModel();
    private final PhotoPainter photo = new PhotoPainter();
    private final ToonPainter toon = new ToonPainter();
    private final GeometryMaps maps = new GeometryMaps();

    /** The model that shapes the heads. */
    public ProceduralModel model() {
        return model;
    }

    /**
     * Draws a portrait. An artist's habits of shape are not applied here: draw {@link
     * Artist#characterOf}.
     */
    public Rendering render(Subject subject, View view, Look look) {
        Figure f = new Figure(model, subject, view);
        if (look instanceof Artist artist) {
            return new Rendering(toon.paint(f, artist), f.landmarks());
        }
        if (look instanceof Look.Toon) {
            return new Rendering(toon.paint(f, ToonPainter.PLAIN), f.landmarks());
        }
        return new Rendering(photo.paint(f), f.landmarks());
    }

    /**
     * The condition of the geometry adapter.
     *
     * @return (13, 128, 128) in [0, 1]: masks of face, eyes, brows, nose, lips, hair, ears, neck
     *     and shirt; landmark lines of brows, nose, mouth, eyes, jaw
     */
    public float[] geometryMap(Subject subject, View view) {
        return maps.of(new Figure(model, subject, view));
    }

    /**
     * Replaces the five line channels (8 to 12) of a geometry map by lines through given landmarks.
     *
     * @param map (13, 128, 128), changed in place
     */
    public void drawLines(Landmarks landmarks, float[] map) {
        if (map.length != MAP_CHANNELS * SIDE * SIDE) {
            throw new IllegalArgumentException(
                    "A geometry map has %d values, not %d."
                            .formatted(MAP_CHANNELS * SIDE * SIDE, map.length));
        }
        java.util.Arrays.fill(map, 8 * SIDE * SIDE, map.length, 0);
        maps.lines(landmarks, map);
    }

    /**
     * Projects points of model space. With p the point turned by yaw about y, pitch about x and
     * roll about z (in this order), a pixel of the picture is {@code 63.5 + dx + 34 scale (1 + 0.05
     * p.z) p.x} to the right and {@code 58.5 + dy + 34 scale (1 + 0.05 p.z) p.y} down.
     *
     * @param points x0, y0, z0, x1, ...
     * @return x0, y0, x1, ... in pixels of the 128-pixel picture, pixel centres at whole numbers
     */
    public static float[] project(float[] points, View view) {
        Projection projection = new Projection(view);
        float[] xy = new float[points.length / 3 * 2];
        for (int i = 0; i < xy.length / 2; i++) {
            projection.project(points[3 * i], points[3 * i + 1], points[3 * i + 2], xy, 2 * i);
            xy[2 * i] = 0.5f * xy[2 * i] - 0.5f;
            xy[2 * i + 1] = 0.5f * xy[2 * i + 1] - 0.5f;
        }
        return xy;
    }

    /** Where the 68 landmarks fall, in pixels of the picture. */
    public Landmarks landmarks(Subject subject, View view) {
        return new Figure(model, subject, view).landmarks();
    }
}
