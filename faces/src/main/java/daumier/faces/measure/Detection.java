package daumier.faces.measure;

/**
 * Where a face is. All detectors speak the same box, whatever their networks or cascades call a
 * face: the bounding box of the 68 landmarks (outer jaw line to outer jaw line, brows to chin), as
 * well as it can be told.
 *
 * @param x left edge in pixels
 * @param y upper edge in pixels
 * @param width pixels
 * @param height pixels
 * @param score confidence in [0, 1]
 */
public record Detection(double x, double y, double width, double height, double score) {
    /** Area of the box in square pixels. */
    public double area() {
        return width * height;
    }

    /**
     * Intersection over union of two boxes.
     *
     * @param other the other box
     * @return 0 (disjoint) to 1 (the same)
     */
    public double overlap(Detection other) {
        double w = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
        double h = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        return w * h / (area() + other.area() - w * h);
    }

    /** The box of a picture that was scaled by 1 / factor. */
    Detection scaled(double factor) {
        return new Detection(x * factor, y * factor, width * factor, height * factor, score);
    }
}
