package daumier.faces.measure;

import daumier.faces.Landmarks;
import daumier.faces.Picture;
import daumier.faces.world.FaceRenderer;
import daumier.faces.world.HairStyle;
import daumier.faces.world.ProceduralModel;
import daumier.faces.world.Subject;
import daumier.faces.world.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the hair of a photograph by drawing it: every cut of the face world is laid over the
 * photographed head, and the one that divides the picture into hair, skin, clothes and background
 * so that the colours of each area are most alike is taken. The principle is that of the shortest
 * description (Rissanen 1978): the colours of skin, clothes and background are known from places
 * that no cut touches, those of hair are learned anew from what each cut covers.
 */
final class HairReader {
    private static final int SIDE = FaceRenderer.SIDE;
    private static final int FACE = 0;
    private static final int HAIR = 5;
    private static final int EARS = 6;
    private static final int CLOTHES = 7;

    /** Neighbouring pixels tell the same; so many of them count as one. */
    private static final double PIXELS_OF_ONE = 120;

    /** What a pixel of hair costs, because its colour was learned from such pixels themselves. */
    private static final double COST = 0.25;

    /**
     * Below the mouth a pixel counts so much: collars, shoulders and what stands behind them are
     * seldom seen anywhere else in the picture, and would pass for long hair.
     */
    private static final double BELOW = 0.5;

    /** Row down to which the picture's edges show background, not shoulders. */
    private static final int SHOULDERS = 95;

    /** Logarithm of the density of a garment's colour that was not learned. */
    private static final double UNKNOWN_GARMENT = -12;

    /** By how much more likely skin must be than hair where a cut has hair, as there is little. */
    private static final double SKIN_UNDER_HAIR = 1.5;

    /**
     * How far the back of a head sticks out beside a turned face, in half widths of the face by the
     * sine of the yaw: heads are a quarter deeper than wide, and all of that is behind.
     */
    private static final double BACK = 1.6;

    /** Skin lighter than this, as photographs show it, rarely goes with an afro. */
    private static final double AFRO_SKIN = 45;

    private static final double LIGHT_AFRO = 0.05;

    /** What it costs to tell the colour of hair, which a bald head has not. */
    private static final double COLOUR = 2.5;

    /** Skull heights that are tried, in standard deviations: landmarks do not show them. */
    private static final double[] FOREHEADS = {-1, 0, 1, 2, 3, 4, 5};

    private static final double TYPICAL_FOREHEAD = 2;
    private static final double[] SKULLS = {-1.5, 1.5};
    private static final double[] VOLUMES = {-1.5, 0, 1.5};

    /** Cuts that a portrait shows enough of: a bun, a tail or a crest is lost above the frame. */
    private static final List<HairStyle> READABLE =
            List.of(
                    HairStyle.BALD,
                    HairStyle.CROP,
                    HairStyle.SIDE_PART,
                    HairStyle.BOB,
                    HairStyle.LONG,
                    HairStyle.AFRO,
                    HairStyle.FRINGE,
                    HairStyle.CURLY,
                    HairStyle.CURTAINS,
                    HairStyle.RECEDING,
                    HairStyle.QUIFF);

    private final FaceRenderer renderer = new FaceRenderer();

    /**
     * What was read.
     *
     * @param style the cut
     * @param volume of the hair, standard deviations
     * @param forehead height of the forehead, standard deviations of drawn heads
     * @param skull width of the skull, standard deviations
     * @param colour median of the pixels that the cut covers and that look like hair
     * @param pixels how many those are
     */
    record Reading(
            HairStyle style, float volume, float forehead, float skull, Lab colour, int pixels) {}

