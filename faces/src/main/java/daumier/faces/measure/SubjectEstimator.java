package daumier.faces.measure;

import daumier.faces.world.FacialHair;
import daumier.faces.world.Glasses;
import daumier.faces.world.HairStyle;
import daumier.faces.world.Palette;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.Tint;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a photographed person in the face world's terms, so that a generator that was trained there
 * can picture them. The shape is measured; the rest are honest guesses from a few colour statistics
 * beside the landmarks, each snapped to the nearest of the world's few words: good light and a
 * frontal portrait make them better.
 */
public final class SubjectEstimator {
    private static final double MAX_YAW = 0.34;
    private static final double MAX_PITCH = 0.14;

    /** Photographs show skin this many degrees darker than the world's palette paints it. */
    private static final double EXPOSURE = 5;

    private static final double MAX_SHAPE = 2.6;

    private final Camera camera;

    /**
     * An estimator.
     *
     * @param camera of the portrait frame
     */
    public SubjectEstimator(Camera camera) {
        this.camera = camera;
    }

    /**
     * Estimates subject and view.
     *
     * @param face an analysed photograph, fitted with the face world's components
     * @return how the face world would draw it
     */
    public Likeness estimate(FaceAnalysis face) {
        PortraitPixels px = new PortraitPixels(face, camera);
        Hair hair = hair(px);
        FacialHair beard = beard(px, hair.colour());
        Glasses glasses = glasses(px);
        double lips = lips(px);
        double feminine = feminine(hair.style(), beard, lips);
        double age = hair.word().equals("grey") || hair.word().equals("white") ? 0.8 : 0.4;
        Subject subject =
                new Subject(
                        shape(face.geometry().identity()),
                        (float) clip(feminine, 0, 1),
                        (float) age,
                        skin(px.skin),
                        hairTint(hair.colour()),
                        eyes(px),
                        hair.style(),
                        0,
                        0,
                        (float) clip(lips, 0, 1),
                        false,
                        beard,
                        glasses);
        return new Likeness(subject, view(face, px));
    }

    private static float[] shape(double[] identity) {
        float[] z = new float[ProceduralModel.COMPONENTS];
        for (int k = 0; k < z.length; k++) {
            z[k] = (float) clip(identity[k], -MAX_SHAPE, MAX_SHAPE);
        }
        return z;
    }

    /** Long hair and coloured lips speak for a woman, a beard and a bare crown for a man. */
    private static double feminine(HairStyle hair, FacialHair beard, double lips) {
        if (beard != FacialHair.NONE) {
            return 0.08;
        }
        boolean bare = hair == HairStyle.BALD || hair == HairStyle.RECEDING;
        double x = (lips - 0.5) / 0.2 + (isLong(hair) ? 3 : 0) - (bare ? 2 : 0);
        return 0.05 + 0.9 / (1 + Math.exp(-x));
    }

    /**
     * Skin by the individual typology angle (Chardon, Cretois and Hourseau 1991), which lightness
     * alone, at the mercy of the exposure, would not tell; redness speaks for light skin.
     */
    private static Tint skin(Lab c) {
        double angle = typology(c) + clip(0.6 * (c.a() - c.b()), -12, 10) + EXPOSURE;
        Tint best = Palette.SKIN.get(0);
        double least = Double.MAX_VALUE;
        for (Tint t : Palette.SKIN) {
            double d = Math.abs(typology(Lab.of(t.r(), t.g(), t.b())) - angle);
            if (d < least) {
                least = d;
                best = t;
            }
        }
        return best;
    }

    private static double typology(Lab c) {
        return Math.toDegrees(Math.atan2(c.l() - 50, Math.max(1, c.b())));
    }

    private static boolean isLong(HairStyle style) {
        return style == HairStyle.LONG
                || style == HairStyle.BOB
                || style == HairStyle.CURTAINS
                || style == HairStyle.CURLY;
    }

    private static double clip(double v, double low, double high) {
        return Math.max(low, Math.min(high, v));
    }

    private static Tint nearest(List<Tint> tints, Lab colour, double lightness) {
        Tint best = tints.get(0);
        double least = Double.MAX_VALUE;
        for (Tint t : tints) {
            double d = Lab.of(t.r(), t.g(), t.b()).distance(colour, lightness);
            if (d < least) {
                least = d;
                best = t;
            }
        }
        return best;
    }

