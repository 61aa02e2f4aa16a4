package daumier.faces.measure;

import daumier.faces.Landmarks;

/**
 * Whether 68 landmarks could be a face, however exaggerated: no outline crosses itself, brows are
 * above eyes above nose above mouth above chin and the sides are where they belong, the two halves
 * match, and the fitted coefficients are not absurd. Each part is a smooth score in [0, 1]; the
 * whole is their product. Caricatures within the exaggeration that the face world draws stay
 * plausible.
 */
public final class Plausibility {
    /** Mirror image of each landmark. */
    private static final int[] MIRROR = mirror();

    /** Outlines that run clockwise on the screen. */
    private static final int[][] OUTLINES = {
        {36, 37, 38, 39, 40, 41},
        {42, 43, 44, 45, 46, 47},
        {48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59}
    };

    private final ModelFit fit;

    /**
     * Judges faces of a model.
     *
     * @param fit fits the model, and gives the frame
     */
    public Plausibility(ModelFit fit) {
        this.fit = fit;
    }

    /**
     * The parts of the judgement, each in [0, 1].
     *
     * @param folds outlines that do not cross themselves, a jaw line that runs from side to side
     * @param order features above and beside each other as they should be
     * @param symmetry the two halves agree once the pose is taken out
     * @param typical coefficients within what can be drawn (Mahalanobis distance)
     * @param fit landmarks close to some face of the model
     */
    public record Score(double folds, double order, double symmetry, double typical, double fit) {
        /** The product of the parts: 1 is a face, 0 is none. */
        public double total() {
            return folds * order * symmetry * typical * fit;
        }
    }

    /**
     * Judges landmarks in the portrait frame, after fitting them.
     *
     * @param landmarks 68 points
     * @return the score
     */
    public Score score(Landmarks landmarks) {
        double[] b = Alignment.bounds(landmarks);
        double extent = Math.hypot(b[2] - b[0], b[3] - b[1]);
        boolean finite = true;
        for (float v : landmarks.xy()) {
            finite &= Float.isFinite(v);
        }
        // Points in a heap carry no shape, and no frame to fit one in.
        if (!finite || extent < 0.1 * fit.camera().pixelsPerUnit()) {
            return new Score(0, 0, 0, 0, 0);
        }
        return score(fit.fit(landmarks, LandmarkNoise.isotropic(1), PosePrior.PHOTO));
    }

    /**
     * Judges a fitted face.
     *
     * @param face geometry in the portrait frame
     * @return the score
     */
    public Score score(FaceGeometry face) {
        double[] p = upright(face);
        return new Score(folds(p), order(p), symmetry(face), typical(face), closeness(face));
    }

