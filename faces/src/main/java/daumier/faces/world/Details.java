package daumier.faces.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Curves that the photo look and the toon look share: beard, glasses, freckles, lines of age. */
final class Details {
    private Details() {}

    /** Where a beard grows; empty when there is none. */
    static List<float[]> beard(Figure f) {
        List<float[]> areas = new ArrayList<>();
        FacialHair kind = f.subject.facialHair();
        float u = f.unit;
        if (kind == FacialHair.BEARD || kind == FacialHair.STUBBLE) {
            areas.add(
                    Curves.closed(
                            Curves.join(
                                    Curves.shifted(Curves.range(f.q, 2, 14), 0, 2),
                                    new float[] {
                                        0.42f * f.x(13) + 0.58f * f.x(54) + 4,
                                        0.5f * (f.y(13) + f.y(54)),
                                        f.x(54) + 5,
                                        f.y(54) - 6,
                                        0.45f * f.x(33) + 0.55f * f.x(51),
                                        0.42f * f.y(33) + 0.58f * f.y(51),
                                        f.x(48) - 5,
                                        f.y(48) - 6,
                                        0.42f * f.x(3) + 0.58f * f.x(48) - 4,
                                        0.5f * (f.y(3) + f.y(48))
                                    })));
        }
        if (kind == FacialHair.GOATEE) {
            float[] m = {f.x(57), f.y(57) + 0.045f * u};
            areas.add(
                    Curves.closed(
                            m[0] - .17f * u,
                            m[1] + .02f * u,
                            m[0],
                            m[1] + .05f * u,
                            m[0] + .17f * u,
                            m[1] + .02f * u,
                            f.x(9) + .02f * u,
                            0.5f * (m[1] + f.y(9)),
                            f.x(9),
                            f.y(9) + 2,
                            f.x(8),
                            f.y(8) + 4,
                            f.x(7),
                            f.y(7) + 2,
                            f.x(7) - .02f * u,
                            0.5f * (m[1] + f.y(7))));
        }
        if (kind == FacialHair.MOUSTACHE || kind == FacialHair.GOATEE) {
            float gap = Math.max(3, f.y(51) - f.y(33));
            float high = f.y(51) - 0.62f * gap;
            areas.add(
                    Curves.closed(
                            f.x(33),
                            high + 0.12f * gap,
                            f.x(33) + .12f * u,
                            high,
                            f.x(54) - .02f * u,
                            f.y(54) - .10f * u,
                            f.x(54) + .06f * u,
                            f.y(54) + .03f * u,
                            f.x(53),
                            f.y(53) - .01f * u,
                            f.x(51),
                            f.y(51) + 1,
                            f.x(49),
                            f.y(49) - .01f * u,
                            f.x(48) - .06f * u,
                            f.y(48) + .03f * u,
                            f.x(48) + .02f * u,
                            f.y(48) - .10f * u,
                            f.x(33) - .12f * u,
                            high));
        }
        return areas;
    }

    /** The two rims, closed. */
    static float[][] rims(Figure f) {
        float[][] r = new float[2][];
        boolean square = f.subject.glasses() == Glasses.SQUARE;
        float apart = f.irises[1][0] - f.irises[0][0];
        float half = Math.min(0.43f * apart, f.unit * 0.35f);
        for (int e = 0; e < 2; e++) {
            float cx = f.irises[e][0];
            float cy = f.irises[e][1] + 0.03f * f.unit;
            if (square) {
                float w = half;
                float h = 0.27f * f.unit;
                r[e] =
                        Curves.closed(
                                cx - w,
                                cy - h * .85f,
                                cx - w * .4f,
                                cy - h,
                                cx + w * .4f,
                                cy - h,
                                cx + w,
                                cy - h * .85f,
                                cx + w * .96f,
                                cy + h * .5f,
                                cx + w * .55f,
                                cy + h,
                                cx - w * .55f,
                                cy + h,
                                cx - w * .96f,
                                cy + h * .5f);
            } else {
                r[e] = Curves.ellipse(cx, cy, half * 0.95f, half * 0.95f);
            }
        }
        return r;
    }

    /** Bridge and temples of the glasses, open. */
    static float[][] temples(Figure f) {
        float apart = f.irises[1][0] - f.irises[0][0];
        float half = Math.min(0.43f * apart, f.unit * 0.35f) * 0.95f;
        float[] a = f.irises[0];
        float[] b = f.irises[1];
        return new float[][] {
            Curves.open(
                    a[0] + half,
                    a[1],
                    0.5f * (a[0] + b[0]),
                    0.5f * (a[1] + b[1]) - 0.05f * f.unit,
                    b[0] - half,
                    b[1]),
            {a[0] - half, a[1] - 1, f.x(ProceduralModel.EAR), f.y(ProceduralModel.EAR) - 8},
            {b[0] + half, b[1] - 1, f.x(ProceduralModel.EAR + 1), f.y(ProceduralModel.EAR + 1) - 8}
        };
    }

    /** Small discs on cheeks and nose, always the same for the same person. */
    static List<float[]> freckles(Figure f) {
        RandomGenerator rng =
                RandomGeneratorFactory.of("L64X128MixRandom")
                        .create(Float.floatToIntBits(f.subject.skin().r()));
        List<float[]> all = new ArrayList<>();
        for (int side = 0; side < 3; side++) {
            float[] c = side < 2 ? Relief.cheek(f, side) : new float[] {f.x(29), f.y(29)};
            int n = side < 2 ? 10 : 5;
            for (int i = 0; i < n; i++) {
                float x = c[0] + f.unit * 0.14f * (float) rng.nextGaussian();
                float y = c[1] + f.unit * 0.07f * (float) rng.nextGaussian();
                all.add(Curves.ellipse(x, y, 1.25f, 1.25f));
            }
        }
        return all;
    }

    /** Folds beside nose and mouth, under the eyes and on the forehead, as age wants them. */
    static float[][] wrinkles(Figure f) {
        float u = f.unit;
        List<float[]> lines = new ArrayList<>();
        for (int e = 0; e < 2; e++) {
            float s = e == 0 ? -1 : 1;
            int wing = e == 0 ? 31 : 35;
            int corner = e == 0 ? 48 : 54;
            lines.add(
                    Curves.open(
                            f.x(wing) + s * .05f * u,
                            f.y(wing) - .01f * u,
                            0.45f * f.x(wing) + 0.55f * f.x(corner) + s * .09f * u,
                            0.5f * (f.y(wing) + f.y(corner)),
                            f.x(corner) + s * .085f * u,
                            f.y(corner) + .03f * u));
            int in = e == 0 ? 39 : 42;
            int low = e == 0 ? 40 : 47;
            int out = e == 0 ? 41 : 46;
            lines.add(
                    Curves.open(
                            f.x(in), f.y(in) + .09f * u,
                            f.x(low), f.y(low) + .11f * u,
                            f.x(out), f.y(out) + .10f * u));
        }
        float top = f.y(72);
        float brow = 0.5f * (f.y(19) + f.y(24));
        for (int i = 0; i < 2; i++) {
            float y = brow + (top - brow) * (0.22f + 0.13f * i);
            float w = (0.36f - 0.06f * i) * u;
            lines.add(
                    Curves.open(
                            f.x(27) - w,
                            y + 2,
                            f.x(27) - w * .4f,
                            y - 1,
                            f.x(27) + w * .4f,
                            y - 1,
                            f.x(27) + w,
                            y + 2));
        }
        return lines.toArray(new float[0][]);
    }
}
