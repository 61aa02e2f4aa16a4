package daumier.env.caricature;

import daumier.faces.Landmarks;

/**
 * What was seen in one picture.
 *
 * @param moved displacement by region along the sitter's own direction, in units of the median
 *     subject's; 0 where the meter is not to be trusted
 * @param sigma its standard deviation
 * @param landmarks where the points are
 * @param terms what it is worth
 */
record Reading(double[] moved, double[] sigma, Landmarks landmarks, Terms terms) {}
