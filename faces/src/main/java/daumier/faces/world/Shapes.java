package daumier.faces.world;

import daumier.faces.FaceRegion;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Arithmetic on identity coefficients: sampling, exaggeration away from the mean, soft clipping,
 * and the room that features must leave each other (lips above the chin, eyes inside the outline),
 * so that no shape crosses itself however far it is pushed.
 */
public final class Shapes {
    private static final ProceduralModel MODEL = new ProceduralModel();
    private static final List<FaceRegion> ORDER = List.of(FaceRegion.values());
    private static final int Y = 1;
    private static final int X = 0;
    private static final int PASSES = 6;
    private static final float KNEE = 2.2f;

    /** Coordinate of point {@code to} less that of {@code from} must be at least {@code least}. */
    private record Gap(int from, int to, int axis, float least, int... giveWay) {}

    private static final Gap[] GAPS = {
        new Gap(37, 41, Y, 0.09f, 8, ProceduralModel.EYE_SIZE),
        new Gap(24, 43, Y, 0.13f, ProceduralModel.BROW_HEIGHT, ProceduralModel.BROW_ARCH, 10, 8),
        new Gap(24, 44, Y, 0.11f, ProceduralModel.BROW_HEIGHT, ProceduralModel.BROW_ARCH, 12, 9),
        new Gap(25, 44, Y, 0.10f, ProceduralModel.BROW_HEIGHT, 12, ProceduralModel.BROW_ARCH, 8),
        new Gap(22, 42, Y, 0.17f, 12, ProceduralModel.BROW_HEIGHT),
        new Gap(45, 15, X, 0.12f, ProceduralModel.EYE_DISTANCE, ProceduralModel.EYE_SIZE),
        new Gap(27, 42, X, 0.12f, ProceduralModel.EYE_SIZE, ProceduralModel.EYE_DISTANCE),
        new Gap(45, 15, X, 0.12f, ProceduralModel.WIDTH),
        new Gap(54, 12, X, 0.20f, ProceduralModel.MOUTH_WIDTH, ProceduralModel.WIDTH),
        new Gap(33, 51, Y, 0.09f, ProceduralModel.MOUTH_HEIGHT, ProceduralModel.NOSE_LENGTH),
        new Gap(
                57,
                8,
                Y,
                0.17f,
                ProceduralModel.MOUTH_HEIGHT,
                ProceduralModel.CHIN_LENGTH,
                ProceduralModel.LENGTH),
        new Gap(33, 51, Y, 0.09f, ProceduralModel.NOSE_LENGTH, ProceduralModel.FULLNESS),
        new Gap(
                57,
                8,
                Y,
                0.17f,
                ProceduralModel.CHIN_LENGTH,
                ProceduralModel.LENGTH,
                ProceduralModel.FULLNESS),
    };

    private Shapes() {}

    /**
     * Identity up to 2.2, then bending towards 3.5: {@code sign(x) (a + b tanh((|x| - a) / b))}
     * with a = 2.2 and b = 1.3.
     */
    public static float softClip(float x) {
        float y = Math.abs(x);
        return y <= KNEE ? x : Math.signum(x) * (float) (KNEE + 1.3 * Math.tanh((y - KNEE) / 1.3));
    }

    /**
     * A shape of the population: independent standard normal coefficients, cut at 2.2, with the few
     * correlations that heads have (wide faces have wider mouths and eyes further apart).
     *
     * @param rng source of randomness
     * @param femininity 0 to 1; shifts jaw, eyes and lips a little
     * @return {@value ProceduralModel#COMPONENTS} coefficients
     */
    static float[] sample(RandomGenerator rng, float femininity) {
        float[] p = new float[ProceduralModel.COMPONENTS];
        for (int k = 0; k < p.length; k++) {
            p[k] = (float) rng.nextGaussian();
        }
        float f = femininity - 0.5f;
        correlate(p, ProceduralModel.EYE_DISTANCE, ProceduralModel.WIDTH, 0.4f);
        correlate(p, ProceduralModel.MOUTH_WIDTH, ProceduralModel.WIDTH, 0.3f);
        correlate(p, ProceduralModel.MOUTH_HEIGHT, ProceduralModel.LENGTH, 0.5f);
        correlate(p, ProceduralModel.MOUTH_HEIGHT, ProceduralModel.NOSE_LENGTH, 0.4f);
        p[2] -= 0.7f * f;
        p[5] -= 0.5f * f;
        p[ProceduralModel.EYE_SIZE] += 0.6f * f;
        p[ProceduralModel.FULLNESS] += 0.7f * f;
        p[ProceduralModel.BROW_HEIGHT] += 0.5f * f;
        p[ProceduralModel.NOSE_WIDTH] -= 0.4f * f;
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.max(-KNEE, Math.min(KNEE, p[k]));
        }
        return settle(p);
    }

    private static void correlate(float[] p, int k, int with, float r) {
        p[k] = r * p[with] + (float) Math.sqrt(1 - r * r) * p[k];
    }

    /**
     * {@code softClip(p (1 + gain of its region))}, then given room.
     *
     * @param p identity coefficients
     * @param gainByRegion one gain for each {@link FaceRegion}, in its order
     * @return new coefficients
     */
    public static float[] exaggerated(float[] p, double[] gainByRegion) {
        if (gainByRegion.length != FaceRegion.values().length) {
            throw new IllegalArgumentException(
                    "Exaggeration takes one gain for each of the %d regions, not %d."
                            .formatted(FaceRegion.values().length, gainByRegion.length));
        }
        float[] q = new float[p.length];
        for (int k = 0; k < p.length; k++) {
            q[k] = softClip(p[k] * (float) (1 + gainByRegion[ORDER.indexOf(MODEL.regionOf(k))]));
        }
        return settle(q);
    }

    /** {@code softClip(keep p + habit)}, given room: how an artist bends everybody. */
    static float[] bent(float[] p, float keep, float[] habit) {
        float[] q = new float[p.length];
        for (int k = 0; k < p.length; k++) {
            q[k] = softClip(keep * p[k] + habit[k]);
        }
        return settle(q);
    }

    /** Moves coefficients back, as little as needed, until every gap is kept. */
    private static float[] settle(float[] p) {
        for (int pass = 0; pass < PASSES; pass++) {
            boolean moved = false;
            for (Gap g : GAPS) {
                moved |= widen(g, p);
            }
            if (!moved) {
                break;
            }
        }
        return p;
    }

    private static boolean widen(Gap g, float[] p) {
        double gap = MODEL.meanCoordinate(g.to, g.axis) - MODEL.meanCoordinate(g.from, g.axis);
        for (int k = 0; k < p.length; k++) {
            gap += p[k] * slope(g, k);
        }
        boolean moved = false;
        for (int k : g.giveWay) {
            double missing = g.least - gap;
            double slope = slope(g, k);
            if (missing > 1e-4 && slope != 0) {
                float wanted = p[k] + (float) (missing / slope);
                // a feature gives way at most to the other side of the mean
                float given =
                        Math.max(Math.min(p[k], -1.2f), Math.min(Math.max(p[k], 1.2f), wanted));
                gap += (given - p[k]) * slope;
                moved |= given != p[k];
                p[k] = given;
            }
        }
        return moved;
    }

    private static double slope(Gap g, int k) {
        return MODEL.basisCoordinate(k, g.to, g.axis) - MODEL.basisCoordinate(k, g.from, g.axis);
    }
}
