/**
 * Measuring a face in a picture: reading pictures, detection, alignment to the portrait frame, the
 * fit of the morphable model with its error bars, warps by region, what artists do to a face,
 * plausibility, and the analyzer that strings them together.
 */
package daumier.faces.measure;
