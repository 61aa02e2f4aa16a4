package daumier.faces.world;

/** Spectacles. */
public enum Glasses {
    /** None worn. */
    NONE,
    /** Thin round rims. */
    ROUND,
    /** Thick dark rectangular rims. */
    SQUARE
}
