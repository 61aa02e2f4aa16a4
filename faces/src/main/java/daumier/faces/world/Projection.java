package daumier.faces.world;

/** From model space to pixels of the 256-pixel drawing. */
final class Projection {
    /** Pixels of half a mean face. */
    static final float UNIT = 68;

    static final float CENTRE_X = 128;
    static final float CENTRE_Y = 118;

    private final float[] rotation;
    private final float unit;
    private final float dx;
    private final float dy;

    Projection(View view) {
        rotation = rotation(view);
        unit = UNIT * view.scale();
        dx = 2 * view.dx();
        dy = 2 * view.dy();
    }

    private static float[] rotation(View v) {
        double cy = Math.cos(v.yaw());
        double sy = Math.sin(v.yaw());
        double cp = Math.cos(v.pitch());
        double sp = Math.sin(v.pitch());
        double cr = Math.cos(v.roll());
        double sr = Math.sin(v.roll());
        // roll about z, after pitch about x, after yaw about y
        double[] r = {
            cr * cy - sr * sp * sy,
            -sr * cp,
            cr * sy + sr * sp * cy,
            sr * cy + cr * sp * sy,
            cr * cp,
            sr * sy - cr * sp * cy,
            -cp * sy,
            sp,
            cp * cy
        };
        float[] f = new float[9];
        for (int i = 0; i < 9; i++) {
            f[i] = (float) r[i];
        }
        return f;
    }

    /** Weak perspective: what is nearer is a little larger. */
    void project(float x, float y, float z, float[] out, int at) {
        float px = rotation[0] * x + rotation[1] * y + rotation[2] * z;
        float py = rotation[3] * x + rotation[4] * y + rotation[5] * z;
        float pz = rotation[6] * x + rotation[7] * y + rotation[8] * z;
        float k = unit * (1 + 0.05f * pz);
        out[at] = px * k + CENTRE_X + dx;
        out[at + 1] = py * k + CENTRE_Y + dy;
    }
}
