package daumier.faces.nets;

/**
 * What the cosines of one identity network mean, measured on held-out people in the photo look.
 *
 * @param samePerson mean cosine of two pictures of one person in different views
 * @param samePersonLow 5% of such pairs lie below
 * @param lookAlike mean cosine with somebody of the same colours and hair, but another shape
 * @param lookAlikeHigh 95% of look-alikes lie below
 * @param stranger mean cosine with anybody else
 * @param strangerHigh 99% of strangers lie below
 * @param recognisable from here on a picture shows that person: above 99% of strangers and 95% of
 *     look-alikes
 * @param aucStranger probability that the same person's cosine exceeds a stranger's
 * @param aucLookAlike probability that the same person's cosine exceeds a look-alike's
 */
public record IdentityCalibration(
        double samePerson,
        double samePersonLow,
        double lookAlike,
        double lookAlikeHigh,
        double stranger,
        double strangerHigh,
        double recognisable,
        double aucStranger,
        double aucLookAlike) {
    /**
     * How well a cosine shows the person: 0 for a stranger's mean, 1 from where two photographs of
     * one person hardly ever fall below, linear between. It does not end at "recognisable": from
     * there on a picture would lose more of the person for nothing.
     */
    public double score(double cosine) {
        return Math.max(0, Math.min(1, (cosine - stranger) / (samePersonLow - stranger)));
    }
}
