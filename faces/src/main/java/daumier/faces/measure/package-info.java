/**
 * Measuring a face in a picture: reading pictures, detection, landmarks, alignment to the portrait
 * frame, what a photograph says of hair, beard, glasses and sex, the fit of the morphable model
 * with its error bars, warps by region, what artists do to a face, plausibility, and the analyzer
 * that strings them together.
 */
package daumier.faces.measure;
