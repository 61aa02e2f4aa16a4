package daumier.faces.measure;

import daumier.faces.world.Subject;
import daumier.faces.world.View;

/**
 * A photographed person as the face world would draw them.
 *
 * @param subject shape from the fit; colours, hair, beard and glasses guessed from pixels
 * @param view pose and expression from the fit; light, background and shirt from pixels
 */
public record Likeness(Subject subject, View view) {}
