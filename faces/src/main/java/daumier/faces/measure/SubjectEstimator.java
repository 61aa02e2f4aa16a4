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

    /** Photographed hair is this much less saturated than the world's palette. */
    private static final double PALE = 1.3;

    private static final double MAX_SHAPE = 2.6;

    /** What hair says of the skull is coarse. */
    private static final double MAX_UNSEEN = 1.5;

    /** Of the opened mouth there must be so much before teeth are drawn. */
    private static final double TEETH = 0.4;

    /** Up to this place in the palette of skins eyes may be other than brown. */
    private static final int LIGHT_SKIN = 2;

    /** Shadows pass for beards: none is believed where all else makes a woman so probable. */
    private static final double BEARDLESS = 0.5;

    private static final float LAUGH = 0.9f;
    private static final float OPEN = 1.7f;

    private final Camera camera;
    private final Population population;

    /**
     * An estimator.
     *
     * @param camera of the portrait frame
     * @param population in whose standard deviations the faces are fitted
     */
    public SubjectEstimator(Camera camera, Population population) {
        this.camera = camera;
        this.population = population;
    }

    /**
     * Estimates subject and view.
     *
     * @param face an analysed photograph, fitted with the face world's components
     * @return how the face world would draw it
     */
    public Likeness estimate(FaceAnalysis face) {
        PortraitPixels px = new PortraitPixels(face, camera);
        double lips = lips(px);
        double woman = Femininity.of(px);
        HairReader.Reading hair = hair(face, woman);
        // Brows tell the colour where the head is bare.
        boolean bare = hair.style() == HairStyle.BALD;
        Lab colour = bare ? Lab.median(px.around(px.x(19), px.y(19), 0.1, 0.03)) : hair.colour();
        Tint hairTint = hairTint(colour);
        FacialHair beard = woman > BEARDLESS ? FacialHair.NONE : beard(px, colour);
        Tint skin = skin(px.skin);
        Glasses glasses = glasses(px);
        double feminine = feminine(hair.style(), beard, woman);
        double age = hairTint.word().equals("grey") || hairTint.word().equals("white") ? 0.8 : 0.4;
        Subject subject =
                new Subject(
                        shape(face.geometry().identity(), hair),
                        (float) clip(feminine, 0, 1),
                        (float) age,
                        skin,
                        hairTint,
                        eyes(px, skin),
                        hair.style(),
                        hair.volume(),
                        0,
                        (float) clip(lips, 0, 1),
                        false,
                        beard,
                        glasses);
        return new Likeness(subject, view(face, px));
    }

    private float[] shape(double[] identity, HairReader.Reading hair) {
        float[] z = new float[ProceduralModel.COMPONENTS];
        for (int k = 0; k < z.length; k++) {
            z[k] = (float) clip(identity[k], -MAX_SHAPE, MAX_SHAPE);
        }
        z[ProceduralModel.FOREHEAD_HEIGHT] =
                relative(hair.forehead(), ProceduralModel.FOREHEAD_HEIGHT);
        z[ProceduralModel.SKULL_WIDTH] = relative(hair.skull(), ProceduralModel.SKULL_WIDTH);
        return z;
    }

    /** What distinguishes a person from other photographed ones, as the fit's coefficients do. */
    private float relative(double drawn, int component) {
        double z = (drawn - population.mean()[component]) / population.sd()[component];
        return (float) clip(z, -MAX_UNSEEN, MAX_UNSEEN);
    }

    /** Long hair speaks for a woman, a beard and a bare crown for a man. */
    private static double feminine(HairStyle hair, FacialHair beard, double face) {
        if (beard != FacialHair.NONE) {
            return 0.08;
        }
        boolean bare = hair == HairStyle.BALD || hair == HairStyle.RECEDING;
        double x = Math.log(face / (1 - face)) + (isLong(hair) ? 3 : 0) - (bare ? 2 : 0);
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

    /**
     * The nearest natural colour; hue counts relative to lightness, as hair is often in shade, and
     * photographs show it less saturated than the palette paints it.
     */
    private static Tint hairTint(Lab c) {
        List<Tint> natural = Palette.HAIR.subList(0, 8);
        Tint best = natural.get(0);
        double least = Double.MAX_VALUE;
        for (Tint t : natural) {
            Lab p = Lab.of(t.r(), t.g(), t.b());
            double red = 40 * (p.a() / Math.max(20, p.l()) - PALE * c.a() / Math.max(20, c.l()));
            double yellow = 40 * (p.b() / Math.max(20, p.l()) - PALE * c.b() / Math.max(20, c.l()));
            double d = Math.hypot(0.6 * (p.l() - c.l()), Math.hypot(red, yellow));
            if (d < least) {
                least = d;
                best = t;
            }
        }
        return best;
    }

    /** Hair read over the head where it is in the photograph, not as it will be drawn. */
    private HairReader.Reading hair(FaceAnalysis face, double feminine) {
        FaceGeometry g = face.geometry();
        float[] shape = new float[ProceduralModel.COMPONENTS];
        for (int k = 0; k < shape.length; k++) {
            shape[k] = (float) (population.mean()[k] + population.sd()[k] * g.identity()[k]);
        }
        Subject bald = Subject.mean().withShape(shape).withHair(HairStyle.BALD, 0);
        Pose pose = g.pose();
        float[] expression = new float[ProceduralModel.EXPRESSIONS];
        for (int k = 0; k < expression.length; k++) {
            expression[k] = (float) g.expression()[k];
        }
        View neutral = View.neutral();
        View seen =
                new View(
                        (float) Math.toRadians(pose.yaw()),
                        (float) Math.toRadians(pose.pitch()),
                        (float) Math.toRadians(pose.roll()),
                        0,
                        0,
                        1,
                        neutral.background(),
                        neutral.shirt(),
                        (float) pose.x(),
                        (float) pose.y(),
                        (float) pose.scale(),
                        expression,
                        0);
        return new HairReader().read(face.portrait(), bald, seen, feminine);
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

    /**
     * The iris is the dark middle of the opening; only its lightness and warmth are told. Dark skin
     * goes with brown eyes, whatever glasses and flashes mirror in them.
     */
    private static Tint eyes(PortraitPixels px, Tint skin) {
        if (Palette.SKIN.indexOf(skin) > LIGHT_SKIN) {
            return word(Palette.EYES, "brown");
        }
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
        if (px.teeth() > TEETH) {
            expression[0] = Math.max(expression[0], LAUGH);
            expression[1] = Math.max(expression[1], OPEN);
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
