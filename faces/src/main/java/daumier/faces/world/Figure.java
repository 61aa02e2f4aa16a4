package daumier.faces.world;

import daumier.faces.Landmarks;

/**
 * The outlines of everything in one portrait, in pixels of the 256-pixel drawing (continuous: pixel
 * i covers i to i + 1). Photo, toon and geometry map are drawn from the same figure.
 */
final class Figure {
    /** Side of the drawing. */
    static final int SIZE = 256;

    private final ProceduralModel heads;
    final Subject subject;
    final View view;

    /** Points in model space. */
    final float[] model;

    /** Projected points. */
    final float[] q;

    /** Pixels of half a mean face. */
    final float unit;

    private final Projection projection;

    final float[] jaw;
    final float[] face;
    final float[][] eyes = new float[2][];
    final float[][] brows = new float[2][];
    final float[][] ears = new float[2][];
    final float[][] irises = new float[2][];
    final float irisRadius;
    final float[] lips;
    final float[] upperLip;
    final float[] inner;
    final float[] neck;
    final float[] shirt;
    final float neckX;
    final float neckWidth;
    final HairShapes hair;

    Figure(ProceduralModel heads, Subject subject, View view) {
        this.heads = heads;
        this.subject = subject;
        this.view = view;
        model = heads.points(subject.shape(), view.expression());
        unit = Projection.UNIT * view.scale();
        projection = new Projection(view);
        q = new float[2 * ProceduralModel.POINTS];
        for (int i = 0; i < ProceduralModel.POINTS; i++) {
            project(model[3 * i], model[3 * i + 1], model[3 * i + 2], q, 2 * i);
        }
        jaw = Curves.open(Curves.range(q, 0, 16));
        face =
                Curves.closed(
                        Curves.join(
                                Curves.range(q, 0, 16),
                                Curves.range(q, ProceduralModel.SKULL, ProceduralModel.EAR - 1)));
        irisRadius = unit * 0.148f * (1 + 0.09f * subject.shape()[ProceduralModel.EYE_SIZE]);
        float brow = unit * 0.050f * (1 + 0.22f * subject.browThickness());
        brow = Math.max(brow, 1.9f) * (1.12f - 0.26f * subject.femininity());
        for (int e = 0; e < 2; e++) {
            int first = 36 + 6 * e;
            eyes[e] = Curves.closed(Curves.range(q, first, first + 5));
            float[] c = Curves.centre(Curves.range(q, first, first + 5));
            irises[e] = new float[] {c[0] + unit * 0.10f * view.yaw(), c[1] - 1.2f};
            float[] line = Curves.open(Curves.range(q, 17 + 5 * e, 21 + 5 * e));
            brows[e] =
                    e == 0
                            ? Curves.band(line, brow * 0.35f, brow, brow * 0.8f)
                            : Curves.band(line, brow * 0.8f, brow, brow * 0.35f);
            ears[e] = ear(e);
        }
        lips = Curves.closed(Curves.range(q, 48, 59));
        inner = Curves.closed(Curves.range(q, 60, 67));
        upperLip =
                Curves.join(
                        Curves.open(Curves.range(q, 48, 54)), Curves.open(Curves.range(q, 64, 60)));
        float middle = 0.5f * (q[2 * 4] + q[2 * 12]);
        float level = 0.5f * (q[2 * 4 + 1] + q[2 * 12 + 1]);
        neckX =
                0.4f * 0.5f * (q[2 * 27] + middle)
                        + 0.6f * (Projection.CENTRE_X + 2 * view.dx())
                        + 0.4f * view.dx();
        float jawWidth = model[3 * 12] - model[3 * 4];
        neckWidth = unit * (0.40f + 0.07f * jawWidth - 0.08f * (subject.femininity() - 0.5f));
        float drop =
                0.6f
                        * (q[2 * 8 + 1]
                                - Projection.CENTRE_Y
                                - 1.155f * Projection.UNIT
                                - 2 * view.dy());
        float collar = 214 + 2 * view.dy() + Math.max(-20, Math.min(16, drop));
        neck = neck(level, collar + 2);
        shirt = shirt(collar);
        hair = new HairShapes(this);
    }

    void project(float x, float y, float z, float[] out, int at) {
        projection.project(x, y, z, out, at);
    }

    private float[] ear(int e) {
        float side = e == 0 ? -1 : 1;
        float size = 1 + 0.13f * subject.shape()[ProceduralModel.EAR_SIZE];
        float out = 0.045f + 0.022f * subject.shape()[ProceduralModel.EAR_SPREAD];
        int i = 2 * (ProceduralModel.EAR + e);
        float cx = q[i] + side * unit * Math.max(0, out * size);
        float cy = q[i + 1];
        float rx = unit * 0.155f * size * (1 + side * 0.9f * view.yaw());
        float ry = unit * 0.26f * size;
        int n = 16;
        float[] r = new float[2 * n];
        for (int k = 0; k < n; k++) {
            double a = 2 * Math.PI * k / n;
            float bulge = 1 - 0.22f * (float) Math.sin(a);
            r[2 * k] = cx + rx * (float) Math.cos(a) * bulge;
            r[2 * k + 1] = cy + ry * (float) Math.sin(a);
        }
        return Curves.closed(r);
    }

    private float[] neck(float level, float y) {
        float w = neckWidth;
        float x = neckX;
        return new float[] {
            x - w,
            level - 20,
            x - w * 0.97f,
            Math.min(level + 25, y - 4),
            x - w * 1.12f,
            y,
            x - w * 1.5f,
            264,
            x + w * 1.5f,
            264,
            x + w * 1.12f,
            y,
            x + w * 0.97f,
            Math.min(level + 25, y - 4),
            x + w,
            level - 20
        };
    }

    private float[] shirt(float y) {
        float w = neckWidth;
        float x = neckX;
        float shoulder = subject.femininity() > 0.5f ? 0.93f : 1.05f;
        return Curves.closed(
                x - w,
                y + 3,
                x - w * 2.1f * shoulder,
                y + 13,
                x - w * 3.1f * shoulder,
                y + 33,
                x - w * 3.6f * shoulder,
                285,
                x + w * 3.6f * shoulder,
                285,
                x + w * 3.1f * shoulder,
                y + 33,
                x + w * 2.1f * shoulder,
                y + 13,
                x + w,
                y + 3,
                x + w * 0.58f,
                y + 20,
                x,
                y + 27,
                x - w * 0.58f,
                y + 20);
    }

    /** Where the mean head has point i. */
    float meanX(int i) {
        return heads.meanCoordinate(i, 0);
    }

    float x(int i) {
        return q[2 * i];
    }

    float y(int i) {
        return q[2 * i + 1];
    }

    /** The landmarks in pixels of the 128-pixel picture, pixel centres at whole numbers. */
    Landmarks landmarks() {
        float[] xy = new float[2 * Landmarks.COUNT];
        for (int i = 0; i < xy.length; i++) {
            xy[i] = 0.5f * q[i] - 0.5f;
        }
        return new Landmarks(xy);
    }
}
