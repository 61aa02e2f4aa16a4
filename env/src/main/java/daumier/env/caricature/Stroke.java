package daumier.env.caricature;

import daumier.faces.Picture;

/**
 * One decision of one lane being carried out.
 *
 * @param lane which has taken the move
 * @param goal progress that is to be reached
 * @param asked by region, a gain: how much further than it is now the face shall be exaggerated
 */
record Stroke(Lane lane, double goal, double[] asked) {
    /** What came of it. */
    record Seen(Picture picture, Reading reading) {}
}
