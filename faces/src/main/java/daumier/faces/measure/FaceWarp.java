package daumier.faces.measure;

import daumier.faces.FaceRegion;
import daumier.faces.Landmarks;
import java.util.Map;

/**
 * Exaggerates a drawn face by warping the picture. Each region's landmarks move along the subject's
 * own direction, from the fitted face without to the fitted face with that region's coefficients
 * times 1 + gain; a smoothing thin-plate spline spreads their displacements, which fade out round
 * the head. A field never folds: where it would, it is smoothed, and at last weakened.
 */
public final class FaceWarp {
    private static final int NODES = 33;

    /** No cell of the picture shrinks below this share of its area. */
    private static final double MIN_JACOBIAN = 0.15;

    /** In units of model space, half the width of the mean face. */
    private static final double LARGEST_MOVE = 0.4;

    private static final double SMOOTHING = 5e-4;
    private static final int MOVES = 6;
    private static final int RELAXATIONS = 60;

    /** Points that stay, on an ellipse round head and neck. */
    private static final int RING = 20;

    private static final double RADIUS_X = 1.9;
    private static final double RADIUS_Y = 2.0;

    private final ModelFit model;
    private final ShapeRule rule;

    /**
     * A warper for faces of a model.
     *
     * @param model gives the directions
     * @param rule how coefficients are exaggerated
     */
    public FaceWarp(ModelFit model, ShapeRule rule) {
        this.model = model;
        this.rule = rule;
    }

    /**
     * A warper that pushes every coefficient by itself, {@link ShapeRule#soft}.
     *
     * @param model gives the directions
     */
    public FaceWarp(ModelFit model) {
        this(model, ShapeRule.soft(model.model()));
    }

    /**
     * How far each landmark moves, before any smoothing.
     *
     * @param face fitted geometry
     * @param gains for each region; regions left out stay
     * @return 136 displacements in pixels of the portrait frame
     */
    public double[] displacements(FaceGeometry face, Map<FaceRegion, Double> gains) {
        double[] kept = rule.exaggerated(face.identity(), Map.of());
        double[] wanted = rule.exaggerated(face.identity(), gains);
        Landmarks before = model.project(face.pose(), kept, face.expression());
        Landmarks after = model.project(face.pose(), wanted, face.expression());
        double[] d = new double[2 * Landmarks.COUNT];
        double most = LARGEST_MOVE * model.camera().pixelsPerUnit() * face.pose().scale();
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double dx = after.x(i) - before.x(i);
            double dy = after.y(i) - before.y(i);
            double f = limited(Math.hypot(dx, dy), most);
            d[2 * i] = f * dx;
            d[2 * i + 1] = f * dy;
        }
        return d;
    }

    /** Factor that keeps a move below {@code most}; moves up to half of that stay exact. */
    private static double limited(double length, double most) {
        double half = most / 2;
        return length <= half ? 1 : (half + half * Math.tanh((length - half) / half)) / length;
    }

    /**
     * The warp that exaggerates regions of a portrait.
     *
     * @param face fitted geometry, whose landmarks say where the face is in the picture
     * @param gains for each region: 0 leaves it, 0.5 adds half of its deviation, -0.5 takes half
     *     away
     * @return a field of the portrait frame's size, without folds
     */
    public DisplacementField field(FaceGeometry face, Map<FaceRegion, Double> gains) {
        return field(face.landmarks(), displacements(face, gains), face.pose());
    }

    /**
     * The warp that moves landmarks by given displacements.
     *
     * @param at landmarks in the portrait frame
     * @param move 136 displacements in pixels
     * @param pose how the head stands; far from it nothing moves
     * @return a field of the portrait frame's size, without folds
     */
    public DisplacementField field(Landmarks at, double[] move, Pose pose) {
        double unit = model.camera().pixelsPerUnit() * pose.scale();
        double roll = Math.toRadians(pose.roll());
        // Picture to the head's own upright frame, in units of model space.
        double c = Math.cos(roll) / unit;
        double s = Math.sin(roll) / unit;
        double ox = model.camera().centreX() + pose.x();
        double oy = model.camera().centreY() + pose.y();
        Similarity toHead = new Similarity(c, -s, -(c * ox + s * oy), s * ox - c * oy);
        DisplacementField field = flow(at, move, toHead);
        for (int k = 0; k < RELAXATIONS && field.minJacobian() < MIN_JACOBIAN; k++) {
            field = field.relaxed(MIN_JACOBIAN);
        }
        double factor = 1;
        DisplacementField safe = field;
        while (safe.minJacobian() < MIN_JACOBIAN) {
            factor *= 0.9;
            safe = field.scaled(factor);
        }
        return safe;
    }

    /**
     * Landmarks travel in several short moves, each spread by its own spline, and the moves are
     * composed: short moves do not fold, so neither does the whole, save between the grid's nodes.
     */
    private static DisplacementField flow(Landmarks at, double[] move, Similarity toHead) {
        ThinPlate[] plates = new ThinPlate[MOVES];
        for (int k = 0; k < MOVES; k++) {
            plates[k] = spline(at, move, (k + 1.0) / MOVES, toHead);
        }
        float[] dx = new float[NODES * NODES];
        float[] dy = new float[NODES * NODES];
        double step = (Alignment.SIZE - 1.0) / (NODES - 1);
        Similarity toPicture = toHead.inverse();
        for (int j = 0; j < NODES; j++) {
            for (int i = 0; i < NODES; i++) {
                double x = toHead.x(i * step, j * step);
                double y = toHead.y(i * step, j * step);
                // The last move is undone first.
                for (int k = MOVES - 1; k >= 0; k--) {
                    double w = window(x, y);
                    if (w > 0) {
                        double[] v = plates[k].at(x, y);
                        x += w * v[0];
                        y += w * v[1];
                    }
                }
                dx[j * NODES + i] = (float) (toPicture.x(x, y) - i * step);
                dy[j * NODES + i] = (float) (toPicture.y(x, y) - j * step);
            }
        }
        return new DisplacementField(Alignment.SIZE, Alignment.SIZE, NODES, dx, dy);
    }

    /** The move that ends at the share {@code end} of the way, backwards, in the head's frame. */
    private static ThinPlate spline(Landmarks at, double[] move, double end, Similarity toHead) {
        int n = Landmarks.COUNT + RING;
        double[] x = new double[n];
        double[] y = new double[n];
        double[][] u = new double[n][2];
        double[] smoothing = new double[n];
        for (int i = 0; i < Landmarks.COUNT; i++) {
            double mx = toHead.a() * move[2 * i] - toHead.b() * move[2 * i + 1];
            double my = toHead.b() * move[2 * i] + toHead.a() * move[2 * i + 1];
            x[i] = toHead.x(at.x(i), at.y(i)) + end * mx;
            y[i] = toHead.y(at.x(i), at.y(i)) + end * my;
            u[i][0] = -mx / MOVES;
            u[i][1] = -my / MOVES;
            smoothing[i] = SMOOTHING;
        }
        for (int k = 0; k < RING; k++) {
            double angle = 2 * Math.PI * k / RING;
            x[Landmarks.COUNT + k] = RADIUS_X * Math.cos(angle);
            y[Landmarks.COUNT + k] = RADIUS_Y * Math.sin(angle);
        }
        return new ThinPlate(x, y, u, smoothing);
    }

    /** 1 over the head, falling smoothly to 0 on the ring. */
    private static double window(double x, double y) {
        double r = Math.hypot(x / RADIUS_X, y / RADIUS_Y);
        double t = Math.max(0, Math.min(1, (1 - r) / 0.25));
        return t * t * (3 - 2 * t);
    }
}