    /**
     * Reads hair.
     *
     * @param crop the photograph in the portrait frame, 128 x 128
     * @param bald a head that lies over the photographed one, without hair
     * @param view as it is seen there
     * @param feminine 0 to 1, how probable a woman is from all but the hair
     * @return the best of the cuts
     */
    Reading read(Picture crop, Subject bald, View view, double feminine) {
        Lab[] colours = new Lab[SIDE * SIDE];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = Lab.at(crop, i % SIDE, i / SIDE);
        }
        float[] none = renderer.geometryMap(bald, view);
        Landmarks points = renderer.landmarks(bald, view);
        List<Lab> skin = new ArrayList<>();
        List<Lab> clothes = new ArrayList<>();
        List<Lab> background = new ArrayList<>();
        boolean[] feature = new boolean[colours.length];
        seeds(colours, none, feature, skin, clothes, background);
        hideBack(none, view.yaw(), points, feature);
        double[] isSkin = logs(colours, ColourMixture.of(skin, 3));
        double[] isClothes = logs(colours, ColourMixture.of(clothes, 3));
        double[] isBackground = logs(colours, ColourMixture.of(background, 5));
        Areas areas =
                new Areas(
                        colours,
                        feature,
                        points.y(51),
                        points.y(8),
                        Lab.median(skin),
                        feminine,
                        isSkin,
                        isClothes,
                        isBackground);
        Candidate best = null;
        for (HairStyle style : READABLE) {
            Candidate own = null;
            for (double forehead : FOREHEADS) {
                Candidate c = candidate(bald, view, new Cut(style, 0, forehead, 0), areas);
                own = own == null || c.score > own.score ? c : own;
            }
            for (double skull : SKULLS) {
                Candidate c = candidate(bald, view, own.cut.withSkull(skull), areas);
                own = c.score > own.score ? c : own;
            }
            best = best == null || own.score > best.score ? own : best;
        }
        for (double volume : VOLUMES) {
            Candidate c = candidate(bald, view, best.cut.withVolume(volume), areas);
            best = c.score > best.score ? c : best;
        }
        return new Reading(
                best.cut.style,
                (float) best.cut.volume,
                (float) best.cut.forehead,
                (float) best.cut.skull,
                Lab.median(best.hair),
                best.hair.size());
    }

    /** The photograph with the logarithms of its colours' densities as skin, clothes and so on. */
    private record Areas(
            Lab[] colours,
            boolean[] feature,
            float mouth,
            float chin,
            Lab face,
            double feminine,
            double[] skin,
            double[] clothes,
            double[] background) {

        /** What is neither head nor hair: beside the neck it may be shoulders or background. */
        double rest(int i) {
            return i / SIDE < chin
                    ? background[i]
                    : garment(i, Math.max(background[i], clothes[i]) - Math.log(2));
        }

        /** Head and neck; below the chin a collar hides it. */
        double head(int i) {
            return garment(i, skin[i]);
        }

        private double garment(int i, double known) {
            return i / SIDE < chin ? known : Math.max(known, UNKNOWN_GARMENT);
        }

        double weight(int i) {
            return i / SIDE < mouth ? 1 : BELOW;
        }
    }

    private record Cut(HairStyle style, double volume, double forehead, double skull) {
        Cut withSkull(double other) {
            return new Cut(style, volume, forehead, other);
        }

        Cut withVolume(double other) {
            return new Cut(style, other, forehead, skull);
        }

        /** Logarithm of how common such a head and cut are, but for a constant. */
        double prior(Areas areas) {
            double high = forehead - TYPICAL_FOREHEAD;
            double told = style == HairStyle.BALD ? 0 : COLOUR;
            boolean rare = style == HairStyle.AFRO && areas.face.l() > AFRO_SKIN;
            double common = common(style, areas.feminine) * (rare ? LIGHT_AFRO : 1);
            return Math.log(common) - told - high * high / 4 - skull * skull / 4;
        }
    }

    private record Candidate(Cut cut, double score, List<Lab> hair) {}

    /** Places that belong to one area under every cut. */
    private static void seeds(
            Lab[] colours,
            float[] map,
            boolean[] feature,
            List<Lab> skin,
            List<Lab> clothes,
            List<Lab> background) {
        int brows = SIDE;
        for (int i = 0; i < colours.length; i++) {
            feature[i] = at(map, 1, i) > 0 || at(map, 2, i) > 0 || at(map, 4, i) > 0;
            if (at(map, 2, i) > 0.5) {
                brows = Math.min(brows, i / SIDE);
            }
        }
        for (int i = 0; i < colours.length; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            double away = Math.abs(x - Camera.PORTRAIT.centreX());
            boolean inside = at(map, FACE, i) > 0.9 && y > brows - 6 && away < 24;
            if (inside && !feature[i]) {
                skin.add(colours[i]);
            } else if (at(map, CLOTHES, i) > 0.9 && y > SIDE - 10) {
                clothes.add(colours[i]);
            } else if ((away > 54 && y < SHOULDERS) || (away > 40 && y < 12)) {
                background.add(colours[i]);
            }
        }
    }

    /**
     * The back of a turned head lies beside the face, where no cut of the flat face world can cover
     * it: whether it is bare or not, it would speak for the cuts that reach furthest.
     */
    private static void hideBack(float[] map, double yaw, Landmarks points, boolean[] feature) {
        double half = (points.x(16) - points.x(0)) / 2;
        int far = (int) Math.round(BACK * half * Math.abs(Math.sin(yaw)));
        int out = yaw < 0 ? 1 : -1;
        for (int y = 0; y < Math.min(SIDE, points.y(8)); y++) {
            int edge = -1;
            for (int x = yaw < 0 ? 0 : SIDE - 1; x >= 0 && x < SIDE; x += out) {
                int i = y * SIDE + x;
                edge = at(map, FACE, i) > 0.5 || at(map, EARS, i) > 0.5 ? x : edge;
            }
            for (int k = 1; edge >= 0 && k <= far; k++) {
                int x = edge + k * out;
                if (x >= 0 && x < SIDE) {
                    feature[y * SIDE + x] = true;
                }
            }
        }
    }

    private Candidate candidate(Subject bald, View view, Cut cut, Areas areas) {
        float[] shape = bald.shape().clone();
        shape[ProceduralModel.FOREHEAD_HEIGHT] = (float) cut.forehead;
        shape[ProceduralModel.SKULL_WIDTH] = (float) cut.skull;
        Subject tried = bald.withShape(shape).withHair(cut.style, (float) cut.volume);
        float[] map = renderer.geometryMap(tried, view);
        List<Lab> covered = new ArrayList<>();
        for (int i = 0; i < areas.colours.length; i++) {
            // Lower down a jacket could pass for hair.
            if (area(map, i) == HAIR && !areas.feature[i] && i / SIDE < areas.mouth) {
                covered.add(areas.colours[i]);
            }
        }
        ColourMixture hair = ColourMixture.of(covered, 1);
        double score = 0;
        List<Lab> seen = new ArrayList<>();
        for (int i = 0; i < areas.colours.length; i++) {
            if (!areas.feature[i]) {
                int area = area(map, i);
                if (area == HAIR) {
                    double own = hair.log(areas.colours[i]);
                    score += areas.weight(i) * (own - COST);
                    boolean skin = areas.skin[i] > own + SKIN_UNDER_HAIR;
                    if (!skin && own > areas.rest(i)) {
                        seen.add(areas.colours[i]);
                    }
                } else {
                    score += areas.weight(i) * (area == FACE ? areas.head(i) : areas.rest(i));
                }
            }
        }
        return new Candidate(
                cut,
                score / PIXELS_OF_ONE + cut.prior(areas) + natural(Lab.median(covered), areas.face),
                seen.isEmpty() ? covered : seen);
    }

    /**
     * Hair is never blue or green, and seldom just as the skin is: logarithm of how natural it is.
     */
    private static double natural(Lab hair, Lab skin) {
        double blue = Math.max(0, -4 - hair.b()) / 3;
        double green = Math.max(0, -4 - hair.a()) / 3;
        double dl = (hair.l() - skin.l()) / 12;
        double da = (hair.a() - skin.a()) / 5;
        double db = (hair.b() - skin.b()) / 6;
        return -(blue * blue + green * green) / 2
                - 4 * Math.exp(-(dl * dl + da * da + db * db) / 4);
    }

    /** How common the cuts are among people who sit for portraits: a rough guess, no statistic. */
    private static double common(HairStyle style, double feminine) {
        double man =
                switch (style) {
                    case CROP, SIDE_PART, QUIFF -> 0.22;
                    case BALD -> 0.14;
                    case RECEDING -> 0.1;
                    case FRINGE -> 0.03;
                    default -> 0.01;
                };
        double woman =
                switch (style) {
                    case LONG, BOB -> 0.22;
                    case CURTAINS, CURLY -> 0.15;
                    case CROP, SIDE_PART, FRINGE, AFRO -> 0.06;
                    case QUIFF -> 0.02;
                    default -> 0.001;
                };
        return feminine * woman + (1 - feminine) * man;
    }

    /** Which area a pixel shows: front hair lies over the face, the rest of it behind. */
    private static int area(float[] map, int i) {
        if (at(map, HAIR, i) > 0.8) {
            return HAIR;
        }
        if (at(map, FACE, i) > 0.5 || at(map, EARS, i) > 0.5) {
            return FACE;
        }
        if (at(map, CLOTHES, i) > 0.25) {
            return at(map, CLOTHES, i) > 0.75 ? CLOTHES : FACE;
        }
        return at(map, HAIR, i) > 0.3 ? HAIR : -1;
    }

    private static float at(float[] map, int channel, int i) {
        return map[channel * SIDE * SIDE + i];
    }

    private static double[] logs(Lab[] colours, ColourMixture mixture) {
        double[] log = new double[colours.length];
        for (int i = 0; i < log.length; i++) {
            log[i] = mixture.log(colours[i]);
        }
        return log;
    }
}