    /** The nearest natural colour; hue counts relative to lightness, as hair is often in shade. */
    private static Tint hairTint(Lab c) {
        List<Tint> natural = Palette.HAIR.subList(0, 8);
        Tint best = natural.get(0);
        double least = Double.MAX_VALUE;
        for (Tint t : natural) {
            Lab p = Lab.of(t.r(), t.g(), t.b());
            double red = 40 * (p.a() / Math.max(20, p.l()) - c.a() / Math.max(20, c.l()));
            double yellow = 40 * (p.b() / Math.max(20, p.l()) - c.b() / Math.max(20, c.l()));
            double d = Math.hypot(0.6 * (p.l() - c.l()), Math.hypot(red, yellow));
            if (d < least) {
                least = d;
                best = t;
            }
        }
        return best;
    }

    private record Hair(HairStyle style, Lab colour, String word) {}

    private static Hair hair(PortraitPixels px) {
        double line = px.hairline();
        List<Lab> above = new ArrayList<>();
        int looked = 0;
        for (double x = -0.7; x <= 0.7; x += 0.05) {
            for (double y = line - 0.06; y > line - 0.32; y -= 0.025) {
                Lab c = px.at(px.x(27) + x, y);
                looked++;
                if (!px.isSkin(c) && !px.isBackground(c)) {
                    above.add(c);
                }
            }
        }
        // Brows tell the colour where the crown is bare.
        List<Lab> sides = new ArrayList<>(px.box(px.x(0) - 0.18, -0.75, px.x(0) + 0.02, -0.35));
        sides.addAll(px.box(px.x(16) - 0.02, -0.75, px.x(16) + 0.18, -0.35));
        sides.removeIf(c -> px.isSkin(c) || px.isBackground(c));
        boolean bare = line < -1.28 || above.size() < 0.22 * looked;
        Lab colour = Lab.median(bare && sides.size() > 30 ? sides : above);
        if (bare && sides.size() <= 30) {
            colour = Lab.median(px.around(px.x(19), px.y(19), 0.1, 0.03));
        }
        HairStyle style = bare ? bareStyle(px, colour) : cut(px, colour, line);
        return new Hair(style, colour, hairTint(colour).word());
    }

    private static HairStyle bareStyle(PortraitPixels px, Lab colour) {
        double sides =
                px.share(colour, px.x(0) - 0.2, -0.7, px.x(0) + 0.05, -0.2)
                        + px.share(colour, px.x(16) - 0.05, -0.7, px.x(16) + 0.2, -0.2);
        return sides > 0.5 ? HairStyle.RECEDING : HairStyle.BALD;
    }

    private static HairStyle cut(PortraitPixels px, Lab colour, double line) {
        double jaw = Math.min(px.curtain(colour, -1, 0.25, 0.8), px.curtain(colour, 1, 0.25, 0.8));
        double low = Math.min(px.curtain(colour, -1, 1.0, 1.4), px.curtain(colour, 1, 1.0, 1.4));
        if (jaw > 0.26) {
            return low > 0.3 ? HairStyle.LONG : HairStyle.BOB;
        }
        double top = line;
        while (top > -1.8 && px.share(colour, -0.25, top - 0.06, 0.25, top) > 0.3) {
            top -= 0.05;
        }
        double thickness = line - top;
        if (line > -0.72) {
            return HairStyle.FRINGE;
        }
        if (thickness < 0.18) {
            return HairStyle.CROP;
        }
        return thickness > 0.5 ? HairStyle.QUIFF : HairStyle.SIDE_PART;
    }

    private static FacialHair beard(PortraitPixels px, Lab hair) {
        double lipX = (px.x(33) + px.x(51)) / 2;
        double lip = hairiness(px, hair, lipX, 0.45 * px.y(33) + 0.55 * px.y(51), 0.16, 0.03);
        double chinY = 0.45 * px.y(57) + 0.55 * px.y(8);
        double chin = hairiness(px, hair, px.x(57), chinY, 0.14, 0.07);
        double jaw =
                Math.min(
                        hairiness(
                                px,
                                hair,
                                0.72 * px.x(5) + 0.28 * px.x(48),
                                px.y(5) - 0.12,
                                .08,
                                .1),
                        hairiness(
                                px,
                                hair,
                                0.72 * px.x(11) + 0.28 * px.x(54),
                                px.y(11) - 0.12,
                                .08,
                                .1));
        if (jaw > 0.5 && chin > 0.5) {
            return FacialHair.BEARD;
        }
        if (chin > 0.55 && lip > 0.4) {
            return FacialHair.GOATEE;
        }
        if (lip > 0.6) {
            return FacialHair.MOUSTACHE;
        }
        return jaw > 0.25 && chin > 0.3 && lip > 0.25 ? FacialHair.STUBBLE : FacialHair.NONE;
    }

