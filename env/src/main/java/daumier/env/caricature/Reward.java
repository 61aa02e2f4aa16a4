package daumier.env.caricature;

/**
 * What is paid for. The potential of a picture is a weighted sum of saturating terms; a step is
 * paid the difference of potentials (Ng, Harada and Russell 1999: such shaping changes no optimum),
 * less the cost of the network calls.
 *
 * @param alignment weight of humor-intent alignment
 * @param identity weight of identity
 * @param style weight of style
 * @param implausibility weight of 1 - plausibility, subtracted
 * @param call price of one U-Net call for one picture
 */
public record Reward(
        double alignment, double identity, double style, double implausibility, double call) {
    /** Alignment is not counted below this: one lost face shall not outweigh an epoch. */
    public static final double LEAST_ALIGNMENT = -1;

    /** Wishes for faces that have nothing to exaggerate are not measured more finely than this. */
    private static final double LEAST_WISH = 0.01;

    private static final double STYLE_TARGET = 0.6;
    private static final double STYLE_BURNT = 0.9;
    private static final double BURNT_SLOPE = 2;

    /** Alignment, identity and style alike; half for plausibility; 0.005 a call. */
    public static Reward standard() {
        return new Reward(1, 1, 1, 0.5, 0.005);
    }

    /**
     * Score of a style level: rises to 1 at the target, falls where the style burns the picture.
     */
    public static double styleScore(double level) {
        return Math.max(
                -1,
                Math.min(Math.max(level, 0) / STYLE_TARGET, 1)
                        - BURNT_SLOPE * Math.max(0, level - STYLE_BURNT));
    }

    /**
     * The terms of one picture.
     *
     * @param achieved displacement by region, in units of the median subject's
     * @param wanted the same, as asked for
     * @param identityScore 0 to 1
     * @param cosine of identity
     * @param level of style
     * @param plausibility 0 to 1
     */
    public Terms terms(
            double[] achieved,
            double[] wanted,
            double identityScore,
            double cosine,
            double level,
            double plausibility) {
        double error = 0;
        double length = 0;
        for (int r = 0; r < wanted.length; r++) {
            error += (achieved[r] - wanted[r]) * (achieved[r] - wanted[r]);
            length += wanted[r] * wanted[r];
        }
        length = Math.max(length, LEAST_WISH);
        double aligned = Math.max(LEAST_ALIGNMENT, 1 - error / length);
        double styled = styleScore(level);
        double composite =
                alignment * aligned
                        + identity * identityScore
                        + style * styled
                        - implausibility * (1 - plausibility);
        return new Terms(
                aligned,
                1 - Math.sqrt(error / length),
                identityScore,
                styled,
                plausibility,
                cosine,
                level,
                composite);
    }
}
