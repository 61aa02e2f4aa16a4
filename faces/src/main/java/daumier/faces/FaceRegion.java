package daumier.faces;

/**
 * The regions of a face that are measured, exaggerated and paid for. Regions are defined once,
 * here, on landmarks and on the components of a morphable model.
 */
public enum FaceRegion {
    /** Face outline: width, length, cheekbones, angle of the jaw. Landmarks 0 to 16. */
    JAW,
    /** Length and width of the chin. Landmarks 6 to 10. */
    CHIN,
    /** Size, opening, distance, slant and height of the eyes. Landmarks 36 to 47. */
    EYES,
    /** Height, tilt and arch of the brows. Landmarks 17 to 26. */
    BROWS,
    /** Length, width and tip of the nose. Landmarks 27 to 35. */
    NOSE,
    /** Width, fullness, curve and height of the mouth. Landmarks 48 to 67. */
    MOUTH,
    /** Forehead and skull, which the 68 landmarks do not show. */
    FOREHEAD,
    /** Ears, which the 68 landmarks do not show. */
    EARS
}