    /** Landmarks without roll, in units of model space. */
    private double[] upright(FaceGeometry face) {
        double unit = fit.camera().pixelsPerUnit() * face.pose().scale();
        double roll = Math.toRadians(face.pose().roll());
        double c = Math.cos(roll) / unit;
        double s = Math.sin(roll) / unit;
        double[] p = new double[2 * Landmarks.COUNT];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double x = face.landmarks().x(i);
            double y = face.landmarks().y(i);
            p[2 * i] = c * x + s * y;
            p[2 * i + 1] = c * y - s * x;
        }
        return p;
    }

    /**
     * 1 where a margin is comfortable, 1/2 where it vanishes below zero, 0 where it is reversed.
     */
    private static double margin(double value, double soft) {
        return 1 / (1 + Math.exp(-4 - 4 * value / soft));
    }

    private static double folds(double[] p) {
        double score = 1;
        for (int[] outline : OUTLINES) {
            double area = 0;
            double round = 0;
            for (int k = 0; k < outline.length; k++) {
                int a = outline[k];
                int b = outline[(k + 1) % outline.length];
                area += p[2 * a] * p[2 * b + 1] - p[2 * b] * p[2 * a + 1];
                round += Math.hypot(p[2 * a] - p[2 * b], p[2 * a + 1] - p[2 * b + 1]);
            }
            // Twice the area over the squared circumference: 0.16 for a circle, 0.05 for an eye.
            score *= margin(area / Math.max(1e-6, round * round), 0.02);
        }
        double back = 0;
        double along = 0;
        for (int i = 0; i < 16; i++) {
            double dx = p[2 * i + 2] - p[2 * i];
            double dy = (p[2 * i + 3] - p[2 * i + 1]) * (i < 8 ? 1 : -1);
            // Down the left side, up the right one, always rightwards in the sum.
            double step = dx + dy;
            along += Math.abs(step);
            back += Math.max(0, -step);
        }
        return score * Math.exp(-Math.pow(8 * back / Math.max(1e-6, along), 2));
    }

    private static double order(double[] p) {
        double score = 1;
        double brows = mean(p, 17, 27, 1);
        double eyes = mean(p, 36, 48, 1);
        double base = mean(p, 31, 36, 1);
        double mouth = mean(p, 48, 60, 1);
        score *= margin(mean(p, 36, 42, 1) - mean(p, 17, 22, 1), 0.08);
        score *= margin(mean(p, 42, 48, 1) - mean(p, 22, 27, 1), 0.08);
        score *= margin(eyes - brows, 0.08);
        score *= margin(base - eyes, 0.12);
        score *= margin(mouth - base, 0.08);
        score *= margin(p[2 * 57 + 1] - p[2 * 33 + 1], 0.08);
        score *= margin(p[2 * 8 + 1] - p[2 * 57 + 1], 0.08);
        double left = mean(p, 36, 42, 0);
        double right = mean(p, 42, 48, 0);
        score *= margin(p[2 * 42] - p[2 * 39], 0.08);
        score *= margin(p[2 * 54] - p[2 * 48], 0.12);
        score *= margin(p[2 * 35] - p[2 * 31], 0.06);
        score *= margin(p[2 * 33] - left, 0.08) * margin(right - p[2 * 33], 0.08);
        score *= margin(p[2 * 36] - p[0], 0.08) * margin(p[2 * 16] - p[2 * 45], 0.08);
        score *= margin(p[2 * 48] - p[2 * 4], 0.08) * margin(p[2 * 12] - p[2 * 54], 0.08);
        return score;
    }

    private static double mean(double[] p, int from, int to, int axis) {
        double s = 0;
        for (int i = from; i < to; i++) {
            s += p[2 * i + axis];
        }
        return s / (to - from);
    }

    /** What is left of the landmarks after the symmetric model, compared with its mirror image. */
    private double symmetry(FaceGeometry face) {
        Landmarks model = fit.project(face.pose(), face.identity(), face.expression());
        double unit = fit.camera().pixelsPerUnit() * face.pose().scale();
        double roll = Math.toRadians(face.pose().roll());
        double c = Math.cos(roll);
        double s = Math.sin(roll);
        double[] r = new double[2 * Landmarks.COUNT];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double dx = (face.landmarks().x(i) - model.x(i)) / unit;
            double dy = (face.landmarks().y(i) - model.y(i)) / unit;
            r[2 * i] = c * dx + s * dy;
            r[2 * i + 1] = c * dy - s * dx;
        }
        double square = 0;
        for (int i = 0; i < Landmarks.COUNT; i++) {
            int j = MIRROR[i];
            double ax = (r[2 * i] + r[2 * j]) / 2;
            double ay = (r[2 * i + 1] - r[2 * j + 1]) / 2;
            square += ax * ax + ay * ay;
        }
        double rms = Math.sqrt(square / Landmarks.COUNT);
        return 1 / (1 + Math.pow(rms / 0.14, 4));
    }

    private double typical(FaceGeometry face) {
        double square = 0;
        double worst = 0;
        for (double z : face.identity()) {
            square += z * z;
            worst = Math.max(worst, Math.abs(z));
        }
        double ms = square / face.identity().length;
        return 1 / (1 + Math.pow(ms / 9, 4)) / (1 + Math.pow(worst / 7, 8));
    }

    private double closeness(FaceGeometry face) {
        double unit = fit.camera().pixelsPerUnit() * face.pose().scale();
        double size = Math.abs(Math.log(Math.max(1e-6, face.pose().scale())));
        double rms = face.residualRms() / Math.max(1e-6, unit);
        return 1 / (1 + Math.pow(rms / 0.17, 4)) / (1 + Math.pow(size / 1.2, 8));
    }

    /** The landmark on the other side of the face; those on the midline are their own. */
    static int mirrorOf(int landmark) {
        return MIRROR[landmark];
    }

    private static int[] mirror() {
        int[] m = new int[Landmarks.COUNT];
        reflect(m, 0, 16);
        reflect(m, 17, 26);
        for (int i = 27; i <= 30; i++) {
            m[i] = i;
        }
        reflect(m, 31, 35);
        int[] right = {36, 37, 38, 39, 40, 41};
        int[] left = {45, 44, 43, 42, 47, 46};
        for (int k = 0; k < 6; k++) {
            m[right[k]] = left[k];
            m[left[k]] = right[k];
        }
        reflect(m, 48, 54);
        reflect(m, 55, 59);
        reflect(m, 60, 64);
        reflect(m, 65, 67);
        return m;
    }

    private static void reflect(int[] m, int first, int last) {
        for (int i = first; i <= last; i++) {
            m[i] = first + last - i;
        }
    }
}
