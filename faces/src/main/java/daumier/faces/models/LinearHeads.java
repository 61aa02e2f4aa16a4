package daumier.faces.models;

import daumier.faces.FaceRegion;
import daumier.faces.MorphableModel;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A user's morphable model in the space of {@link MorphableModel}: axes and size are those of the
 * face world's mean head, what a pose can do (moving, turning, scaling) is taken out of the modes,
 * and the modes are replaced by the principal ones of what 68 landmarks show, which is the same
 * distribution of landmarks with fewer coefficients.
 *
 * <p>Its modes move the whole face. A region's deviation is therefore measured along the region's
 * own principal modes: directions in the space of coefficients, of length 1, so that under the
 * population each coordinate is standard normal.
 */
public final class LinearHeads implements MorphableModel {
    private static final int SIZE = LandmarkModel.SIZE;

    /** Share of the landmarks' variance that the modes keep, and a region's axes of its own. */
    private static final double KEPT = 0.99;

    private static final double OF_REGION = 0.9;
    private static final int MOST_OF_REGION = 6;

    private final double[] mean;
    private final double[][] identity;
    private final double[][] expression;
    private final FaceRegion[] regions;
    private final Map<FaceRegion, double[][]> axes = new EnumMap<>(FaceRegion.class);

    /**
     * Brings a model into place.
     *
     * @param model any linear model of 68 landmarks
     * @param like whose mean face gives place, size and axes
     * @throws IllegalArgumentException if the two mean faces are not alike
     */
    public LinearHeads(LandmarkModel model, MorphableModel like) {
        double[] target = like.mean();
        int[] sign = new int[3];
        double[] from = centre(model.mean());
        double[] to = centre(target);
        double dot = 0;
        double square = 0;
        for (int axis = 0; axis < 3; axis++) {
            double same = 0;
            double a = 0;
            double b = 0;
            for (int i = axis; i < SIZE; i += 3) {
                double x = model.mean()[i] - from[axis];
                double y = target[i] - to[axis];
                same += x * y;
                a += x * x;
                b += y * y;
            }
            if (Math.abs(same) < 0.6 * Math.sqrt(a * b)) {
                throw new IllegalArgumentException(
                        "The model %s does not hold the 68 iBUG landmarks in their order, looking along z."
                                .formatted(model.name()));
            }
            sign[axis] = same > 0 ? 1 : -1;
            // Depths differ between models; size is that of the face as it is seen.
            dot += axis < 2 ? Math.abs(same) : 0;
            square += axis < 2 ? a : 0;
        }
        double scale = dot / square;
        mean = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            int axis = i % 3;
            mean[i] = sign[axis] * scale * (model.mean()[i] - from[axis]) + to[axis];
        }
        double[][] poses = poses(mean);
        identity = principal(placed(model.identity(), sign, scale, poses));
        expression =
                model.expression().length == 0
                        ? new double[0][]
                        : principal(placed(model.expression(), sign, scale, poses));
        for (FaceRegion region : FaceRegion.values()) {
            axes.put(region, regionAxes(points(region)));
        }
        regions = new FaceRegion[identity.length];
        for (int k = 0; k < identity.length; k++) {
            regions[k] = strongest(k);
        }
    }

    private static double[] centre(double[] points) {
        double[] c = new double[3];
        for (int i = 0; i < points.length; i++) {
            c[i % 3] += 3 * points[i] / points.length;
        }
        return c;
    }

    private static double[][] placed(double[][] modes, int[] sign, double scale, double[][] poses) {
        double[][] out = new double[modes.length][SIZE];
        for (int k = 0; k < modes.length; k++) {
            for (int i = 0; i < SIZE; i++) {
                out[k][i] = sign[i % 3] * scale * modes[k][i];
            }
            for (double[] pose : poses) {
                double along = dot(out[k], pose);
                for (int i = 0; i < SIZE; i++) {
                    out[k][i] -= along * pose[i];
                }
            }
        }
        return out;
    }

    /** Orthonormal movements of the whole head: three shifts, three turns, one scaling. */
    private static double[][] poses(double[] mean) {
        double[] c = centre(mean);
        double[][] all = new double[7][SIZE];
        for (int p = 0; p < LandmarkModel.POINTS; p++) {
            double x = mean[3 * p] - c[0];
            double y = mean[3 * p + 1] - c[1];
            double z = mean[3 * p + 2] - c[2];
            double[][] moves = {
                {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, -z, y}, {z, 0, -x}, {-y, x, 0}, {x, y, z}
            };
            for (int m = 0; m < 7; m++) {
                System.arraycopy(moves[m], 0, all[m], 3 * p, 3);
            }
        }
        for (int m = 0; m < 7; m++) {
            for (int n = 0; n < m; n++) {
                double along = dot(all[m], all[n]);
                for (int i = 0; i < SIZE; i++) {
                    all[m][i] -= along * all[n][i];
                }
            }
            double length = Math.sqrt(dot(all[m], all[m]));
            for (int i = 0; i < SIZE; i++) {
                all[m][i] /= length;
            }
        }
        return all;
    }

    /** Modes of the same covariance, orthogonal, the strongest first. */
    private static double[][] principal(double[][] modes) {
        double[][] covariance = new double[SIZE][SIZE];
        for (double[] m : modes) {
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    covariance[i][j] += m[i] * m[j];
                }
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(covariance);
        int kept = eigen.leading(KEPT, modes.length);
        double[][] out = new double[kept][SIZE];
        for (int k = 0; k < kept; k++) {
            double sd = Math.sqrt(eigen.values()[k]);
            for (int i = 0; i < SIZE; i++) {
                out[k][i] = sd * eigen.vectors()[k][i];
            }
        }
        return out;
    }

    /** Landmarks of a region; none for what the 68 do not show. */
    static int[] points(FaceRegion region) {
        return switch (region) {
            case JAW -> new int[] {0, 16};
            case CHIN -> new int[] {6, 10};
            case BROWS -> new int[] {17, 26};
            case NOSE -> new int[] {27, 35};
            case EYES -> new int[] {36, 47};
            case MOUTH -> new int[] {48, 67};
            default -> new int[0];
        };
    }

    private double[][] regionAxes(int[] range) {
        if (range.length == 0) {
            return new double[0][];
        }
        int from = 3 * range[0];
        int to = 3 * range[1] + 3;
        int n = identity.length;
        double[][] gram = new double[n][n];
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                for (int i = from; i < to; i++) {
                    gram[k][l] += identity[k][i] * identity[l][i];
                }
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(gram);
        return Arrays.copyOf(eigen.vectors(), eigen.leading(OF_REGION, MOST_OF_REGION));
    }

    private FaceRegion strongest(int component) {
        FaceRegion best = FaceRegion.JAW;
        double most = -1;
        for (FaceRegion region : FaceRegion.values()) {
            int[] range = points(region);
            if (range.length == 0) {
                continue;
            }
            double energy = 0;
            for (int i = 3 * range[0]; i < 3 * range[1] + 3; i++) {
                energy += identity[component][i] * identity[component][i];
            }
            energy /= range[1] - range[0] + 1;
            if (energy > most) {
                most = energy;
                best = region;
            }
        }
        return best;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] * b[i];
        }
        return s;
    }

    @Override
    public double[] mean() {
        return mean.clone();
    }

    @Override
    public double[][] identityBasis() {
        return copy(identity);
    }

    @Override
    public double[][] expressionBasis() {
        return copy(expression);
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /** The region that a mode moves most; it moves the others too. */
    @Override
    public FaceRegion regionOf(int identityComponent) {
        return regions[identityComponent];
    }

    @Override
    public double[][] regionAxes(FaceRegion region) {
        return copy(axes.get(region));
    }
}
