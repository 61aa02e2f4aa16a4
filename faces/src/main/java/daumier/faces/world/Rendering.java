package daumier.faces.world;

import daumier.faces.Landmarks;
import daumier.faces.Picture;

/**
 * A rendered portrait.
 *
 * @param picture 128 x 128
 * @param landmarks in pixels of the picture
 */
public record Rendering(Picture picture, Landmarks landmarks) {}
