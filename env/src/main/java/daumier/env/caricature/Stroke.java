package daumier.env.caricature;

import daumier.faces.Picture;

/**
 * One decision of one lane being carried out.
 *
 * @param lane which has taken the move
 * @param goal progress that is to be reached
 * @param before effort before the move
 */
record Stroke(Lane lane, double goal, double[] before) {
    /** What came of it. */
    record Seen(Picture picture, Reading reading) {}
}
