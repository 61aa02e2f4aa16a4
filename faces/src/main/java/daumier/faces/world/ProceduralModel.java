package daumier.faces.world;

import daumier.faces.FaceRegion;
import daumier.faces.MorphableModel;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The linear head of the face world: 79 points (the 68 iBUG landmarks, nine points of the skull
 * from right to left over the crown, the two ears), {@value #COMPONENTS} identity components and
 * {@value #EXPRESSIONS} expression components. An identity component moves the landmarks of its own
 * region only. Coefficients are standard deviations of the population; model space is that of
 * {@link MorphableModel}.
 */
public final class ProceduralModel implements MorphableModel {
    /** Number of identity components. */
    public static final int COMPONENTS = 27;

    /** Number of expression components. */
    public static final int EXPRESSIONS = 5;

    /** Landmarks, skull and ears together. */
    public static final int POINTS = 79;

    /** First of the nine skull points; the crown is point 72. */
    public static final int SKULL = 68;

    /** The ear on the picture's left; the other is the next point. */
    public static final int EAR = 77;

    static final int WIDTH = 0;
    static final int LENGTH = 1;
    static final int CHIN_LENGTH = 4;
    static final int EYE_SIZE = 6;
    static final int EYE_DISTANCE = 7;
    static final int BROW_HEIGHT = 11;
    static final int BROW_ARCH = 13;
    static final int NOSE_LENGTH = 15;
    static final int NOSE_WIDTH = 16;
    static final int NOSE_TIP = 17;
    static final int MOUTH_WIDTH = 18;
    static final int FULLNESS = 19;
    static final int MOUTH_HEIGHT = 21;

    /** The height of the forehead, which landmarks do not show. */
    public static final int FOREHEAD_HEIGHT = 22;

    /** The width of the skull, which landmarks do not show. */
    public static final int SKULL_WIDTH = 23;

    static final int EAR_SIZE = 25;
    static final int EAR_SPREAD = 26;

    private static final List<String> NAMES =
            List.of(
                    "face width",
                    "face length",
                    "jaw squareness",
                    "cheekbones",
                    "chin length",
                    "chin width",
                    "eye size",
                    "eye distance",
                    "eye opening",
                    "eye slant",
                    "eye height",
                    "brow height",
                    "brow tilt",
                    "brow arch",
                    "brow length",
                    "nose length",
                    "nose width",
                    "nose tip",
                    "mouth width",
                    "lip fullness",
                    "mouth curve",
                    "mouth height",
                    "forehead height",
                    "skull width",
                    "crown shape",
                    "ear size",
                    "ear spread");

    private static final List<FaceRegion> REGIONS =
            Stream.of(
                            Collections.nCopies(4, FaceRegion.JAW),
                            Collections.nCopies(2, FaceRegion.CHIN),
                            Collections.nCopies(5, FaceRegion.EYES),
                            Collections.nCopies(4, FaceRegion.BROWS),
                            Collections.nCopies(3, FaceRegion.NOSE),
                            Collections.nCopies(4, FaceRegion.MOUTH),
                            Collections.nCopies(3, FaceRegion.FOREHEAD),
                            Collections.nCopies(2, FaceRegion.EARS))
                    .flatMap(List::stream)
                    .toList();

    private static final List<String> EXPRESSION_NAMES =
            List.of("smile", "mouth open", "brow raise", "eye closure", "frown");

    /** x and y of: outline, brows, nose, eyes, outer and inner lips, skull, ears. */
    private static final String MEAN_XY =
            """
            -1 -0.12  -0.995 0.1  -0.965 0.32  -0.9 0.53  -0.79 0.73  -0.63 0.91
            -0.44 1.05  -0.22 1.135  0 1.155  0.22 1.135  0.44 1.05  0.63 0.91
            0.79 0.73  0.9 0.53  0.965 0.32  0.995 0.1  1 -0.12
            -0.74 -0.38  -0.62 -0.47  -0.47 -0.5  -0.32 -0.48  -0.18 -0.42  0.18 -0.42
            0.32 -0.48  0.47 -0.5  0.62 -0.47  0.74 -0.38
            0 -0.12  0 0.04  0 0.19  0 0.32  -0.165 0.39  -0.085 0.425
            0 0.445  0.085 0.425  0.165 0.39
            -0.67 -0.08  -0.55 -0.225  -0.36 -0.235  -0.21 -0.06  -0.34 0.02  -0.53 0.03
            0.21 -0.06  0.36 -0.235  0.55 -0.225  0.67 -0.08  0.53 0.03  0.34 0.02
            -0.33 0.665  -0.2 0.635  -0.07 0.605  0 0.622  0.07 0.605  0.2 0.635
            0.33 0.665  0.21 0.765  0.08 0.812  0 0.82  -0.08 0.812  -0.21 0.765
            -0.29 0.668  -0.1 0.684  0 0.69  0.1 0.684  0.29 0.668  0.1 0.7
            0 0.708  -0.1 0.7
            0.99 -0.38  0.92 -0.68  0.76 -0.96  0.45 -1.16  0 -1.23  -0.45 -1.16
            -0.76 -0.96  -0.92 -0.68  -0.99 -0.38
            -1.03 0.02  1.03 0.02
            """;

    private final float[] mean = new float[3 * POINTS];
    private final float[][] identity = new float[COMPONENTS][3 * POINTS];
    private final float[][] expression = new float[EXPRESSIONS][3 * POINTS];

    /** Builds the model; it is immutable. */
    public ProceduralModel() {
        String[] xy = MEAN_XY.strip().split("\\s+");
        for (int i = 0; i < POINTS; i++) {
            float x = Float.parseFloat(xy[2 * i]);
            float y = Float.parseFloat(xy[2 * i + 1]);
            mean[3 * i] = x;
            mean[3 * i + 1] = y;
            mean[3 * i + 2] = meanDepth(i, x, y);
        }
        outlineComponents();
        eyeComponents();
        browComponents();
        noseComponents();
        mouthComponents();
        expressionComponents();
    }

    private static float meanDepth(int i, float x, float y) {
        double ball = 1 - (x / 1.08) * (x / 1.08) - 0.12 * y * y;
        double z = 0.85 * Math.sqrt(Math.max(0, ball));
        if (i <= 16) {
            z *= 0.75;
        } else if (i >= 27 && i <= 30) {
            double[] ridge = {0.06, 0.15, 0.26, 0.38};
            z += ridge[i - 27];
        } else if (i >= 31 && i <= 35) {
            z += 0.16;
        } else if (i >= 48 && i < SKULL) {
            z += 0.06;
        } else if (i >= SKULL && i < EAR) {
            z *= 0.5;
        } else if (i >= EAR) {
            z = -0.1;
        }
        return (float) z;
    }

    private float x(int i) {
        return mean[3 * i];
    }

    private float y(int i) {
        return mean[3 * i + 1];
    }

    private static double bell(double d, double width) {
        return Math.exp(-(d / width) * (d / width));
    }

    private void move(int component, int point, double dx, double dy) {
        identity[component][3 * point] += (float) dx;
        identity[component][3 * point + 1] += (float) dy;
    }

    private void outlineComponents() {
        for (int i = 0; i <= 16; i++) {
            double t = (i - 8) / 8.0;
            double side = Math.signum(t);
            double a = Math.abs(t);
            move(WIDTH, i, 0.075 * x(i), 0);
            move(LENGTH, i, 0, 0.085 * Math.max(0, y(i) - 0.1));
            move(2, i, 0.075 * side * bell(a - 0.45, 0.22), 0.04 * bell(a - 0.45, 0.22));
            move(3, i, 0.06 * side * bell(a - 0.75, 0.2), 0);
            move(CHIN_LENGTH, i, 0, 0.095 * bell(t, 0.26));
            move(5, i, 0.068 * side * bell(a - 0.25, 0.17), 0);
        }
        for (int i = SKULL; i < EAR; i++) {
            double up = Math.max(0, -(y(i) + 0.3));
            move(WIDTH, i, 0.075 * x(i), 0);
            move(22, i, 0, -0.11 * up);
            move(23, i, 0.07 * x(i) * Math.min(1, up / 0.6), 0);
            move(24, i, -0.10 * x(i) * Math.max(0, up - 0.38), -0.05 * Math.max(0, up - 0.6));
        }
        for (int i = EAR; i < POINTS; i++) {
            double side = Math.signum(x(i));
            move(WIDTH, i, 0.075 * x(i), 0);
            move(EAR_SIZE, i, 0.02 * side, 0.01);
            move(EAR_SPREAD, i, 0.03 * side, 0);
        }
    }

    private void eyeComponents() {
        for (int i = 36; i < 48; i++) {
            double side = i < 42 ? -1 : 1;
            double ex = x(i) - 0.44 * side;
            double ey = y(i) + 0.10;
            move(EYE_SIZE, i, 0.15 * ex, 0.17 * ey);
            move(EYE_DISTANCE, i, 0.042 * side, 0);
            move(8, i, 0, 0.21 * ey);
            move(9, i, 0, -0.15 * ex * side);
            move(10, i, 0, 0.035);
        }
    }

    private void browComponents() {
        for (int i = 17; i < 27; i++) {
            double side = i < 22 ? -1 : 1;
            double bx = Math.abs(x(i)) - 0.46;
            move(BROW_HEIGHT, i, 0, -0.056);
            move(12, i, 0, -0.20 * bx);
            move(BROW_ARCH, i, 0, -0.062 * (1 - (bx / 0.28) * (bx / 0.28)));
            move(14, i, 0.13 * side * bx, 0);
        }
    }

    private void noseComponents() {
        for (int i = 27; i <= 35; i++) {
            move(NOSE_LENGTH, i, 0, 0.085 * (y(i) + 0.12) / 0.56);
            if (i >= 31) {
                move(NOSE_WIDTH, i, 0.24 * x(i), 0);
                move(NOSE_TIP, i, 0, -0.007 - 0.12 * Math.max(0, 0.12 - Math.abs(x(i))));
            }
        }
        identity[NOSE_LENGTH][3 * 30 + 2] = 0.03f;
        identity[NOSE_TIP][3 * 30 + 1] = -0.052f;
        identity[NOSE_TIP][3 * 29 + 1] = -0.016f;
        identity[NOSE_TIP][3 * 30 + 2] = 0.06f;
    }

    private void mouthComponents() {
        for (int i = 48; i < SKULL; i++) {
            double dx = Math.abs(x(i)) / 0.33;
            move(MOUTH_WIDTH, i, 0.17 * x(i), 0);
            if (i < 60) {
                move(FULLNESS, i, 0, 0.26 * (y(i) - (i == 48 || i == 54 ? y(i) : 0.69)));
            }
            move(20, i, 0, -0.055 * dx * dx + 0.013);
            move(MOUTH_HEIGHT, i, 0, 0.042);
        }
    }

    private void express(int component, int point, double dx, double dy) {
        expression[component][3 * point] += (float) dx;
        expression[component][3 * point + 1] += (float) dy;
    }

    private void expressionComponents() {
        for (int i = 48; i < SKULL; i++) {
            double dx = Math.abs(x(i)) / 0.33;
            express(0, i, 0.11 * x(i), -0.045 * dx * dx + 0.008);
            express(4, i, 0, 0.028 * dx * dx - 0.008);
            boolean lower = (i >= 55 && i < 60) || i >= 65;
            if (lower) {
                express(0, i, 0, 0.016 * (1 - dx * dx));
                express(1, i, 0, 0.042 * (1 - 0.6 * dx * dx));
            }
        }
        for (int i = 6; i <= 10; i++) {
            express(1, i, 0, 0.026);
        }
        for (int i : new int[] {37, 38, 43, 44}) {
            express(3, i, 0, 0.042);
        }
        for (int i : new int[] {40, 41, 46, 47}) {
            express(0, i, 0, -0.010);
            express(3, i, 0, -0.006);
        }
        for (int i = 17; i < 27; i++) {
            double inner = Math.max(0, 0.74 - Math.abs(x(i))) / 0.56;
            express(2, i, 0, -0.042);
            express(4, i, -0.016 * Math.signum(x(i)) * inner, 0.012 + 0.036 * inner);
        }
    }

    /** Names of the identity components, in order. */
    public List<String> names() {
        return NAMES;
    }

    /** Names of the expression components, in order. */
    public List<String> expressionNames() {
        return EXPRESSION_NAMES;
    }

    /**
     * All points of a head in model space.
     *
     * @param shape {@value #COMPONENTS} identity coefficients
     * @param expressions {@value #EXPRESSIONS} expression coefficients
     * @return 237 values: x0, y0, z0, x1, ...
     */
    public float[] points(float[] shape, float[] expressions) {
        float[] p = mean.clone();
        for (int k = 0; k < COMPONENTS; k++) {
            axpy(p, shape[k], identity[k]);
        }
        for (int k = 0; k < EXPRESSIONS; k++) {
            axpy(p, expressions[k], expression[k]);
        }
        return p;
    }

    private static void axpy(float[] sum, float factor, float[] row) {
        if (factor != 0) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * row[i];
            }
        }
    }

    float meanCoordinate(int point, int axis) {
        return mean[3 * point + axis];
    }

    float basisCoordinate(int component, int point, int axis) {
        return identity[component][3 * point + axis];
    }

    @Override
    public double[] mean() {
        return landmarkPart(mean);
    }

    @Override
    public double[][] identityBasis() {
        return landmarkParts(identity);
    }

    @Override
    public double[][] expressionBasis() {
        return landmarkParts(expression);
    }

    @Override
    public FaceRegion regionOf(int identityComponent) {
        if (identityComponent < 0 || identityComponent >= COMPONENTS) {
            throw new IllegalArgumentException(
                    "There is no identity component " + identityComponent + ".");
        }
        return REGIONS.get(identityComponent);
    }

    private static double[] landmarkPart(float[] row) {
        double[] part = new double[204];
        for (int i = 0; i < 204; i++) {
            part[i] = row[i];
        }
        return part;
    }

    private static double[][] landmarkParts(float[][] rows) {
        double[][] parts = new double[rows.length][];
        for (int k = 0; k < rows.length; k++) {
            parts[k] = landmarkPart(rows[k]);
        }
        return parts;
    }
}
