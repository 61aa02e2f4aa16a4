package daumier.faces.measure;

/**
 * The projection of the face world: {@code q = R p} with {@code R = roll * pitch * yaw}, then
 * {@code (x, y) = (q_x, q_y) * pixelsPerUnit * scale * (1 + perspective * q_z) + centre}: weak
 * perspective with a touch of nearness.
 *
 * @param pixelsPerUnit pixels for one unit of model space in the neutral pose
 * @param perspective how much a unit towards the viewer enlarges, 0 for none
 * @param centreX where the model's origin is drawn, in pixels
 * @param centreY where the model's origin is drawn, in pixels
 */
public record Camera(double pixelsPerUnit, double perspective, double centreX, double centreY) {
    /** The camera of the face world's 128 x 128 portraits. */
    public static final Camera PORTRAIT = new Camera(34, 0.05, 63.5, 58.5);

    /** Row-major rotation matrix of angles in radians. */
    static double[] rotation(double yaw, double pitch, double roll) {
        double cy = Math.cos(yaw);
        double sy = Math.sin(yaw);
        double cp = Math.cos(pitch);
        double sp = Math.sin(pitch);
        double cr = Math.cos(roll);
        double sr = Math.sin(roll);
        // yaw: (x, y, z) -> (cy x + sy z, y, -sy x + cy z); then pitch; then roll.
        double[] r = {cy, 0, sy, -sp * -sy, cp, -sp * cy, cp * -sy, sp, cp * cy};
        double[] out = new double[9];
        for (int c = 0; c < 3; c++) {
            out[c] = cr * r[c] - sr * r[3 + c];
            out[3 + c] = sr * r[c] + cr * r[3 + c];
            out[6 + c] = r[6 + c];
        }
        return out;
    }

    /** Projects points of model space (x0, y0, z0, ...) into {@code out} (x0, y0, ...). */
    void project(double[] points, double[] r, double scale, double x, double y, double[] out) {
        for (int i = 0; i < out.length / 2; i++) {
            double px = points[3 * i];
            double py = points[3 * i + 1];
            double pz = points[3 * i + 2];
            double qx = r[0] * px + r[1] * py + r[2] * pz;
            double qy = r[3] * px + r[4] * py + r[5] * pz;
            double qz = r[6] * px + r[7] * py + r[8] * pz;
            double k = pixelsPerUnit * scale * (1 + perspective * qz);
            out[2 * i] = k * qx + centreX + x;
            out[2 * i + 1] = k * qy + centreY + y;
        }
    }
}