    /** Share of a patch that is clearly darker or greyer than the skin and nearer to the hair. */
    private static double hairiness(
            PortraitPixels px, Lab hair, double x, double y, double rx, double ry) {
        List<Lab> all = px.around(x, y, rx, ry);
        long hits =
                all.stream()
                        .filter(
                                c ->
                                        c.l() < px.skin.l() - 14
                                                || c.chroma() < 0.45 * px.skin.chroma())
                        .filter(c -> c.distance(hair, 0.7) < 1.2 * c.distance(px.skin, 0.7))
                        .count();
        return all.isEmpty() ? 0 : (double) hits / all.size();
    }

    private static Glasses glasses(PortraitPixels px) {
        double score = px.rims() + px.bridge() / 40;
        if (score < 1.3) {
            return Glasses.NONE;
        }
        return score > 1.6 ? Glasses.SQUARE : Glasses.ROUND;
    }

    private static double lips(PortraitPixels px) {
        double y = (px.y(57) + px.y(66)) / 2;
        Lab lip = Lab.median(px.around((px.x(57) + px.x(66)) / 2, y, 0.1, 0.025));
        return 0.5 + (lip.a() - px.skin.a() - 13.5) / 20;
    }

    /** The iris is the dark middle of the opening; only its lightness and warmth are told. */
    private static Tint eyes(PortraitPixels px) {
        List<Lab> iris = new ArrayList<>();
        for (int eye : new int[] {36, 42}) {
            double x = (px.x(eye) + px.x(eye + 3)) / 2;
            double y = (px.y(eye + 1) + px.y(eye + 2) + px.y(eye + 4) + px.y(eye + 5)) / 4;
            iris.addAll(px.around(x, y, 0.09, 0.04));
        }
        double dark = Lab.lightness(iris, 0.5);
        List<Lab> ring =
                iris.stream().filter(c -> c.l() <= dark + 12 && c.l() > dark - 12).toList();
        Lab c = Lab.median(ring);
        if (c.l() > 0.42 * px.skin.l() && c.b() < 2) {
            return word(Palette.EYES, "blue");
        }
        if (c.l() > 0.5 * px.skin.l() && c.a() < 0) {
            return word(Palette.EYES, "green");
        }
        return word(Palette.EYES, c.l() > 0.55 * px.skin.l() ? "hazel" : "brown");
    }

    private static Tint word(List<Tint> tints, String word) {
        return tints.stream().filter(t -> t.word().equals(word)).findFirst().orElseThrow();
    }

    private static View view(FaceAnalysis face, PortraitPixels px) {
        Pose pose = face.geometry().pose();
        double left = Lab.median(px.around(px.cheekX(-1), px.cheekY(-1), 0.1, 0.1)).l();
        double right = Lab.median(px.around(px.cheekX(1), px.cheekY(1), 0.1, 0.1)).l();
        float[] expression = new float[ProceduralModel.EXPRESSIONS];
        for (int k = 0; k < expression.length; k++) {
            expression[k] = (float) clip(face.geometry().expression()[k], -0.8, 2);
        }
        List<Lab> shirt = new ArrayList<>(px.box(-1.3, 1.75, -0.75, 2.0));
        shirt.addAll(px.box(0.75, 1.75, 1.3, 2.0));
        return new View(
                (float) clip(Math.toRadians(pose.yaw()), -MAX_YAW, MAX_YAW),
                (float) clip(Math.toRadians(pose.pitch()), -MAX_PITCH, MAX_PITCH),
                0,
                (float) clip((right - left) / 20, -0.75, 0.75),
                -0.5f,
                1,
                nearest(Palette.BACKGROUND, px.background, 0.7),
                nearest(Palette.SHIRT, Lab.median(shirt), 1),
                0,
                0,
                1,
                expression,
                0);
    }
}
