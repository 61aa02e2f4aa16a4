package daumier.faces.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A person: the shape of the head and everything that does not change from picture to picture.
 *
 * @param shape {@value ProceduralModel#COMPONENTS} identity coefficients in standard deviations
 * @param femininity 0 (masculine) to 1 (feminine)
 * @param age 0 (young) to 1 (old)
 * @param skin colour of the skin
 * @param hair colour of hair, brows and beard
 * @param eyes colour of the irises
 * @param hairStyle hair cut
 * @param hairVolume standard deviations, about -2 to 2
 * @param browThickness standard deviations, about -2 to 2
 * @param lipColour 0 (natural) to 1 (made up)
 * @param freckles whether there are freckles
 * @param facialHair beard or none
 * @param glasses spectacles or none
 */
public record Subject(
        float[] shape,
        float femininity,
        float age,
        Tint skin,
        Tint hair,
        Tint eyes,
        HairStyle hairStyle,
        float hairVolume,
        float browThickness,
        float lipColour,
        boolean freckles,
        FacialHair facialHair,
        Glasses glasses) {

    private static final double[] HAIR_WEIGHTS = {
        .19, .18, .13, .12, .15, .05, .03, .02, .04, .04, .05
    };
    private static final double[] OLD_HAIR = {.06, .06, .03, .02, .05, .03, .4, .35, 0, 0, 0};
    // bald, crop, side part, bob, long, afro, bun, spiky, fringe, curly, ponytail, mohawk,
    // curtains, receding, quiff
    private static final double[] MEN = {7, 14, 16, 0, 2, 7, 2, 12, 7, 5, 1, 4, 2, 5, 13};
    private static final double[] OLD_MEN = {14, 8, 14, 0, 2, 4, 0, 3, 2, 3, 1, 0, 1, 40, 6};
    private static final double[] WOMEN = {.4, 4, 3, 18, 17, 7, 12, 2, 8, 13, 12, 1, 13, 0, 2};

    /** Checks the number of coefficients. */
    public Subject {
        if (shape.length != ProceduralModel.COMPONENTS) {
            throw new IllegalArgumentException(
                    "A shape has %d coefficients, not %d."
                            .formatted(ProceduralModel.COMPONENTS, shape.length));
        }
    }

    /** Draws a person of the population. */
    public static Subject sample(RandomGenerator rng) {
        boolean woman = rng.nextBoolean();
        float fem = (woman ? 0.62f : 0f) + 0.38f * rng.nextFloat();
        float[] shape = Shapes.sample(rng, fem);
        float age = (float) Math.pow(rng.nextFloat(), 1.4);
        boolean old = age > 0.7f;
        Tint skin = Palette.pick(Palette.SKIN, rng);
        Tint hair = Palette.pick(Palette.HAIR, old ? OLD_HAIR : HAIR_WEIGHTS, rng);
        Tint eyes = Palette.pick(Palette.EYES, rng);
        double[] cuts = woman ? WOMEN : old ? OLD_MEN : MEN;
        HairStyle style = Palette.draw(List.of(HairStyle.values()), cuts, rng);
        float volume = clip(rng.nextGaussian(), -2, 2);
        float brow = clip(rng.nextGaussian() + 0.6 * (0.5 - fem), -2, 2);
        float lips = clip((woman ? 0.55 : 0.1) + 0.25 * rng.nextGaussian(), 0, 1);
        boolean freckles = rng.nextDouble() < 0.15;
        double[] beards = woman ? new double[] {1, 0, 0, 0, 0} : new double[] {50, 13, 12, 9, 16};
        FacialHair beard = Palette.draw(List.of(FacialHair.values()), beards, rng);
        Glasses glasses = Palette.draw(List.of(Glasses.values()), new double[] {78, 11, 11}, rng);
        return new Subject(
                shape, fem, age, skin, hair, eyes, style, volume, brow, lips, freckles, beard,
                glasses);
    }

    /** The mean head with plain features, for overlays and tests. */
    public static Subject mean() {
        return new Subject(
                new float[ProceduralModel.COMPONENTS],
                0.5f,
                0.2f,
                Palette.SKIN.get(1),
                Palette.HAIR.get(1),
                Palette.EYES.get(0),
                HairStyle.CROP,
                0,
                0,
                0.2f,
                false,
                FacialHair.NONE,
                Glasses.NONE);
    }

    private static float clip(double v, double low, double high) {
        return (float) Math.max(low, Math.min(high, v));
    }

    /**
     * The same person with every region pushed away from the mean face: {@code softClip(shape (1 +
     * gain))}, and the room kept that features need.
     *
     * @param gainByRegion one gain for each {@link daumier.faces.FaceRegion}; 0 changes nothing, -1
     *     gives the mean
     */
    public Subject exaggerated(double[] gainByRegion) {
        return withShape(Shapes.exaggerated(shape, gainByRegion));
    }

    /** The same gain for all regions. */
    public Subject exaggerated(double gain) {
        double[] gains = new double[daumier.faces.FaceRegion.values().length];
        Arrays.fill(gains, gain);
        return exaggerated(gains);
    }

    /** The same person with other identity coefficients. */
    public Subject withShape(float[] other) {
        return new Subject(
                other,
                femininity,
                age,
                skin,
                hair,
                eyes,
                hairStyle,
                hairVolume,
                browThickness,
                lipColour,
                freckles,
                facialHair,
                glasses);
    }

    /**
     * The same person with another cut.
     *
     * @param style the cut
     * @param volume standard deviations, about -2 to 2
     */
    public Subject withHair(HairStyle style, float volume) {
        return new Subject(
                shape,
                femininity,
                age,
                skin,
                hair,
                eyes,
                style,
                volume,
                browThickness,
                lipColour,
                freckles,
                facialHair,
                glasses);
    }

    /** Another person who shares colours, hair, age and accessories, but not the shape. */
    public Subject lookAlike(RandomGenerator rng) {
        return withShape(Shapes.sample(rng, femininity));
    }

    /**
     * A caption of at most 25 words and commas, lower case, from a fixed vocabulary.
     *
     * @param view supplies smile, background and shirt
     * @param look supplies the first word
     */
    public String caption(View view, Look look) {
        String person = femininity > 0.5f ? "woman" : "man";
        String years = age < 0.3f ? "young " : age > 0.7f ? "old " : "";
        List<String> parts = new ArrayList<>();
        parts.add(look.word() + " of a " + years + person);
        parts.add(hairStyle.words(hair.word()));
        parts.add(skin.word() + " skin");
        parts.add(eyes.word() + " eyes");
        List<String> extras = new ArrayList<>();
        if (facialHair != FacialHair.NONE) {
            extras.add(facialHair.word());
        }
        if (freckles) {
            extras.add("freckles");
        }
        if (glasses != Glasses.NONE) {
            extras.add("glasses");
        }
        if (view.expression()[0] > 0.7f) {
            extras.add("smiling");
        }
        if (!extras.isEmpty()) {
            parts.add(String.join(" ", extras));
        }
        parts.add(view.background().word() + " background " + view.shirt().word() + " shirt");
        return String.join(", ", parts);
    }

    /** The caption in the photo look. */
    public String caption(View view) {
        return caption(view, Look.PHOTO);
    }
}
