package daumier.faces.measure;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import daumier.faces.MorphableModel;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Fits a morphable model to 68 landmarks: pose, identity and expression together, by damped
 * Gauss-Newton steps on the negative log posterior. Identity and expression have unit normal
 * priors, the pose that of a {@link PosePrior}; the inverse of the last normal matrix is the
 * posterior covariance (Laplace's approximation). Where the landmarks scatter more than their noise
 * allows, because no face is exactly in the model's span, the noise is scaled up until they fit, so
 * that the error bars hold.
 */
public final class ModelFit {
    private static final int POSE = 6;
    private static final int COORDINATES = 2 * Landmarks.COUNT;
    private static final int CONTOUR = 17;
    private static final int STEPS = 12;
    private static final double MIN_SCALE = 0.01;

    /** How often stray points are weighted anew. */
    private static final int ROUNDS = 3;

    /** A step that betters the log posterior by less is the last: while weights change, after. */
    private static final double ROUGH = 0.02;

    private static final double FINE = 1e-6;

    private final MorphableModel model;
    private final Camera camera;
    private final double[] mean;
    private final double[][] basis;
    private final int identities;
    private final Map<FaceRegion, double[][]> regionAxes = new EnumMap<>(FaceRegion.class);

    /**
     * A fitter; it may be used from several threads.
     *
     * @param model the faces there are
     * @param camera how the model is projected into the portrait frame
     */
    public ModelFit(MorphableModel model, Camera camera) {
        this.model = model;
        this.camera = camera;
        mean = model.mean();
        double[][] id = model.identityBasis();
        double[][] ex = model.expressionBasis();
        identities = id.length;
        basis = Arrays.copyOf(id, id.length + ex.length);
        System.arraycopy(ex, 0, basis, id.length, ex.length);
        for (FaceRegion region : FaceRegion.values()) {
            regionAxes.put(region, model.regionAxes(region));
        }
    }

    /** The camera of the portrait frame. */
    public Camera camera() {
        return camera;
    }

    /** The fitted model. */
    public MorphableModel model() {
        return model;
    }

    /**
     * Fits landmarks in the portrait frame.
     *
     * @param landmarks 68 points
     * @param noise their uncertainty
     * @param prior what is known of the pose
     * @return the geometry with its error bars
     * @throws IllegalArgumentException if the landmarks nearly coincide
     */
    public FaceGeometry fit(Landmarks landmarks, LandmarkNoise noise, PosePrior prior) {
        double[] theta = start(landmarks);
        double[] weight = new double[Landmarks.COUNT];
        Arrays.fill(weight, 1);
        Solution s = solve(theta, landmarks, noise.precision(weight), prior, ROUGH);
        for (int round = ROUNDS; round > 0; round--) {
            reweight(weight, s, noise);
            double least = round == 1 ? FINE : ROUGH;
            s = solve(s.theta, landmarks, noise.precision(weight), prior, least);
        }
        return geometry(s, landmarks);
    }

    /**
     * Landmarks of the model under a pose.
     *
     * @param pose how the head stands
     * @param identity identity coefficients
     * @param expression expression coefficients
     * @return landmarks in the portrait frame
     */
    public Landmarks project(Pose pose, double[] identity, double[] expression) {
        double[] theta = new double[POSE + basis.length];
        theta[0] = Math.toRadians(pose.yaw());
        theta[1] = Math.toRadians(pose.pitch());
        theta[2] = Math.toRadians(pose.roll());
        theta[3] = Math.log(pose.scale());
        theta[4] = pose.x();
        theta[5] = pose.y();
        System.arraycopy(identity, 0, theta, POSE, identities);
        System.arraycopy(expression, 0, theta, POSE + identities, basis.length - identities);
        double[] xy = new double[COORDINATES];
        project(theta, xy);
        return landmarks(xy);
    }

    /** The mean face as the neutral portrait shows it. */
    public Landmarks reference() {
        return project(Pose.NEUTRAL, new double[identities], new double[basis.length - identities]);
    }

    private static Landmarks landmarks(double[] xy) {
        float[] f = new float[xy.length];
        for (int i = 0; i < xy.length; i++) {
            f[i] = (float) xy[i];
        }
        return new Landmarks(f);
    }

    /** Roll, scale and shift of the mean face; the other parameters start at 0. */
    private double[] start(Landmarks points) {
        double[] one = new double[Landmarks.COUNT];
        Arrays.fill(one, 1);
        Similarity s = Similarity.between(reference().xy(), points.xy(), one);
        if (!(s.scale() > MIN_SCALE)) {
            throw new IllegalArgumentException("Landmarks that nearly coincide are no face.");
        }
        double[] theta = new double[POSE + basis.length];
        theta[2] = Math.atan2(s.b(), s.a());
        theta[3] = Math.log(s.scale());
        theta[4] = s.x(camera.centreX(), camera.centreY()) - camera.centreX();
        theta[5] = s.y(camera.centreX(), camera.centreY()) - camera.centreY();
        return theta;
    }

    private double[] shape(double[] theta) {
        double[] p = mean.clone();
        for (int k = 0; k < basis.length; k++) {
            double c = theta[POSE + k];
            for (int i = 0; i < p.length; i++) {
                p[i] += c * basis[k][i];
            }
        }
        return p;
    }

    private void project(double[] theta, double[] out) {
        double[] r = Camera.rotation(theta[0], theta[1], theta[2]);
        camera.project(shape(theta), r, Math.exp(theta[3]), theta[4], theta[5], out);
    }

    /** Columns of derivatives: the shape's analytically, the pose's by central differences. */
    private double[][] jacobian(double[] theta) {
        double[][] j = new double[theta.length][COORDINATES];
        double[] hi = new double[COORDINATES];
        double[] lo = new double[COORDINATES];
        for (int k = 0; k < POSE; k++) {
            double h = 1e-4;
            double[] t = theta.clone();
            t[k] += h;
            project(t, hi);
            t[k] -= 2 * h;
            project(t, lo);
            for (int i = 0; i < COORDINATES; i++) {
                j[k][i] = (hi[i] - lo[i]) / (2 * h);
            }
        }
        double[] p = shape(theta);
        double[] r = Camera.rotation(theta[0], theta[1], theta[2]);
        double f = camera.pixelsPerUnit() * Math.exp(theta[3]);
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double[] q = rotate(r, p, i);
            double near = 1 + camera.perspective() * q[2];
            for (int k = 0; k < basis.length; k++) {
                double[] d = rotate(r, basis[k], i);
                double dn = camera.perspective() * d[2];
                j[POSE + k][2 * i] = f * (d[0] * near + q[0] * dn);
                j[POSE + k][2 * i + 1] = f * (d[1] * near + q[1] * dn);
            }
        }
        return j;
    }

    private static double[] rotate(double[] r, double[] p, int i) {
        double x = p[3 * i];
        double y = p[3 * i + 1];
        double z = p[3 * i + 2];
        return new double[] {
            r[0] * x + r[1] * y + r[2] * z,
            r[3] * x + r[4] * y + r[5] * z,
            r[6] * x + r[7] * y + r[8] * z
        };
    }

    private record Solution(double[] theta, double[][] covariance, double[] residual) {}

    private Solution solve(
            double[] from,
            Landmarks points,
            LandmarkNoise.Precision precision,
            PosePrior posePrior,
            double least) {
        double[] prior = new double[from.length];
        Arrays.fill(prior, 1);
        System.arraycopy(posePrior.precision(), 0, prior, 0, POSE);
        double[] theta = from.clone();
        double[] residual = residual(theta, points);
        double cost = cost(theta, residual, precision, prior);
        double[][] data = null;
        double damping = 1e-4;
        for (int step = 0; step < STEPS; step++) {
            double[][] j = jacobian(theta);
            double[][] pj = new double[theta.length][];
            for (int k = 0; k < theta.length; k++) {
                pj[k] = precision.times(j[k]);
            }
            data = new double[theta.length][theta.length];
            double[] g = new double[theta.length];
            for (int k = 0; k < theta.length; k++) {
                g[k] = dot(pj[k], residual) - prior[k] * theta[k];
                for (int l = 0; l <= k; l++) {
                    data[k][l] = dot(pj[k], j[l]);
                    data[l][k] = data[k][l];
                }
            }
            boolean better = false;
            double gain = 0;
            while (!better && damping < 1e6) {
                double[] d = Dense.solve(Dense.cholesky(sum(data, prior, damping)), g);
                double[] t = theta.clone();
                for (int k = 0; k < t.length; k++) {
                    t[k] += d[k];
                }
                double[] r = residual(t, points);
                double c = cost(t, r, precision, prior);
                better = c <= cost;
                if (better) {
                    gain = cost - c;
                    theta = t;
                    residual = r;
                    cost = c;
                    damping = Math.max(1e-9, damping / 10);
                } else {
                    damping *= 10;
                }
            }
            if (!better || gain < least) {
                break;
            }
        }
        return posterior(theta, residual, precision, data, prior);
    }

    private Solution posterior(
            double[] theta,
            double[] residual,
            LandmarkNoise.Precision precision,
            double[][] data,
            double[] prior) {
        double[][] covariance = Dense.inverse(sum(data, prior, 0));
        double used = 0;
        for (int k = 0; k < theta.length; k++) {
            used += dot(covariance[k], data[k]);
        }
        double misfit = dot(precision.times(residual), residual) / (COORDINATES - used);
        if (misfit > 1) {
            double[][] scaled = new double[data.length][data.length];
            for (int k = 0; k < data.length; k++) {
                for (int l = 0; l < data.length; l++) {
                    scaled[k][l] = data[k][l] / misfit;
                }
            }
            covariance = Dense.inverse(sum(scaled, prior, 0));
        }
        return new Solution(theta, covariance, residual);
    }

    private static double[][] sum(double[][] data, double[] prior, double damping) {
        double[][] a = new double[data.length][];
        for (int k = 0; k < a.length; k++) {
            a[k] = data[k].clone();
            a[k][k] = data[k][k] * (1 + damping) + prior[k];
        }
        return a;
    }

    private double[] residual(double[] theta, Landmarks points) {
        double[] r = new double[COORDINATES];
        project(theta, r);
        for (int i = 0; i < r.length; i++) {
            r[i] = points.xy()[i] - r[i];
        }
        return r;
    }

    private static double cost(
            double[] theta, double[] residual, LandmarkNoise.Precision precision, double[] prior) {
        double c = dot(precision.times(residual), residual);
        for (int k = 0; k < theta.length; k++) {
            c += prior[k] * theta[k] * theta[k];
        }
        return c;
    }

    private static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) {
            s += a[i] * b[i];
        }
        return s;
    }

    /**
     * Weights of the next round. Stray points count less (Student's t with 5 degrees of freedom,
     * against the spread of all). Contour points slide along the outline as the head turns, most on
     * the side that turns away: there they lose weight with the yaw. So does every point whose
     * depth is not known.
     */
    private void reweight(double[] weight, Solution s, LandmarkNoise noise) {
        double[] square = new double[Landmarks.COUNT];
        for (int i = 0; i < square.length; i++) {
            square[i] =
                    s.residual[2 * i] * s.residual[2 * i]
                            + s.residual[2 * i + 1] * s.residual[2 * i + 1];
        }
        double[] sorted = square.clone();
        Arrays.sort(sorted);
        // The median of a squared distance in the plane is 1.386 variances.
        double variance = Math.max(1e-4, sorted[sorted.length / 2] / 1.386);
        double yaw = Math.toDegrees(s.theta[0]);
        double shift = camera.pixelsPerUnit() * Math.sin(s.theta[0]);
        for (int i = 0; i < weight.length; i++) {
            weight[i] = 7 / (5 + square[i] / variance) / noise.widening(i, shift);
            if (i < CONTOUR) {
                double away = (i - 8) / 8.0 * Math.signum(yaw);
                double slide = Math.abs(yaw) / 12 * Math.max(0.25, away);
                weight[i] /= 1 + slide * slide;
            }
        }
    }

    private FaceGeometry geometry(Solution s, Landmarks points) {
        double deg = 180 / Math.PI;
        double[] t = s.theta;
        Pose pose = new Pose(t[0] * deg, t[1] * deg, t[2] * deg, Math.exp(t[3]), t[4], t[5]);
        double[] identity = Arrays.copyOfRange(t, POSE, POSE + identities);
        double[] expression = Arrays.copyOfRange(t, POSE + identities, t.length);
        double[][] covariance = new double[identities][];
        for (int k = 0; k < identities; k++) {
            covariance[k] = Arrays.copyOfRange(s.covariance[POSE + k], POSE, POSE + identities);
        }
        Map<FaceRegion, Double> deviation = new EnumMap<>(FaceRegion.class);
        Map<FaceRegion, Double> sigma = new EnumMap<>(FaceRegion.class);
        for (FaceRegion region : FaceRegion.values()) {
            summarise(region, identity, covariance, deviation, sigma);
        }
        double rms = Math.sqrt(dot(s.residual, s.residual) / Landmarks.COUNT);
        return new FaceGeometry(
                points, pose, identity, expression, covariance, deviation, sigma, rms);
    }

    /**
     * Deviation of a region is rms = |m| / sqrt(n) of its posterior mean m along its n axes. The
     * true rms has, under the posterior N(m, C), the mean square a^2 = (|m|^2 + tr C) / n with the
     * variance (4 m'Cm + 2 tr C^2) / n^2; sigma joins the shrinkage a - rms with that spread.
     */
    private void summarise(
            FaceRegion region,
            double[] mean,
            double[][] covariance,
            Map<FaceRegion, Double> deviation,
            Map<FaceRegion, Double> sigma) {
        double[][] axes = regionAxes.get(region);
        int n = axes.length;
        double square = 0;
        double trace = 0;
        double quadratic = 0;
        double traceSquare = 0;
        for (double[] axis : axes) {
            double m = dot(axis, mean);
            square += m * m;
            double[] row = times(covariance, axis);
            trace += dot(axis, row);
            for (double[] other : axes) {
                double c = dot(other, row);
                quadratic += m * c * dot(other, mean);
                traceSquare += c * c;
            }
        }
        if (n == 0) {
            deviation.put(region, 0.0);
            sigma.put(region, 1.0);
            return;
        }
        double rms = Math.sqrt(square / n);
        double whole = Math.sqrt((square + trace) / n);
        double spread = Math.sqrt(4 * quadratic + 2 * traceSquare) / n / (2 * whole);
        deviation.put(region, rms);
        sigma.put(region, Math.hypot(whole - rms, spread));
    }

    private static double[] times(double[][] a, double[] x) {
        double[] y = new double[a.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = dot(a[i], x);
        }
        return y;
    }
}
