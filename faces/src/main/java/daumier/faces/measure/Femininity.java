package daumier.faces.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * How much a photographed face, its hair left aside, looks like a woman's. Women's eyes stand out
 * darker from the skin (facial contrast: Russell 2009), men's upper lip and chin are darker and
 * bluer where they shave, and men's jaws are wider below. Each cue counts in its standard
 * deviations and all count the same: from a few dozen photographs better weights cannot be learned
 * (Dawes 1979). A guess, often wrong of one face alone: what the hair says is reckoned with it.
 */
final class Femininity {
    /** Weight of a standard deviation in the logarithm of the odds, and what no cue goes beyond. */
    private static final double WEIGHT = 0.6;

    private static final double MOST = 2;

    /** Fewer women than men sat for the portraits whose spreads are given here. */
    private static final double ODDS = -0.4;

    private Femininity() {}

    /**
     * Reads the cues. Their middles and spreads, in shares of the skin's lightness, degrees of blue
     * and shares of the face's width, are those of portrait photographs of both sexes.
     *
     * @param px pixels beside the landmarks
     * @return probability of a woman, 0 to 1
     */
    static double of(PortraitPixels px) {
        Lab lip =
                Lab.median(
                        px.around(
                                (px.x(33) + px.x(51)) / 2,
                                0.45 * px.y(33) + 0.55 * px.y(51),
                                0.16,
                                0.03));
        Lab chin = Lab.median(px.around(px.x(57), 0.45 * px.y(57) + 0.55 * px.y(8), 0.14, 0.07));
        double shade = lip.l() / px.skin.l() - 1;
        double blue = (lip.b() + chin.b()) / 2 - px.skin.b();
        double eyes = 1 - Lab.lightness(eyes(px), 0.15) / px.skin.l();
        double jaw = (px.x(12) - px.x(4)) / Math.max(0.1, px.x(16) - px.x(0));
        double sum =
                cue(shade, -0.17, 0.14)
                        + cue(blue, -1.2, 4)
                        + cue(eyes, 0.70, 0.12)
                        - cue(jaw, 0.834, 0.025);
        return 1 / (1 + Math.exp(-ODDS - WEIGHT * sum));
    }

    private static double cue(double value, double middle, double spread) {
        return Math.max(-MOST, Math.min(MOST, (value - middle) / spread));
    }

    private static List<Lab> eyes(PortraitPixels px) {
        List<Lab> all = new ArrayList<>();
        for (int e : new int[] {36, 42}) {
            double top = Math.min(px.y(e + 1), px.y(e + 2)) - 0.04;
            double bottom = Math.max(px.y(e + 4), px.y(e + 5)) + 0.03;
            all.addAll(px.box(px.x(e), top, px.x(e + 3), bottom));
        }
        return all;
    }
}
